import { Decimal } from 'decimal.js';
import type { TestBook } from './book.ts';

interface Holding {
  readonly id: number;
  readonly account: number;
  readonly security: number;
  readonly type: string;
  readonly status: string;
  readonly currency: string;
  readonly values: Record<string, string | null>;
}
interface SourceRecord {
  readonly holding: number | null;
  readonly asOf: string;
  readonly values: Record<string, string | null>;
}

const FIELDS = { quantity: 'quantity', price: 'price', market_value: 'marketValue', cost_basis: 'costBasis' } as const;
const BOUNDS: Record<string, readonly [absolute: string, relative: string]> = {
  quantity: ['0.0001', '0'],
  price: ['0.005', '0.0001'],
  market_value: ['0.01', '0.0001'],
  cost_basis: ['0.01', '0.0001'],
  cash: ['0.01', '0'],
};

const Exact = Decimal.clone({ precision: 60 });

function differ(a: string, b: string, field: string): boolean {
  const [absolute, relative] = BOUNDS[field] as [string, string];
  const [x, y] = [new Exact(a), new Exact(b)];
  return x
    .minus(y)
    .abs()
    .gt(Decimal.max(absolute, Exact.max(x.abs(), y.abs()).times(relative)));
}

const total = (values: readonly (string | null)[]): string | null =>
  values.some((v) => v === null) ? null : values.reduce((sum, v) => sum.plus(v ?? 0), new Exact(0)).toFixed();
const nothing = (values: Record<string, string | null>): boolean =>
  [values['quantity'], values['market_value']].every((v) => v === null || v === '0');

/**
 * What a run of one platform must find, worked out the plain way: everything in memory, no sets, no shortcuts, exact
 * decimals by another library. Answers `account security field` of every break, and how many units were compared.
 */
export function referenceRun(book: TestBook, connectionId: number, asOf: string): { breaks: string[]; compared: number } {
  const rows = book.db
    .prepare(
      `SELECT h.id, h.account_id AS account, h.security_id AS security, s.type, h.status, s.currency, h.quantity, h.price, h.market_value, h.cost_basis
       FROM holdings h JOIN securities s ON s.id = h.security_id`,
    )
    .all() as (Omit<Holding, 'values'> & Record<string, string | null>)[];
  const holdings: Holding[] = rows.map((r) => ({
    ...r,
    values: Object.fromEntries(Object.keys(FIELDS).map((f) => [f, r[f] ?? null])),
  }));
  const records = (
    book.db
      .prepare(
        `SELECT holding_id AS holding, as_of AS asOf, quantity, price, market_value, cost_basis FROM source_holdings
         WHERE connection_id = ? AND valid_to_op IS NULL ORDER BY id`,
      )
      .all(connectionId) as (Omit<SourceRecord, 'values'> & Record<string, string | null>)[]
  ).map((r): SourceRecord => ({ ...r, values: Object.fromEntries(Object.keys(FIELDS).map((f) => [f, r[f] ?? null])) }));
  const known = new Set(
    book.db.prepare('SELECT account_id FROM account_links WHERE connection_id = ?').pluck().all(connectionId) as number[],
  );
  const byHolding = Map.groupBy(records, (r) => r.holding);
  const ofDate = (h: Holding): boolean => (byHolding.get(h.id) ?? []).some((r) => r.asOf === asOf);
  const ofOtherDate = (h: Holding): boolean => (byHolding.get(h.id) ?? []).some((r) => r.asOf !== asOf);
  const byAccount = Map.groupBy(holdings, (h) => h.account);
  const silentAccount = (account: number): boolean => {
    const own = byAccount.get(account) ?? [];
    return own.some(ofOtherDate) && !own.some((h) => ofDate(h) && !ofOtherDate(h));
  };

  const breaks: string[] = [];
  let compared = 0;
  const cash = new Map<string, Holding[]>();
  for (const [account, own] of byAccount) {
    if (!known.has(account) || silentAccount(account)) continue;
    for (const h of own) {
      const said = byHolding.get(h.id) ?? [];
      if (h.type === 'cash') {
        if (h.status === 'held' || said.length > 0)
          cash.set(`${account} ${h.currency}`, [...(cash.get(`${account} ${h.currency}`) ?? []), h]);
        continue;
      }
      if (said.some((r) => r.asOf !== asOf)) continue;
      const summed: Record<string, string | null> = Object.fromEntries(
        Object.keys(FIELDS).map((f) => [f, total(said.map((r) => r.values[f] ?? null))]),
      );
      summed['price'] = said.map((r) => r.values['price'] ?? null).find((p) => p !== null) ?? null;
      const [here, there] = [h.status === 'held', said.length > 0];
      if (here && there) {
        compared += 1;
        for (const [column, field] of Object.entries(FIELDS)) {
          const [a, b] = [h.values[column] ?? null, summed[column] ?? null];
          if (a !== null && b !== null && differ(a, b, column)) breaks.push(`${account} ${h.security} ${field}`);
        }
      } else if (here !== there && !nothing(here ? h.values : summed)) {
        compared += 1;
        breaks.push(`${account} ${h.security} presence`);
      }
    }
  }
  for (const [key, own] of cash) {
    const said = own.flatMap((h) => byHolding.get(h.id) ?? []);
    if (said.some((r) => r.asOf !== asOf)) continue;
    compared += 1;
    const mine = total(own.filter((h) => h.status === 'held').map((h) => h.values['quantity'] ?? '0')) ?? '0';
    if (differ(mine, total(said.map((r) => r.values['quantity'] ?? null)) ?? '0', 'cash')) breaks.push(`${key} cash`);
  }
  return { breaks: breaks.toSorted(), compared };
}
