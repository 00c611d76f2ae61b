import { OPERATION_KINDS, OPERATION_STATUS } from '../../../shared/contract/sync.ts';
import type { HISTORY_COLUMNS, HistoryRow } from '../../../shared/contract/sync-history.ts';
import { OperationBadge } from '../../components/badge.tsx';
import { formatDuration } from '../../format/time.ts';
import { OPERATION_KIND_NAME, OPERATION_STATUS_NAME } from '../../format/words.ts';
import { choicesOf, type GridColumn } from '../../grid/column.ts';

export type HistoryColumn = (typeof HISTORY_COLUMNS)[number] | 'seconds' | 'quarantined' | 'conflicts';

/** Columns that links filter by, with what their chip says. */
export const LINK_COLUMNS = { connectionId: 'Connection' } as const;

const some = (count: number): number | null => (count === 0 ? null : count);
/** Worked out of other columns, so the list is neither sorted nor filtered by it. */
const WORKED_OUT = { sortable: false, filterable: false } as const;

export const HISTORY_GRID: readonly GridColumn<HistoryRow, HistoryColumn>[] = [
  { id: 'startedAt', header: 'Began', kind: 'instant', value: (row) => row.startedAt, width: 158, sorted: 'desc' },
  { id: 'connection', header: 'Connection', kind: 'text', value: (row) => row.connectionName, width: 150 },
  {
    id: 'status',
    header: 'Outcome',
    kind: 'choice',
    value: (row) => row.status,
    show: (row) => <OperationBadge status={row.status} />,
    choices: choicesOf(OPERATION_STATUS, OPERATION_STATUS_NAME),
    width: 116,
  },
  {
    id: 'seconds',
    header: 'Took',
    kind: 'text',
    value: (row) => (row.seconds === null ? null : formatDuration(row.seconds)),
    width: 88,
    ...WORKED_OUT,
  },
  { id: 'records', header: 'Records', kind: 'count', value: (row) => row.records, width: 88 },
  { id: 'error', header: 'What went wrong', kind: 'text', value: (row) => row.error, width: 220, grows: true },
  { id: 'pages', header: 'Pages', kind: 'count', value: (row) => row.pages, width: 70, hidden: true },
  {
    id: 'quarantined',
    header: 'Set aside',
    kind: 'count',
    value: (row) => some(row.counts.quarantined),
    width: 84,
    ...WORKED_OUT,
  },
  {
    id: 'conflicts',
    header: 'Conflicts',
    kind: 'count',
    value: (row) => some(row.counts.conflictsOpened),
    width: 84,
    ...WORKED_OUT,
  },
  { id: 'attempt', header: 'Attempt', kind: 'count', value: (row) => row.attempt, width: 74 },
  {
    id: 'kind',
    header: 'Kind',
    kind: 'choice',
    value: (row) => row.kind,
    choices: choicesOf(OPERATION_KINDS, OPERATION_KIND_NAME),
    width: 80,
    hidden: true,
  },
  { id: 'requestedBy', header: 'Asked by', kind: 'text', value: (row) => row.requestedBy, width: 110 },
];
