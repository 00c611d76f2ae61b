import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import { cmp } from '../../shared/model/decimal.ts';
import { gridWhere, paramsKey } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import { remembered } from '../store/memo.ts';
import { HOLDING_FROM, HOLDING_GRID, HOLDING_SEARCH } from './holding-rows.ts';

const GROUPS = {
  portfolio: {
    key: 'a.portfolio_id',
    label: "coalesce(p.name, 'No portfolio')",
    detail: "count(DISTINCT h.account_id) || ' accounts'",
  },
  account: { key: 'h.account_id', label: 'a.name', detail: "a.number || ' · ' || a.custodian" },
  security: { key: 'h.security_id', label: 's.name', detail: "concat_ws(' · ', s.ticker, s.cusip, s.type)" },
} as const;

type Group = Output<'holdings.groups'>['rows'][number];
type Request = HandlerInput<'holdings.groups'>;

/** Every group of the positions that match, by name. */
function groupsOf(db: ReadDb, { by, ...request }: Request): readonly Group[] {
  const { where, params } = gridWhere(HOLDING_GRID, request, HOLDING_SEARCH);
  const group = GROUPS[by];
  return remembered(db, `groups by ${by} ${where} ${paramsKey(params)}`, () =>
    (
      db
        .prepare(
          `SELECT ${group.key} AS key, ${group.label} AS label, ${group.detail} AS detail, h.currency, count(*) AS positions,
             ${by === 'security' ? 'dec_sum(h.quantity)' : 'NULL'} AS quantity, dec_sum(h.market_value) AS marketValue,
             dec_sum(h.cost_basis) AS costBasis, coalesce(sum(open.conflicts), 0) AS openConflicts
           FROM ${HOLDING_FROM} LEFT JOIN (SELECT holding_id, count(*) AS conflicts FROM conflicts WHERE status IN ('open', 'review')
             AND holding_id IS NOT NULL GROUP BY holding_id) open ON open.holding_id = h.id
           WHERE h.status = 'held' AND ${where} GROUP BY ${group.key}, h.currency ORDER BY label, h.currency`,
        )
        .all(...params) as (Omit<Group, 'key'> & { readonly key: number | null })[]
    ).map((row) => ({ ...row, key: row.key === null ? null : String(row.key) })),
  );
}

const COMPARE: Readonly<Partial<Record<Request['sort'][number]['column'], (a: Group, b: Group) => number>>> = {
  marketValue: (a, b) => cmp(a.marketValue, b.marketValue),
  costBasis: (a, b) => cmp(a.costBasis, b.costBasis),
  openConflicts: (a, b) => a.openConflicts - b.openConflicts,
};

/** The same in the order asked for; groups that are equal in it stay ordered by name. */
function orderedGroups(db: ReadDb, request: Request): readonly Group[] {
  const groups = groupsOf(db, request);
  if (request.sort.length === 0) return groups;
  const { limit: _limit, offset: _offset, ...asked } = request;
  const places = new Map(groups.map((group, place) => [group, place]));
  return remembered(db, `groups ${JSON.stringify(asked)}`, () =>
    groups.toSorted((a, b) => {
      for (const { column, direction } of request.sort) {
        const compared = COMPARE[column]?.(a, b) ?? (places.get(a) ?? 0) - (places.get(b) ?? 0);
        if (compared !== 0) return direction === 'desc' ? -compared : compared;
      }
      return 0;
    }),
  );
}

/** Positions counted and summed by portfolio, account or security, one group a currency. */
export function holdingGroups(db: ReadDb, request: Request): Output<'holdings.groups'> {
  const groups = orderedGroups(db, request);
  return { total: groups.length, rows: groups.slice(request.offset, request.offset + request.limit) };
}
