import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import type { LotSums, TaxLotRow } from '../../shared/contract/tax-lots.ts';
import { sub, sum, type Dec } from '../../shared/model/decimal.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import { gridOrder, gridWhere, isPlain, pageOf, paramsKey } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import { remembered } from '../store/memo.ts';
import type { Reads } from './handler.ts';
import { CURRENT, idText, KEPT, KEPT_JOIN, plainRow, withHistory, type KeptVersion } from './source-list.ts';
import { GAIN, LOT_GRID, LOT_ROW, LOT_SEARCH, LOTS, SUM, toLotRow, type LotRow } from './tax-lot-rows.ts';

type Page = Output<'taxLots.page'>;

/** Sums and counts of everything that matches. */
function matching(db: ReadDb, condition: string, params: readonly (string | number | bigint)[]): Omit<Page, 'rows'> {
  return remembered(db, `tax lots ${condition} ${paramsKey(params)}`, () => {
    // In two steps, so that what is worked out of a lot is worked out once.
    const totals = db
      .prepare(
        `WITH lots AS MATERIALIZED (SELECT t.currency, t.cost_basis AS cost, t.term, t.connection_id AS source, ${GAIN} AS gain
           FROM ${LOTS.from} WHERE ${condition})
         SELECT currency, dec_sum(cost) AS cost, dec_sum(gain) AS gain, dec_sum(CASE term WHEN 'short' THEN gain END) AS shortTermGain,
           dec_sum(CASE term WHEN 'long' THEN gain END) AS longTermGain, count(*) AS lots, count(*) - count(gain) AS unvalued,
           count(DISTINCT source) AS sources
         FROM lots GROUP BY currency ORDER BY currency = 'USD' DESC, currency`,
      )
      .all(...params) as Page['totals'];
    const differing = db
      .prepare(
        `SELECT count(*) FROM (SELECT 1 FROM ${LOTS.from} WHERE ${condition} GROUP BY t.connection_id, t.position_external_id HAVING ${SUM} = 'differs')`,
      )
      .pluck()
      .get(...params) as number;
    return { totals, differing, total: totals.reduce((lots, of) => lots + of.lots, 0) };
  });
}

function page(db: ReadDb, request: HandlerInput<'taxLots.page'>): Page {
  const { where, params } = gridWhere(LOT_GRID, request, LOT_SEARCH);
  const condition = `${CURRENT} AND ${where}`;
  const sort = request.sort.length === 0 ? [{ column: 'acquiredOn', direction: 'desc' as const }] : request.sort;
  const order = gridOrder(LOT_GRID, { sort }, 't.id DESC');
  const { rows } = pageOf<LotRow>(
    db,
    { ...LOTS, alias: 't', row: LOT_ROW, condition, order, indexed: isPlain(request) },
    params,
    request,
  );
  return { rows: rows.map(toLotRow), ...matching(db, condition, params) };
}

type Kept = LotRow & KeptVersion & { readonly holdingId: number | null };

function get(db: ReadDb, { id }: HandlerInput<'taxLots.get'>): Output<'taxLots.get'> {
  const versions = db
    .prepare(
      `SELECT ${LOT_ROW}, ${KEPT}, h.id AS holdingId
       FROM ${LOTS.from} ${KEPT_JOIN} LEFT JOIN holdings h ON h.account_id = a.id AND h.security_id = s.id
       WHERE (t.connection_id, t.external_id) = (SELECT connection_id, external_id FROM source_tax_lots WHERE id = ?) ORDER BY t.id DESC`,
    )
    .all(Number(id)) as Kept[];
  const found = withHistory(versions, id, (kept) => {
    const { holdingId: _holding, ...row } = plainRow(kept);
    return toLotRow(row);
  });
  if (!found) throw new AppError('not_found', 'There is no such tax lot. It may have been removed; refresh the list.');
  return { ...found.detail, holdingId: idText(found.asked.holdingId) };
}

const whole = (amounts: readonly (Dec | null)[]): Dec | null => {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === amounts.length ? sum(known) : null;
};
const sumsOf = (lots: readonly TaxLotRow[]): LotSums => ({
  lots: lots.length,
  quantity: sum(lots.map((lot) => lot.quantity)),
  cost: whole(lots.map((lot) => lot.cost)),
  value: whole(lots.map((lot) => lot.value)),
  gain: whole(lots.map((lot) => lot.gain)),
});

