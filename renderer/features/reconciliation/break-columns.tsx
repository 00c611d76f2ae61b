import { Wrench } from 'lucide-react';
import { BREAK_CLASSES, BREAK_FIELDS, BREAK_STATUS, type BreakRow } from '../../../shared/contract/reconciliation.ts';
import { SEVERITIES } from '../../../shared/contract/conflicts.ts';
import { SECURITY_TYPES } from '../../../shared/model/holding.ts';
import { Badge, SeverityBadge } from '../../components/badge.tsx';
import type { Scale } from '../../format/amount.ts';
import { BREAK_CLASS_NAME, BREAK_STATUS_NAME, FIELD_NAME, SEVERITY_NAME, TYPE_NAME } from '../../format/words.ts';
import { choicesOf, type GridColumn } from '../../grid/column.ts';
import { BreakStatusBadge } from './break-badges.tsx';
import { plainBreakValue } from './break-value.tsx';
import type { BreakColumn } from './questions.ts';

/** Columns that links filter by, with what their chip says. */
export const LINK_COLUMNS = { accountId: 'One account', securityId: 'One security' } as const;

/** Amounts of different fields in one column: one depth of decimals, so that their points stand under each other. */
const MIXED: Scale = { min: 2, max: 4 };
const QUANTITIES: Scale = { min: 0, max: 4 };
const DIFFERENCE: Scale = { min: 2, max: 6 };
const scale = (row: BreakRow): Scale => (row.field === 'quantity' ? QUANTITIES : MIXED);

/** The columns of the list of breaks. */
export const BREAK_GRID: readonly GridColumn<BreakRow, BreakColumn>[] = [
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
  { id: 'security', header: 'Security', kind: 'text', value: (row) => row.security, width: 170, grows: true },
  {
    id: 'class',
    header: 'Class',
    kind: 'choice',
    value: (row) => row.class,
    choices: choicesOf(BREAK_CLASSES, BREAK_CLASS_NAME),
    width: 128,
  },
  { id: 'impact', header: 'Impact', kind: 'amount', value: (row) => row.impact, width: 118, sorted: 'desc' },
  { id: 'side', header: 'Side', kind: 'text', value: (row) => row.side, width: 118 },
  {
    id: 'field',
    header: 'Field',
    kind: 'choice',
    value: (row) => row.field,
    choices: choicesOf(BREAK_FIELDS, FIELD_NAME),
    width: 102,
  },
  { id: 'clearway', header: 'Clearway', kind: 'amount', scale, value: (row) => plainBreakValue(row.clearway), width: 124 },
  { id: 'other', header: 'Other side', kind: 'amount', scale, value: (row) => plainBreakValue(row.other), width: 124 },
  { id: 'difference', header: 'Difference', kind: 'amount', scale: DIFFERENCE, value: (row) => row.difference, width: 124 },
  { id: 'account', header: 'Account', kind: 'text', value: (row) => row.account, width: 180, grows: true },
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
  { id: 'ageDays', header: 'Age in days', kind: 'count', value: (row) => row.ageDays, width: 104 },
  {
    id: 'status',
    header: 'Status',
    kind: 'choice',
    value: (row) => row.status,
    choices: choicesOf(BREAK_STATUS, BREAK_STATUS_NAME),
    show: (row) => <BreakStatusBadge status={row.status} />,
    width: 100,
  },
  {
    id: 'fixable',
    header: 'By rule',
    kind: 'choice',
    value: (row) => String(row.fixable),
    choices: [
      { value: 'true', label: 'Can be corrected by rule' },
      { value: 'false', label: 'Waits for a person' },
    ],
    width: 120,
    show: (row) =>
      row.fixable ? (
        <Badge tone="clearway" icon={<Wrench size={12} aria-hidden />}>
          Correctable
        </Badge>
      ) : null,
  },
];
