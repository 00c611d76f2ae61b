import type { TAX_LOT_COLUMNS, TaxLotRow } from '../../shared/contract/tax-lots.ts';
import { e8Sql } from '../store/e8.ts';
import type { GridColumn } from '../store/grid-sql.ts';
import { ACCOUNT, idText, LINKED, SECURITY } from './source-list.ts';

/** Tax lots `t` with the same source's position `p` that each is a part of. */
export const LOTS = {
  table: 'source_tax_lots',
  from: `source_tax_lots t ${LINKED}
  LEFT JOIN source_holdings p ON p.connection_id = t.connection_id AND p.external_id = t.position_external_id AND p.valid_to_op IS NULL`,
} as const;

const text = (sql: string): GridColumn => ({ sql, kind: 'text' });
const decimal = (sql: string): GridColumn => ({ sql, kind: 'decimal' });
const integer = (sql: string): GridColumn => ({ sql, kind: 'integer' });

// The price is the source's own, so its multiplier is too.
const MULTIPLIER = "coalesce(json_extract(k.record, '$.multiplier'), s.multiplier, '1')";
const worth = (quantity: string): string => `dec_mul(dec_mul(${quantity}, p.price), ${MULTIPLIER})`;
// A source that counts units in hundreds says so by its own market value: nothing is worked out of such a position.
const VALUE = `coalesce(t.market_value, CASE coalesce(dec_near(${worth('p.quantity')}, p.market_value), 1) WHEN 1 THEN ${worth('t.quantity')} END)`;
const UNIT_COST = `dec_div(t.cost_basis, dec_mul(t.quantity, ${MULTIPLIER}))`;
/** Whether a short lot's cost is what it brought in, negative, is not documented anywhere: with the other sign nothing is worked out. */
export const GAIN = `CASE WHEN t.quantity LIKE '-%' AND t.cost_basis NOT LIKE '-%' AND t.cost_basis <> '0' THEN NULL
  ELSE dec_sub(${VALUE}, t.cost_basis) END`;

const ONE_CENT_E8 = 1_000_000;
const SIBLINGS = `source_tax_lots o WHERE o.connection_id = t.connection_id AND o.position_external_id = t.position_external_id AND o.valid_to_op IS NULL`;
/** One of LOT_SUMS. A cost that a lot or the position lacks is not compared. */
export const SUM = `CASE WHEN p.id IS NULL THEN 'no_position' ELSE (
  SELECT CASE WHEN dec_sum(o.quantity) <> p.quantity THEN 'differs'
    WHEN p.cost_basis IS NOT NULL AND count(o.cost_basis) = count(*)
      AND dec_e8(dec_sub(dec_sum(o.cost_basis), p.cost_basis)) NOT BETWEEN -${ONE_CENT_E8} AND ${ONE_CENT_E8} THEN 'differs'
    ELSE 'agrees' END FROM ${SIBLINGS}) END`;

// More than one year is long. What was sold short is not counted by its holding period.
const YEAR_AFTER = "date(t.held_from, '+1 year')";
const TERM_DOUBTFUL = `coalesce(t.quantity NOT LIKE '-%' AND CASE t.term
  WHEN 'long' THEN coalesce(p.as_of, t.as_of) <= ${YEAR_AFTER} WHEN 'short' THEN coalesce(p.as_of, t.as_of) > ${YEAR_AFTER} END, 0)`;

export const LOT_GRID: Readonly<Record<(typeof TAX_LOT_COLUMNS)[number], GridColumn>> = {
  acquiredOn: text('t.acquired_on'),
  account: text(ACCOUNT),
  accountNumber: text("coalesce(a.number, l.number, '')"),
  security: text(SECURITY),
  ticker: text('s.ticker'),
  term: text('t.term'),
  quantity: decimal(e8Sql('t.quantity')),
  cost: decimal(e8Sql('t.cost_basis')),
  unitCost: decimal(`dec_e8(${UNIT_COST})`),
  value: decimal(`dec_e8(${VALUE})`),
  gain: decimal(`dec_e8(${GAIN})`),
  currency: text('t.currency'),
  source: text('c.name'),
  sum: text(`(${SUM})`),
  accountId: integer('a.id'),
  securityId: integer('s.id'),
  connectionId: integer('t.connection_id'),
};
export const LOT_SEARCH = [ACCOUNT, 'a.number', SECURITY, 's.ticker', 's.cusip', 'c.name'];

export const LOT_ROW = `t.id, t.acquired_on AS acquiredOn, ${ACCOUNT} AS account, a.id AS accountId, coalesce(a.number, l.number, '') AS accountNumber,
  ${SECURITY} AS security, s.id AS securityId, s.ticker, t.term, ${TERM_DOUBTFUL} AS termDoubtful, t.quantity, t.cost_basis AS cost,
  ${UNIT_COST} AS unitCost, ${VALUE} AS value, ${GAIN} AS gain, t.currency, c.name AS source, t.connection_id AS connectionId, ${SUM} AS sum`;

export type LotRow = Omit<TaxLotRow, 'id' | 'accountId' | 'securityId' | 'connectionId' | 'termDoubtful'> & {
  id: number;
  accountId: number | null;
  securityId: number | null;
  connectionId: number;
  termDoubtful: number;
};

export const toLotRow = (row: LotRow): TaxLotRow => ({
  ...row,
  id: String(row.id),
  accountId: idText(row.accountId),
  securityId: idText(row.securityId),
  connectionId: String(row.connectionId),
  termDoubtful: row.termDoubtful === 1,
});