interface Position {
  readonly connectionId: number;
  readonly source: string;
  readonly externalId: string;
  readonly quantity: Dec;
  readonly cost: Dec | null;
  readonly asOf: CalendarDate;
}
type OfHolding = Output<'taxLots.ofHolding'>;

function beside(position: Position | undefined, lots: readonly TaxLotRow[]): OfHolding['sources'][number] | null {
  const first = lots[0];
  const source = first?.source ?? position?.source;
  if (source === undefined) return null;
  const total = sumsOf(lots);
  const compared = position !== undefined && first !== undefined;
  return {
    connectionId: first?.connectionId ?? String(position?.connectionId ?? ''),
    source,
    position: position ? { quantity: position.quantity, cost: position.cost, asOf: position.asOf } : null,
    sum: first?.sum ?? 'no_lots',
    quantityDifference: compared ? sub(total.quantity, position.quantity) : null,
    costDifference: compared && total.cost !== null && position.cost !== null ? sub(total.cost, position.cost) : null,
    total,
    shortTerm: sumsOf(lots.filter((lot) => lot.term === 'short')),
    longTerm: sumsOf(lots.filter((lot) => lot.term === 'long')),
    lots: [...lots],
  };
}

function ofHolding(db: ReadDb, { id }: HandlerInput<'taxLots.ofHolding'>): OfHolding {
  const holding = db
    .prepare(
      'SELECT h.id, h.account_id AS account, h.security_id AS security, s.type FROM holdings h JOIN securities s ON s.id = h.security_id WHERE h.id = ?',
    )
    .get(Number(id)) as { id: number; account: number; security: number; type: string } | undefined;
  if (!holding) throw new AppError('not_found', 'There is no such position. It may have been removed; refresh the list.');
  // Cash has no lots. Elsewhere a source that lists lots is expected to list those of this position too.
  const positions = db
    .prepare(
      `SELECT p.connection_id AS connectionId, c.name AS source, p.external_id AS externalId, p.quantity, p.cost_basis AS cost, p.as_of AS asOf
       FROM source_holdings p JOIN connections c ON c.id = p.connection_id
       WHERE p.holding_id = ? AND p.valid_to_op IS NULL AND ? <> 'cash'
         AND EXISTS (SELECT 1 FROM source_tax_lots o WHERE o.connection_id = p.connection_id AND o.valid_to_op IS NULL)
       ORDER BY c.survivorship_rank, p.id`,
    )
    .all(holding.id, holding.type) as Position[];
  // From the few links of the account, so that no other account's lots are looked at.
  const lots = db
    .prepare(
      `SELECT ${LOT_ROW}, t.position_external_id AS position FROM ${LOTS.from} WHERE t.id IN (
         SELECT x.id FROM account_links y CROSS JOIN source_tax_lots x ON x.connection_id = y.connection_id AND x.account_external_id = y.external_id
           AND x.valid_to_op IS NULL
         JOIN security_links z ON z.connection_id = x.connection_id AND z.external_id = x.security_external_id
         WHERE y.account_id = ? AND z.security_id = ?)
       ORDER BY c.survivorship_rank, t.acquired_on NULLS FIRST, t.id`,
    )
    .all(holding.account, holding.security) as (LotRow & { position: string })[];
  const place = (connectionId: number, externalId: string): string => `${connectionId} ${externalId}`;
  const byPosition = Map.groupBy(lots, (lot) => place(lot.connectionId, lot.position));
  const stated = new Map(positions.map((position) => [place(position.connectionId, position.externalId), position]));
  const sources = [...new Set([...stated.keys(), ...byPosition.keys()])].map((key) =>
    beside(
      stated.get(key),
      (byPosition.get(key) ?? []).map(({ position: _position, ...row }) => toLotRow(row)),
    ),
  );
  return { sources: sources.filter((source) => source !== null) };
}

/** Queries over the open tax lots that the sources list. */
export const taxLotReads = { 'taxLots.page': page, 'taxLots.get': get, 'taxLots.ofHolding': ofHolding } satisfies Reads;
