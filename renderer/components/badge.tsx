import {
  AlertTriangle,
  ArrowDown,
  ArrowUp,
  CheckCircle2,
  Circle,
  CircleDashed,
  Clock,
  KeyRound,
  LoaderCircle,
  Minus,
  OctagonAlert,
  XCircle,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { FRESHNESS } from '../../shared/contract/connections.ts';
import type { SEVERITIES } from '../../shared/contract/conflicts.ts';
import type { Operation } from '../../shared/contract/sync.ts';
import { FRESHNESS_NAME, OPERATION_STATUS_NAME, SEVERITY_NAME } from '../format/words.ts';
import './badge.css';

export type Tone = 'good' | 'bad' | 'wait' | 'clearway' | 'platform' | 'plain';
export type Freshness = (typeof FRESHNESS)[number];
export type Severity = (typeof SEVERITIES)[number];

/** A state as icon and word: the colour never says it alone. */
export const Badge = ({
  tone,
  icon,
  children,
  soft = false,
}: {
  readonly tone: Tone;
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly soft?: boolean;
}) => (
  <span className={`badge badge--${tone}${soft ? ' badge--soft' : ''}`}>
    {icon}
    <span>{children}</span>
  </span>
);

export const FRESHNESS_TONE: Readonly<Record<Freshness, Tone>> = {
  fresh: 'good',
  due: 'wait',
  late: 'wait',
  failing: 'bad',
  needs_sign_in: 'bad',
  never: 'plain',
  syncing: 'clearway',
};

export const FRESHNESS_ICON: Readonly<Record<Freshness, ReactNode>> = {
  fresh: <CheckCircle2 size={14} aria-hidden />,
  due: <Clock size={14} aria-hidden />,
  late: <AlertTriangle size={14} aria-hidden />,
  failing: <XCircle size={14} aria-hidden />,
  needs_sign_in: <KeyRound size={14} aria-hidden />,
  never: <CircleDashed size={14} aria-hidden />,
  syncing: <LoaderCircle size={14} aria-hidden className="spin" />,
};

export const FreshnessBadge = ({ freshness }: { readonly freshness: Freshness }) => (
  <Badge tone={FRESHNESS_TONE[freshness]} icon={FRESHNESS_ICON[freshness]}>
    {FRESHNESS_NAME[freshness]}
  </Badge>
);

const SEVERITY_ICON: Readonly<Record<Severity, ReactNode>> = {
  critical: <OctagonAlert size={14} aria-hidden />,
  high: <ArrowUp size={14} aria-hidden />,
  medium: <Minus size={14} aria-hidden />,
  low: <ArrowDown size={14} aria-hidden />,
};
export const SEVERITY_TONE: Readonly<Record<Severity, Tone>> = { critical: 'bad', high: 'bad', medium: 'wait', low: 'plain' };

export const SeverityBadge = ({ severity }: { readonly severity: Severity }) => (
  <Badge tone={SEVERITY_TONE[severity]} icon={SEVERITY_ICON[severity]}>
    {SEVERITY_NAME[severity]}
  </Badge>
);

const OPERATION_TONE: Readonly<Record<Operation['status'], Tone>> = {
  queued: 'plain',
  fetching: 'clearway',
  staged: 'clearway',
  merging: 'clearway',
  completed: 'good',
  failed: 'bad',
  cancelled: 'plain',
  rolled_back: 'wait',
};
const OPERATION_ICON: Readonly<Partial<Record<Tone, ReactNode>>> = {
  good: <CheckCircle2 size={14} aria-hidden />,
  bad: <XCircle size={14} aria-hidden />,
  clearway: <LoaderCircle size={14} aria-hidden className="spin" />,
};

export const OperationBadge = ({ status }: { readonly status: Operation['status'] }) => (
  <Badge tone={OPERATION_TONE[status]} icon={OPERATION_ICON[OPERATION_TONE[status]] ?? <Circle size={14} aria-hidden />}>
    {OPERATION_STATUS_NAME[status]}
  </Badge>
);
