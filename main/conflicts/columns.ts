import type { CONFLICT_COLUMNS } from '../../shared/contract/conflicts.ts';
import type { GridColumn } from '../store/grid-sql.ts';

const text = (sql: string): GridColumn => ({ sql, kind: 'text' });
const identifier = (sql: string): GridColumn => ({ sql, kind: 'integer' });
const decimal = (sql: string): GridColumn => ({ sql, kind: 'decimal' });

export const SEVERITY_CODES = { critical: 0, high: 1, medium: 2, low: 3 } as const;
export const SEVERITY_NAMES = ['critical', 'high', 'medium', 'low'] as const;

/** Tables behind the conflict grid; the aliases below refer to them. */
export const CONFLICT_FROM = `conflicts c LEFT JOIN holdings h ON h.id = c.holding_id LEFT JOIN book_records r ON r.id = c.record_id
  JOIN accounts a ON a.id = coalesce(h.account_id, r.account_id) LEFT JOIN securities s ON s.id = coalesce(h.security_id, r.security_id)
  LEFT JOIN portfolios p ON p.id = a.portfolio_id`;

export const CONFLICT_GRID: Readonly<Record<(typeof CONFLICT_COLUMNS)[number], GridColumn>> = {
  portfolio: text('p.name'),
  account: text('a.name'),
  accountNumber: text('a.number'),
  security: text('s.name'),
  ticker: text('s.ticker'),
  cusip: text('s.cusip'),
  type: text('s.type'),
  stream: text("coalesce(r.stream, 'position')"),
  recordDate: text('r.on_date'),
  field: text('c.field'),
  reason: text('c.reason'),
  status: text('c.status'),
  severity: { sql: 'c.severity', kind: 'integer', values: SEVERITY_CODES },
  clearway: text('c.clearway'),
  difference: decimal('c.difference_e8'),
  differencePercent: decimal('c.difference_percent_e8'),
  impact: decimal('c.impact_e8'),
  openedAt: text('c.opened_at'),
  strategy: text('c.strategy'),
  settledBy: text('c.settled_by'),
  // A conflict concerns a connection when that source's value is in dispute.
  connectionId: {
    sql: "(SELECT j.value ->> 0 FROM json_each(c.sources) j WHERE coalesce(j.value ->> 1, '') <> coalesce(c.clearway, '') ORDER BY j.key LIMIT 1)",
    kind: 'integer',
  },
  portfolioId: identifier('a.portfolio_id'),
  accountId: identifier('a.id'),
  securityId: identifier('s.id'),
  holdingId: identifier('c.holding_id'),
  recordId: identifier('c.record_id'),
  batchId: identifier('c.batch_id'),
};

export const CONFLICT_SEARCH = ['a.name', 'a.number', 's.name', 's.ticker', 's.cusip', 'p.name'];
