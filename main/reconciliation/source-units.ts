import { sum, type Dec } from '../../shared/model/decimal.ts';
import type { SecurityType } from '../../shared/model/holding.ts';
import type { UnitSide, UnitValues } from '../core/break-unit.ts';
import type { WritableDb } from '../store/handles.ts';
import type { Provenance } from './person-values.ts';

/** A position of the book with what is needed to compare it. */
export interface BookPosition extends Provenance {
  readonly holdingId: number;
  readonly accountId: number;
  readonly accountName: string;
  readonly securityId: number;
  readonly securityName: string;
  readonly type: SecurityType;
  readonly multiplier: Dec;
  readonly ticker: string | null;
  readonly cusip: string | null;
  readonly isin: string | null;
  readonly held: boolean;
  readonly values: UnitValues;
  readonly currency: string;
}

/** What a side says about one position: usually one record. */
export interface SideRecord {
  readonly id: number;
  readonly holdingId: number | null;
  readonly accountExternalId: string;
  readonly securityExternalId: string;
  readonly values: UnitValues;
  /** Null: the position's own. */
  readonly currency: string | null;
  readonly asOf: string;
}

interface BookRow extends Omit<BookPosition, 'held' | 'values'>, UnitValues {
  readonly status: string;
}
type RecordRow = Omit<SideRecord, 'values'> & UnitValues;

const valuesOf = ({ quantity, price, marketValue, costBasis }: UnitValues): UnitValues => ({
  quantity,
  price,
  marketValue,
  costBasis,
});

const RECORD_COLUMNS = `id, holding_id AS holdingId, account_external_id AS accountExternalId, security_external_id AS securityExternalId,
  quantity, price, market_value AS marketValue, cost_basis AS costBasis, currency, as_of AS asOf`;

export function createRecordReader(db: WritableDb, side: { readonly connectionId: number; readonly asOf: string }) {
  const byId = db.prepare(`SELECT ${RECORD_COLUMNS} FROM source_holdings WHERE id = ?`);
  const byHolding = db.prepare(
    `SELECT ${RECORD_COLUMNS} FROM source_holdings
     WHERE holding_id = ? AND connection_id = ? AND valid_to_op IS NULL ORDER BY id`,
  );
  const record = (row: RecordRow): SideRecord => ({
    id: row.id,
    holdingId: row.holdingId,
    accountExternalId: row.accountExternalId,
    securityExternalId: row.securityExternalId,
    values: valuesOf(row),
    currency: row.currency,
    asOf: row.asOf,
  });
  return {
    one: (id: number): SideRecord => record(byId.get(id) as RecordRow),
    /** All current records of the connection for a position, of any date. */
    ofHolding: (holdingId: number): SideRecord[] => (byHolding.all(holdingId, side.connectionId) as RecordRow[]).map(record),
  };
}

/** Reads positions of the book by id. */
export function readPositions(db: WritableDb, holdingIds: readonly number[]): Map<number, BookPosition> {
  const rows = db
    .prepare(
      `SELECT h.id AS holdingId, h.account_id AS accountId, a.name AS accountName, h.security_id AS securityId, sec.name AS securityName,
         sec.type, sec.multiplier, sec.ticker, sec.cusip, sec.isin, h.status, h.quantity, h.price, h.market_value AS marketValue,
         h.cost_basis AS costBasis, h.currency, h.origin,
         h.field_origins AS fieldOrigins, h.opening_base AS openingBase
       FROM json_each(?) j JOIN holdings h ON h.id = j.value JOIN accounts a ON a.id = h.account_id
       JOIN securities sec ON sec.id = h.security_id`,
    )
    .iterate(JSON.stringify(holdingIds)) as IterableIterator<BookRow>;
  const positions = new Map<number, BookPosition>();
  for (const row of rows) {
    const { status, quantity, price, marketValue, costBasis, ...rest } = row;
    positions.set(row.holdingId, { ...rest, held: status === 'held', values: { quantity, price, marketValue, costBasis } });
  }
  return positions;
}

const total = (values: readonly (Dec | null)[]): Dec | null => (values.some((v) => v === null) ? null : sum(values as Dec[]));

/** Several records of one position count as one: amounts add up (not stated when one of them is not), the price is the first. */
export function sideOf(name: string, records: readonly SideRecord[]): UnitSide {
  const values = records.map((r) => r.values);
  const [first] = values;
  if (!first) throw new Error('A side without records holds nothing.');
  if (values.length === 1) return { name, values: first, records: values };
  const summed: UnitValues = {
    quantity: total(values.map((v) => v.quantity)),
    price: values.find((v) => v.price !== null)?.price ?? null,
    marketValue: total(values.map((v) => v.marketValue)),
    costBasis: total(values.map((v) => v.costBasis)),
  };
  return { name, values: summed, records: values };
}

/** Nothing is held: no quantity and no value. Such a record says the same as none at all. */
export const isNothing = ({ quantity, marketValue }: UnitValues): boolean =>
  (quantity === null || quantity === '0') && (marketValue === null || marketValue === '0');
