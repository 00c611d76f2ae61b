import type { Dec } from '../../shared/model/decimal.ts';
import type { SecurityType } from '../../shared/model/holding.ts';
import { units } from './break-words.ts';

/** A position that only one of the two sides holds. */
export interface OneSided {
  readonly holder: 'clearway' | 'other';
  readonly accountId: number;
  readonly accountName: string;
  /** Null while the side's security is not tied to the book. */
  readonly securityId: number | null;
  readonly securityName: string;
  readonly type: SecurityType;
  readonly ticker: string | null;
  readonly cusip: string | null;
  /** Securities of the book that an untied one may be, by its identifiers. */
  readonly mayBe: readonly number[];
  readonly quantity: Dec;
}

export interface OneSidedBreak {
  readonly class: 'account_mapping' | 'identifier' | 'missing' | 'extra';
  readonly sentence: string;
}

const SEPARATED_CLASS = /[.\-/ ][A-Z0-9]{1,3}$/;

/** The ticker without a share-class suffix that is set off by a separator, as in BRK.B or BRK/B. */
const tickerStem = (ticker: string): string => ticker.trim().toUpperCase().replace(SEPARATED_CLASS, '');
const joined = (ticker: string): string =>
  ticker
    .trim()
    .toUpperCase()
    .replace(/[.\-/ ]/g, '');

const sameTicker = (a: string, b: string): boolean => tickerStem(a) === tickerStem(b) || joined(a) === joined(b);

/** Why two securities seem to be one, or null. */
function kinship(a: OneSided, b: OneSided): string | null {
  if (a.cusip !== null && b.cusip !== null && a.cusip.slice(0, 6) === b.cusip.slice(0, 6))
    return 'the first six characters of the CUSIP agree';
  if (a.ticker !== null && b.ticker !== null && sameTicker(a.ticker, b.ticker)) return 'the tickers agree up to the share class';
  if ((b.securityId !== null && a.mayBe.includes(b.securityId)) || (a.securityId !== null && b.mayBe.includes(a.securityId)))
    return 'an identifier of the one belongs to the other';
  return null;
}

const push = (index: Map<string, OneSided[]>, key: string, item: OneSided): void => {
  const list = index.get(key);
  if (list) list.push(item);
  else index.set(key, [item]);
};
const opposite = (p: OneSided): OneSided['holder'] => (p.holder === 'clearway' ? 'other' : 'clearway');

/**
 * Classifies all one-sided positions of one pair of sides, in their order: held in the wrong account, held under another
 * identifier, else missing (Clearway holds it) or extra (the side does). `otherName` is the side's name.
 */
export function classifyOneSided(positions: readonly OneSided[], otherName: string): OneSidedBreak[] {
  const bySecurity = new Map<string, OneSided[]>();
  const byAccount = new Map<string, OneSided[]>();
  for (const p of positions) {
    if (p.securityId !== null) push(bySecurity, `${p.holder} ${p.securityId} ${p.quantity}`, p);
    push(byAccount, `${p.holder} ${p.accountId} ${p.quantity}`, p);
  }
  const nameOf = (holder: OneSided['holder']): string => (holder === 'clearway' ? 'Clearway' : otherName);

  return positions.map((p) => {
    const holder = nameOf(p.holder);
    const partner = nameOf(opposite(p));
    const amount = units(p.quantity, p.type);
    const elsewhere = (
      p.securityId === null ? [] : (bySecurity.get(`${opposite(p)} ${p.securityId} ${p.quantity}`) ?? [])
    ).filter((other) => other.accountId !== p.accountId);
    const [first] = elsewhere;
    if (first) {
      const place =
        elsewhere.length === 1 ? first.accountName : `one of ${elsewhere.length} other accounts, such as ${first.accountName}`;
      return {
        class: 'account_mapping',
        sentence: `${holder} has ${amount} of ${p.securityName} in ${p.accountName}, ${partner} has the same ${amount} in ${place}: the account is tied to the wrong one.`,
      };
    }
    for (const twin of byAccount.get(`${opposite(p)} ${p.accountId} ${p.quantity}`) ?? []) {
      const why = kinship(p, twin);
      if (why === null) continue;
      return {
        class: 'identifier',
        sentence: `${holder} has ${amount} as ${p.securityName}, ${partner} the same ${amount} as ${twin.securityName}: one security under two identifiers, ${why}.`,
      };
    }
    return {
      class: p.holder === 'clearway' ? 'missing' : 'extra',
      sentence: `${holder} has ${amount} of ${p.securityName} in ${p.accountName}; ${partner} does not hold it.`,
    };
  });
}
