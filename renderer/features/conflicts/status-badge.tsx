import { CheckCircle2, CircleDot, Clock, HeartPulse } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge, type Tone } from '../../components/badge.tsx';
import { CONFLICT_STATUS_NAME } from '../../format/words.ts';
import type { ConflictStatus } from './views.ts';

const LOOK: Readonly<Record<ConflictStatus, { readonly tone: Tone; readonly icon: ReactNode }>> = {
  open: { tone: 'bad', icon: <CircleDot size={14} aria-hidden /> },
  review: { tone: 'wait', icon: <Clock size={14} aria-hidden /> },
  settled: { tone: 'good', icon: <CheckCircle2 size={14} aria-hidden /> },
  healed: { tone: 'good', icon: <HeartPulse size={14} aria-hidden /> },
};

/** Where a conflict stands. */
export const ConflictStatusBadge = ({ status }: { readonly status: ConflictStatus }) => (
  <Badge tone={LOOK[status].tone} icon={LOOK[status].icon}>
    {CONFLICT_STATUS_NAME[status]}
  </Badge>
);
