import type { ConflictRow } from '../../shared/contract/conflicts.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import { toWords } from '../../shared/model/words.ts';
import { countOf, gridOrder, gridWhere, pageOf, paramsKey } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import { remembered } from '../store/memo.ts';
import { CONFLICT_FROM, CONFLICT_GRID, CONFLICT_SEARCH, SEVERITY_NAMES } from './columns.ts';

const ROW = `c.id, c.holding_id AS holdingId, coalesce(p.name, '') AS portfolio, a.name AS account, a.id AS accountId,
  a.number AS accountNumber, coalesce(s.name, '') AS security, s.id AS securityId, s.ticker, s.type,
  coalesce(h.currency, r.currency) AS currency, coalesce(r.stream, 'position') AS stream, c.record_id AS recordId, r.kind AS recordKind,
  r.on_date AS recordDate, r.from_date AS recordFrom, c.field, c.reason, c.status,
  c.severity, c.base, c.clearway, c.sources, c.difference, c.difference_percent AS differencePercent, c.impact, c.opened_at AS openedAt,
  c.strategy, c.settled_value AS settledValue, c.settled_by AS settledBy, c.version,
  (SELECT count(*) FROM comments m WHERE m.conflict_id = c.id) AS comments`;

type Raw = Omit<ConflictRow, 'id' | 'holdingId' | 'accountId' | 'securityId' | 'severity' | 'sources' | 'record'> & {
  id: number;
  holdingId: number | null;
  recordId: number | null;
  recordKind: string;
  recordDate: CalendarDate | null;
  recordFrom: CalendarDate | null;
  accountId: number;
  securityId: number | null;
  severity: number;
  sources: string;
};

const idText = (id: number | null): string | null => (id === null ? null : String(id));

const toRow = ({ recordId, recordKind, recordDate, recordFrom, ...raw }: Raw): ConflictRow => ({
  ...raw,
  id: String(raw.id),
  holdingId: idText(raw.holdingId),
  record: recordId === null ? null : { id: String(recordId), kind: recordKind, date: recordDate, from: recordFrom },
  accountId: String(raw.accountId),
  securityId: idText(raw.securityId),
  severity: SEVERITY_NAMES[raw.severity] ?? 'low',
  sources: (JSON.parse(raw.sources) as [number, string | null, string | null][]).map(([connectionId, value, asOf]) => ({
    connectionId: String(connectionId),
    value,
    asOf: asOf as ConflictRow['sources'][number]['asOf'],
  })),
});

/** A window of conflicts that match, most severe first unless the request orders otherwise. `scope` is a condition of ours. */
export function conflictPage(
  db: ReadDb,
  request: HandlerInput<'conflicts.page'>,
  scope?: { sql: string; param: number },
): Output<'conflicts.page'> {
  const { where, params } = gridWhere(CONFLICT_GRID, request, CONFLICT_SEARCH);
  const condition = scope ? `${where} AND ${scope.sql}` : where;
  const all = scope ? [...params, scope.param] : params;
  const order = request.sort.length === 0 ? 'c.severity, c.id' : gridOrder(CONFLICT_GRID, request, 'c.id');
  const list = { from: CONFLICT_FROM, table: 'conflicts', alias: 'c', row: ROW, condition, order, indexed: false };
  const { rows, total } = pageOf<Raw>(db, list, all, request);
  return { rows: rows.map(toRow), total };
}

export function conflictById(db: ReadDb, id: number): ConflictRow | null {
  const raw = db.prepare(`SELECT ${ROW} FROM ${CONFLICT_FROM} WHERE c.id = ?`).get(id) as Raw | undefined;
  return raw ? toRow(raw) : null;
}

const FACETS = ['stream', 'field', 'reason', 'severity', 'status', 'type'] as const;

/** Counts per value of the columns that facets show, over everything that matches. */
export function conflictFacets(db: ReadDb, request: HandlerInput<'conflicts.facets'>): Output<'conflicts.facets'> {
  const { where, params } = gridWhere(CONFLICT_GRID, request, CONFLICT_SEARCH);
  return remembered(db, `facets of conflicts ${where} ${paramsKey(params)}`, () => countFacets(db, where, params));
}

function countFacets(db: ReadDb, where: string, params: readonly (string | number | bigint)[]): Output<'conflicts.facets'> {
  const total = countOf(db, { from: CONFLICT_FROM, table: 'conflicts', alias: 'c', condition: where }, params);
  const facetOf = (sql: string): { value: string | number | null; count: number }[] =>
    db
      .prepare(`SELECT ${sql} AS value, count(*) AS count FROM ${CONFLICT_FROM} WHERE ${where} GROUP BY 1 ORDER BY 2 DESC`)
      .all(...params) as {
      value: string | number | null;
      count: number;
    }[];
  const named = FACETS.map((name) => [
    name,
    // A return is of no security, so it has no type to count.
    facetOf(CONFLICT_GRID[name].sql).flatMap(({ value, count }) => {
      if (value === null) return [];
      const text = name === 'severity' ? (SEVERITY_NAMES[Number(value)] ?? 'low') : String(value);
      return [{ value: text, label: toWords(text), count }];
    }),
  ]);
  const connections = new Map(db.prepare('SELECT id, name FROM connections').raw().all() as [number, string][]);
  const byConnection = facetOf(CONFLICT_GRID.connectionId.sql)
    .filter((f) => f.value !== null)
    .map(({ value, count }) => ({ value: String(value), label: connections.get(Number(value)) ?? 'A platform', count }));
  return { total, facets: { ...Object.fromEntries(named), connectionId: byConnection } as Output<'conflicts.facets'>['facets'] };
}
