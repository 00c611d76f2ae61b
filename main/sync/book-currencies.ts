import type { WritableDb } from '../store/handles.ts';
import type { Linked } from './identity.ts';

const UNNAMED = 'USD';

/** The currency of amounts that no source names: that of their security in the book. */
export function createBookCurrencies(db: WritableDb): (security: Linked) => string {
  const find = db.prepare('SELECT currency FROM securities WHERE id = ?').pluck();
  const known = new Map<number, string>();
  return (security) => {
    if (security === null) return UNNAMED;
    let currency = known.get(security);
    if (currency === undefined) known.set(security, (currency = (find.get(security) as string | undefined) ?? UNNAMED));
    return currency;
  };
}
