import { CheckCircle2, CircleDot, CircleSlash, LoaderCircle, XCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import type { RunSummary } from '../../../shared/contract/reconciliation.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { BREAK_STATUS_NAME } from '../../format/words.ts';
import type { BreakStatus } from './questions.ts';

const STATUS: Readonly<Record<BreakStatus, { readonly tone: Tone; readonly icon: ReactNode }>> = {
  open: { tone: 'bad', icon: <CircleDot size={14} aria-hidden /> },
  fixed: { tone: 'good', icon: <CheckCircle2 size={14} aria-hidden /> },
  accepted: { tone: 'plain', icon: <CircleSlash size={14} aria-hidden /> },
};

export const BreakStatusBadge = ({ status }: { readonly status: BreakStatus }) => (
  <Badge tone={STATUS[status].tone} icon={STATUS[status].icon}>
    {BREAK_STATUS_NAME[status]}
  </Badge>
);

const RUN: Readonly<Record<RunSummary['status'], { readonly tone: Tone; readonly word: string; readonly icon: ReactNode }>> = {
  queued: { tone: 'plain', word: 'Waiting to start', icon: <CircleDot size={14} aria-hidden /> },
  running: { tone: 'clearway', word: 'Running', icon: <LoaderCircle size={14} aria-hidden className="spin" /> },
  completed: { tone: 'good', word: 'Completed', icon: <CheckCircle2 size={14} aria-hidden /> },
  failed: { tone: 'bad', word: 'Failed', icon: <XCircle size={14} aria-hidden /> },
};

export const RunStatusBadge = ({ status }: { readonly status: RunSummary['status'] }) => (
  <Badge tone={RUN[status].tone} icon={RUN[status].icon}>
    {RUN[status].word}
  </Badge>
);
