import { ALERT_STATUS, type ALERT_COLUMNS, type AlertRow } from '../../../shared/contract/alerts.ts';
import { SEVERITIES } from '../../../shared/contract/conflicts.ts';
import { ALERT_RULES } from '../../../shared/model/alert.ts';
import { SeverityBadge } from '../../components/badge.tsx';
import { ALERT_RULE_NAME, ALERT_STATUS_NAME, SEVERITY_NAME } from '../../format/words.ts';
import { choicesOf, type GridColumn } from '../../grid/column.ts';
import { AlertStatus } from './alert-status.tsx';

export type AlertColumn = (typeof ALERT_COLUMNS)[number];

export const ALERT_GRID: readonly GridColumn<AlertRow, AlertColumn>[] = [
  {
    id: 'severity',
    header: 'Severity',
    kind: 'choice',
    value: (row) => row.severity,
    show: (row) => <SeverityBadge severity={row.severity} />,
    choices: choicesOf(SEVERITIES, SEVERITY_NAME),
    width: 104,
  },
  { id: 'subject', header: 'Alert', kind: 'text', value: (row) => row.title, width: 320, grows: true },
  {
    id: 'rule',
    header: 'Kind',
    kind: 'choice',
    value: (row) => row.rule,
    choices: choicesOf(ALERT_RULES, ALERT_RULE_NAME),
    width: 150,
    hidden: true,
  },
  {
    id: 'status',
    header: 'State',
    kind: 'choice',
    value: (row) => row.status,
    show: (row) => <AlertStatus status={row.status} />,
    choices: choicesOf(ALERT_STATUS, ALERT_STATUS_NAME),
    width: 136,
  },
  { id: 'openedAt', header: 'Since', kind: 'instant', value: (row) => row.openedAt, width: 152 },
  { id: 'lastSeenAt', header: 'Last seen', kind: 'instant', value: (row) => row.lastSeenAt, width: 136, hidden: true },
  { id: 'count', header: 'Times', kind: 'count', value: (row) => row.count, width: 72, hidden: true },
  { id: 'acknowledgedBy', header: 'Dealt with by', kind: 'text', value: (row) => row.acknowledgedBy, width: 130 },
  { id: 'snoozedUntil', header: 'Snoozed until', kind: 'instant', value: (row) => row.snoozedUntil, width: 136, hidden: true },
  { id: 'closedAt', header: 'Closed', kind: 'instant', value: (row) => row.closedAt, width: 136, hidden: true },
];
