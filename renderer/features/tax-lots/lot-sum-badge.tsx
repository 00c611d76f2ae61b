import { CheckCircle2, CircleDashed, XCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge, type Tone } from '../../components/badge.tsx';
import { LOT_SUM_NAME } from '../../format/words.ts';

type Sum = keyof typeof LOT_SUM_NAME;
const TONE: Readonly<Record<Sum, Tone>> = { agrees: 'good', differs: 'bad', no_position: 'wait' };
const ICON: Readonly<Record<Sum, ReactNode>> = {
  agrees: <CheckCircle2 size={14} aria-hidden />,
  differs: <XCircle size={14} aria-hidden />,
  no_position: <CircleDashed size={14} aria-hidden />,
};

/** Whether the lots of the position add up. */
export const LotSumBadge = ({ sum }: { readonly sum: Sum }) => (
  <Badge tone={TONE[sum]} icon={ICON[sum]}>
    {LOT_SUM_NAME[sum]}
  </Badge>
);
