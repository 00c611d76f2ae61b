import type { BREAK_COLUMNS, BreakRow } from '../../shared/contract/reconciliation.ts';
import type { GridColumn, GridFilterRequest, GridOrderRequest } from '../store/grid-sql.ts';
import { gridOrder, gridWhere } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import { untiedSecurityOf } from './break-writer.ts';
import { SEVERITY_CODES, severityName } from './break-words.ts';

const FROM = `breaks b JOIN reconciliation_runs r ON r.id = b.run_id JOIN connections c ON c.id = b.connection_id
  JOIN accounts a ON a.id = b.account_id LEFT JOIN portfolios p ON p.id = a.portfolio_id LEFT JOIN securities sec ON sec.id = b.security_id`;

// A break without a security of the book is a cash total over several positions, or a security that only the side knows.
const SECURITY = `coalesce(sec.name, CASE b.field WHEN 'cash' THEN 'Cash ' || b.currency END)`;
const TYPE = `coalesce(sec.type, CASE b.field WHEN 'cash' THEN 'cash' ELSE 'other' END)`;

/** The weekdays up to and including a date, counted from a Monday long ago. */
const weekdaysTo = (date: string): string => {
  const day = `(unixepoch(substr(${date}, 1, 10)) / 86400 - 3)`;
  return `(5 * (${day} / 7) + min(${day} % 7, 5))`;
};
/** Business days from the day a break was first seen to the day of the run. */
export const AGE_DAYS = `(${weekdaysTo('r.started_at')} - ${weekdaysTo('b.first_seen')})`;

/** The scaled integer of a stated amount, made as the generated columns are; null for presence. */
const scaledAmount = (column: string): string =>
  `CASE WHEN b.field = 'presence' THEN NULL ELSE CAST(CASE instr(${column}, '.') WHEN 0 THEN ${column} || '00000000'
    ELSE substr(${column}, 1, instr(${column}, '.') - 1) || substr(substr(${column}, instr(${column}, '.') + 1) || '00000000', 1, 8) END AS INTEGER) END`;

const text = (sql: string): GridColumn => ({ sql, kind: 'text' });

const COLUMNS: Readonly<Record<(typeof BREAK_COLUMNS)[number], GridColumn>> = {
  portfolio: text('p.name'),
  account: text('a.name'),
  accountNumber: text('a.number'),
  security: text(SECURITY),
  ticker: text('sec.ticker'),
  cusip: text('sec.cusip'),
  type: text(TYPE),
  side: text('c.name'),
  field: text('b.field'),
  class: text('b.class'),
  severity: { sql: 'b.severity', kind: 'integer', values: SEVERITY_CODES },
  status: text('b.status'),
  clearway: { sql: `(${scaledAmount('b.clearway')})`, kind: 'decimal' },
  other: { sql: `(${scaledAmount('b.other')})`, kind: 'decimal' },
  difference: { sql: 'b.difference_e8', kind: 'decimal' },
  impact: { sql: 'b.impact_e8', kind: 'decimal' },
  ageDays: { sql: AGE_DAYS, kind: 'integer' },
  fixable: { sql: 'b.fixable', kind: 'integer', values: { true: 1, false: 0 } },
  accountId: { sql: 'b.account_id', kind: 'integer' },
  securityId: { sql: 'b.security_id', kind: 'integer' },
};

// The sentence names what has no security of the book, so that a search finds it too.
const SEARCHED = ['a.name', 'a.number', SECURITY, 'sec.ticker', 'sec.cusip', 'p.name', 'b.sentence'];
const MOST_URGENT_FIRST = 'b.severity, b.impact_e8 DESC NULLS LAST, b.id';

interface StoredRow {
  readonly id: number;
  readonly portfolio: string | null;
  readonly account: string;
  readonly accountId: number;
  readonly accountNumber: string;
  readonly security: string | null;
  readonly securityId: number | null;
  readonly holdingId: number | null;
  readonly ticker: string | null;
  readonly cusip: string | null;
  readonly type: BreakRow['type'];
  readonly currency: string;
  readonly side: string;
  readonly connectionId: number;
  readonly field: BreakRow['field'];
  readonly class: BreakRow['class'];
  readonly sentence: string;
  readonly severity: number;
  readonly status: BreakRow['status'];
  readonly clearway: string | null;
  readonly other: string | null;
  readonly difference: BreakRow['difference'];
  readonly impact: BreakRow['impact'];
  readonly ageDays: number;
  readonly fixable: number;
  readonly signature: string;
}

export type BreakRowWithCusip = BreakRow & { readonly cusip: string | null };

function rowReader(db: ReadDb): (row: StoredRow) => BreakRowWithCusip {
  const nameOf = db.prepare('SELECT name FROM security_links WHERE connection_id = ? AND external_id = ?').pluck();
  const untied = ({ signature, connectionId }: StoredRow): string => {
    const externalId = untiedSecurityOf(signature);
    return externalId === null ? '' : ((nameOf.get(connectionId, externalId) as string | undefined) ?? externalId);
  };
  const idText = (id: number | null): string | null => (id === null ? null : String(id));
  return (row) => {
    const { signature: _, ...rest } = row;
    return {
      ...rest,
      id: String(row.id),
      portfolio: row.portfolio ?? '',
      accountId: String(row.accountId),
      security: row.security ?? untied(row),
      securityId: idText(row.securityId),
      holdingId: idText(row.holdingId),
      connectionId: String(row.connectionId),
      severity: severityName(row.severity),
      ageDays: Math.max(0, row.ageDays),
      fixable: row.fixable === 1 && row.status === 'open',
    };
  };
}

const SELECT = `SELECT b.id, p.name AS portfolio, a.name AS account, a.id AS accountId, a.number AS accountNumber, ${SECURITY} AS security,
  b.security_id AS securityId, b.holding_id AS holdingId, sec.ticker, sec.cusip, ${TYPE} AS type, b.currency, c.name AS side,
  c.id AS connectionId, b.field, b.class, b.sentence, b.severity, b.status, b.clearway, b.other, b.difference, b.impact,
  ${AGE_DAYS} AS ageDays, b.fixable, b.signature`;

/** Breaks of a run that match a grid request. */
export function createBreakQuery(db: ReadDb, runId: number, request: GridFilterRequest) {
  const { where, params } = gridWhere(COLUMNS, request, SEARCHED);
  const from = `FROM ${FROM} WHERE b.run_id = ? AND ${where}`;
  const bound = [runId, ...params];
  return {
    count: (): number =>
      db
        .prepare(`SELECT count(*) ${from}`)
        .pluck()
        .get(...bound) as number,
    rows: (order: GridOrderRequest, window: { readonly offset: number; readonly limit: number }): BreakRowWithCusip[] => {
      const rows = db
        .prepare(`${SELECT} ${from} ORDER BY ${gridOrder(COLUMNS, order, MOST_URGENT_FIRST)} LIMIT ? OFFSET ?`)
        .all(...bound, window.limit, window.offset) as StoredRow[];
      return rows.map(rowReader(db));
    },
    /** Counts by every combination of the columns that have facets. */
    combinations: () =>
      db
        .prepare(
          `SELECT b.class, b.severity, c.name AS side, b.status, b.field, ${TYPE} AS type, count(*) AS count ${from}
           GROUP BY b.class, b.severity, c.name, b.status, b.field, ${TYPE}`,
        )
        .all(...bound) as {
        class: string;
        severity: number;
        side: string;
        status: string;
        field: string;
        type: string;
        count: number;
      }[],
  };
}
