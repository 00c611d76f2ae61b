import { tryDec, type Dec } from '../../shared/model/decimal.ts';
import type { BreakUnit } from '../core/break-unit.ts';
import type { WritableDb } from '../store/handles.ts';
import type { BookPosition } from './source-units.ts';

type Base = BreakUnit['base'];

const asDec = (value: unknown): Dec | null => (typeof value === 'string' ? tryDec(value) : null);

/**
 * Where both sides stood before `asOf`: the side's own earlier version, else what it and Clearway last agreed on, else an
 * earlier version of another source, else the opening book. Each value by itself; null when nobody knows.
 */
export function createBaseReader(db: WritableDb, side: { readonly connectionId: number; readonly asOf: string }) {
  const own = db.prepare(
    `SELECT quantity, price FROM source_holdings
     WHERE holding_id = ? AND connection_id = ? AND as_of < ? AND valid_to_op IS NOT NULL ORDER BY id DESC LIMIT 1`,
  );
  const anyone = db.prepare(
    'SELECT quantity, price FROM source_holdings WHERE holding_id = ? AND as_of < ? AND valid_to_op IS NOT NULL ORDER BY id DESC LIMIT 1',
  );
  const agreed = db.prepare(
    "SELECT field, value FROM holding_bases WHERE holding_id = ? AND connection_id = ? AND field IN ('quantity', 'price')",
  );

  return ({ holdingId, openingBase }: Pick<BookPosition, 'holdingId' | 'openingBase'>): Base => {
    const sources: readonly (() => Partial<Base> | undefined)[] = [
      () => own.get(holdingId, side.connectionId, side.asOf) as Base | undefined,
      () =>
        Object.fromEntries(
          (agreed.all(holdingId, side.connectionId) as { field: string; value: Dec | null }[]).map((b) => [b.field, b.value]),
        ),
      () => anyone.get(holdingId, side.asOf) as Base | undefined,
      () => (openingBase === null ? undefined : (JSON.parse(openingBase) as Partial<Base>)),
    ];
    const base = { quantity: null as Dec | null, price: null as Dec | null };
    for (const source of sources) {
      const known = source();
      base.quantity ??= asDec(known?.quantity);
      base.price ??= asDec(known?.price);
      if (base.quantity !== null && base.price !== null) break;
    }
    return base;
  };
}
