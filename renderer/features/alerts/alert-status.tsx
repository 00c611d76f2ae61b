import { BellRing, CheckCircle2, Clock, UserRoundCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import type { AlertRow } from '../../../shared/contract/alerts.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { ALERT_STATUS_NAME } from '../../format/words.ts';

const LOOK: Readonly<Record<AlertRow['status'], readonly [tone: Tone, icon: ReactNode]>> = {
  open: ['wait', <BellRing key="open" size={14} aria-hidden />],
  acknowledged: ['clearway', <UserRoundCheck key="acknowledged" size={14} aria-hidden />],
  snoozed: ['plain', <Clock key="snoozed" size={14} aria-hidden />],
  closed: ['good', <CheckCircle2 key="closed" size={14} aria-hidden />],
};

export const AlertStatus = ({ status }: { readonly status: AlertRow['status'] }) => {
  const [tone, icon] = LOOK[status];
  return (
    <Badge tone={tone} icon={icon}>
      {ALERT_STATUS_NAME[status]}
    </Badge>
  );
};
