import { MessageSquare } from 'lucide-react';
import {
  CONFLICT_REASONS,
  CONFLICT_STATUS,
  CONFLICT_STREAMS,
  SEVERITIES,
  type ConflictRow,
} from '../../../shared/contract/conflicts.ts';
import { CONFLICT_FIELDS, SECURITY_TYPES, STRATEGIES, type ConflictField } from '../../../shared/model/holding.ts';
import { SeverityBadge } from '../../components/badge.tsx';
import { formatPercent, type Scale } from '../../format/amount.ts';
import { formatAgo } from '../../format/time.ts';
import {
  CONFLICT_STATUS_NAME,
  FIELD_NAME,
  REASON_NAME,
  SEVERITY_NAME,
  STRATEGY_NAME,
  STREAM_NAME,
  TYPE_NAME,
} from '../../format/words.ts';
import { choicesOf, type GridColumn } from '../../grid/column.ts';
import type { SourceKey } from './decision.ts';
import { ConflictStatusBadge } from './status-badge.tsx';
import { subjectName } from './subject-words.ts';
import type { ConflictColumn } from './views.ts';

export type ConflictGridColumn = ConflictColumn | `source:${string}` | 'comments';
type Column = GridColumn<ConflictRow, ConflictGridColumn>;

/** Columns that links filter by, with what their chip says. */
export const LINK_COLUMNS = {
  connectionId: 'Source in dispute',
  portfolioId: 'One portfolio',
  accountId: 'One account',
  securityId: 'One security',
  holdingId: 'One position',
  recordId: 'One record',
  batchId: 'One batch',
} as const;

const PRESENCE: Readonly<Record<string, string>> = { held: 'Held', not_held: 'Not held' };
/** Amounts of different fields in one column: one depth of decimals, so that their points stand under each other. */
const SCALE: Readonly<Record<ConflictField, Scale>> = {
  quantity: { min: 0, max: 4 },
  price: { min: 2, max: 4 },
  marketValue: { min: 2, max: 4 },
  costBasis: { min: 2, max: 4 },
  cash: { min: 2, max: 4 },
  return: { min: 2, max: 4 },
  presence: { min: 0, max: 4 },
};
const DIFFERENCE: Scale = { min: 2, max: 6 };

const shownValue = (value: string | null): string | null => (value === null ? null : (PRESENCE[value] ?? value));

const sourceColumn = ({ connectionId, name, quiet }: SourceKey): Column => ({
  id: `source:${connectionId}`,
  header: name,
  kind: 'amount',
  scale: (row) => SCALE[row.field],
  value: (row) => shownValue(row.sources.find((source) => source.connectionId === connectionId)?.value ?? null),
  width: 124,
  hidden: quiet,
  sortable: false,
  filterable: false,
});

/** The columns of the list: sources stand in survivorship order after Clearway. `now` in milliseconds, for ages. */
export const conflictColumns = (sources: readonly SourceKey[], now: () => number): readonly Column[] => [
  {
    id: 'severity',
    header: 'Severity',
    kind: 'choice',
    value: (row) => row.severity,
    choices: choicesOf(SEVERITIES, SEVERITY_NAME),
    show: (row) => <SeverityBadge severity={row.severity} />,
    width: 84,
    sorted: 'asc',
  },
  { id: 'security', header: 'Security', kind: 'text', value: subjectName, width: 170, grows: true },
  {
    id: 'stream',
    header: 'About',
    kind: 'choice',
    value: (row) => row.stream,
    choices: choicesOf(CONFLICT_STREAMS, STREAM_NAME),
    width: 96,
    hidden: true,
  },
  {
    id: 'recordDate',
    header: 'Dated',
    kind: 'date',
    value: (row) => row.record?.date ?? null,
    width: 102,
    hidden: true,
  },
  {
    id: 'field',
    header: 'Field',
    kind: 'choice',
    value: (row) => row.field,
    choices: choicesOf(CONFLICT_FIELDS, FIELD_NAME),
    width: 102,
  },
  { id: 'impact', header: 'Impact', kind: 'amount', value: (row) => row.impact, width: 118, sorted: 'desc' },
  {
    id: 'clearway',
    header: 'Clearway',
    kind: 'amount',
    scale: (row) => SCALE[row.field],
    value: (row) => shownValue(row.clearway),
    width: 124,
    sortable: false,
    filterable: false,
  },
  ...sources.map(sourceColumn),
  { id: 'difference', header: 'Difference', kind: 'amount', scale: DIFFERENCE, value: (row) => row.difference, width: 124 },
  {
    id: 'differencePercent',
    header: 'Difference %',
    kind: 'amount',
    value: (row) => row.differencePercent,
    width: 104,
    show: (row) =>
      row.differencePercent === null ? (
        <span className="quiet">–</span>
      ) : (
        <span className="conflicts__percent">{formatPercent(row.differencePercent)}</span>
      ),
  },
  { id: 'account', header: 'Account', kind: 'text', value: (row) => row.account, width: 190, grows: true },
  { id: 'accountNumber', header: 'Account no.', kind: 'identifier', value: (row) => row.accountNumber, width: 112, hidden: true },
  { id: 'portfolio', header: 'Portfolio', kind: 'text', value: (row) => row.portfolio, width: 170, hidden: true },
  { id: 'ticker', header: 'Ticker', kind: 'identifier', value: (row) => row.ticker, width: 76 },
  {
    id: 'type',
    header: 'Type',
    kind: 'choice',
    value: (row) => row.type,
    choices: choicesOf(SECURITY_TYPES, TYPE_NAME),
    width: 74,
    hidden: true,
  },
  {
    id: 'reason',
    header: 'Reason',
    kind: 'choice',
    value: (row) => row.reason,
    choices: choicesOf(CONFLICT_REASONS, REASON_NAME),
    width: 136,
  },
  {
    id: 'openedAt',
    header: 'Opened',
    kind: 'instant',
    value: (row) => row.openedAt,
    show: (row) => formatAgo(row.openedAt, now()),
    width: 138,
  },
  {
    id: 'status',
    header: 'Status',
    kind: 'choice',
    value: (row) => row.status,
    choices: choicesOf(CONFLICT_STATUS, CONFLICT_STATUS_NAME),
    show: (row) => <ConflictStatusBadge status={row.status} />,
    width: 104,
  },
  { id: 'settledBy', header: 'Settled by', kind: 'text', value: (row) => row.settledBy, width: 130, hidden: true },
  {
    id: 'strategy',
    header: 'Settled how',
    kind: 'choice',
    value: (row) => row.strategy,
    choices: choicesOf(STRATEGIES, STRATEGY_NAME),
    width: 130,
    hidden: true,
  },
  {
    id: 'comments',
    header: 'Comments',
    kind: 'count',
    value: (row) => (row.comments === 0 ? null : row.comments),
    width: 96,
    sortable: false,
    filterable: false,
    show: (row) =>
      row.comments === 0 ? null : (
        <span className="badge badge--plain conflicts__comments">
          <MessageSquare size={12} aria-hidden />
          {row.comments}
        </span>
      ),
  },
];
