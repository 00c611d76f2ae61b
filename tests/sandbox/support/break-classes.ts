import { abs, cmp, dec, div, mul, round, scaleOf, sub, type Dec } from '../../../shared/model/decimal.ts';
import { HOLDING_FIELDS, type HoldingField } from '../../../shared/model/holding.ts';
import type { OpeningBook, OpeningSecurity } from '../../../shared/model/opening-book.ts';
import type { ExpectedBook, ExpectedUnit } from './expected-book.ts';
import type { PlatformView, UnitView } from './platform-views.ts';
import { within } from './tolerance.ts';

const SPLITS = ['2', '3', '4', '5', '6', '7', '8', '10', '15', '20', '1.5'].map((text) => dec(text));
const THIRDS: readonly (readonly [Dec, Dec])[] = [
  [dec('4'), dec('3')],
  [dec('5'), dec('4')],
];

export interface ExpectedBreak {
  readonly unit: string;
  readonly class: string;
  readonly fields: readonly string[];
}

const ratioIs = (a: Dec, b: Dec, numerator: Dec, denominator: Dec): boolean =>
  mul(a, denominator) === mul(b, numerator) || mul(b, denominator) === mul(a, numerator);
const ONE = dec('1');

/** The coarser amount equals the finer one rounded to the coarser one’s decimals. */
function isRounding(a: Dec, b: Dec): boolean {
  const [coarse, fine] = scaleOf(a) < scaleOf(b) ? [a, b] : [b, a];
  return scaleOf(coarse) < scaleOf(fine) && round(fine, scaleOf(coarse)) === coarse;
}
const unitOfLast = (a: Dec, b: Dec): Dec => dec(`1e-${Math.min(scaleOf(a), scaleOf(b))}`);

function classOf(unit: ExpectedUnit, side: UnitView, security: OpeningSecurity, broken: readonly HoldingField[]): string {
  const { now } = unit;
  const [quantity, price, value] = [now.quantity ?? dec('0'), now.price ?? dec('0'), now.marketValue ?? dec('0')];
  const has = (field: HoldingField): boolean => broken.includes(field);
  if (side.records > 1 && (div(side.quantity, dec(String(side.records))) ?? '') === quantity) return 'duplicate';
  const valuesAgree = cmp(abs(sub(value, side.marketValue)), mul(abs(value), dec('0.02'))) <= 0;
  const split =
    SPLITS.some((ratio) => ratioIs(quantity, side.quantity, ratio, ONE)) ||
    THIRDS.some(([n, d]) => ratioIs(quantity, side.quantity, n, d));
  if (has('quantity') && split && valuesAgree) return 'corporate_action';
  const factor = (a: Dec, b: Dec): boolean => [dec('100'), dec('1000')].some((f) => ratioIs(a, b, f, ONE));
  if (
    (security.type === 'bond' || security.type === 'option') &&
    ((has('quantity') && factor(quantity, side.quantity)) ||
      (has('price') && factor(price, side.price)) ||
      (has('marketValue') && factor(value, side.marketValue)))
  )
    return 'multiplier';
  const byPrice = mul(mul(unitOfLast(price, side.price), abs(quantity)), security.multiplier);
  const byQuantity = mul(mul(unitOfLast(quantity, side.quantity), price), security.multiplier);
  const coarsest = (scaleOf(price) !== scaleOf(side.price) ? [byPrice] : []).concat(
    scaleOf(quantity) !== scaleOf(side.quantity) ? [byQuantity] : [],
  );
  const explained = (field: HoldingField): boolean => {
    const [a, b] = [now[field] ?? dec('0'), side[field] ?? dec('0')];
    return isRounding(a, b) || (field === 'marketValue' && coarsest.some((limit) => cmp(abs(sub(a, b)), limit) <= 0));
  };
  if (broken.every(explained)) return 'rounding';
  const basePrice = unit.base?.price ?? null;
  if (!has('quantity') && has('price'))
    return (price === basePrice) !== (side.price === basePrice) ? 'stale_price' : 'price_source';
  if (security.type === 'cash') return 'cash';
  if (has('quantity')) return 'quantity';
  if (broken.length === 1 && has('costBasis')) return 'cost_basis';
  const own = (q: Dec, p: Dec): Dec => round(mul(mul(q, p), security.multiplier), 2);
  if (
    broken.length === 1 &&
    has('marketValue') &&
    (own(quantity, price) !== value || own(side.quantity, side.price) !== side.marketValue)
  )
    return 'self_inconsistent';
  return 'unexplained';
}

/** Breaks between the expected book and one platform, classed by the rules of docs/reconciliation.md. */
export function expectedBreaks(book: ExpectedBook, view: PlatformView, opening: OpeningBook): readonly ExpectedBreak[] {
  const securities = new Map(opening.securities.map((security) => [security.key, security]));
  const split = (key: string): readonly [string, string] => key.split('|') as [string, string];
  const breaks: ExpectedBreak[] = [];
  const ours: string[] = [];
  const theirs: string[] = [];
  for (const [key, unit] of book.units) {
    const side = view.units.get(key);
    if (unit.held && !side) ours.push(key);
    if (!unit.held || !side) continue;
    const broken = HOLDING_FIELDS.filter((field) => {
      const [a, b] = [unit.now[field], side[field]];
      return a !== null && b !== null && !within(field, a, b);
    });
    const security = securities.get(split(key)[1]);
    if (broken.length > 0 && security) breaks.push({ unit: key, class: classOf(unit, side, security, broken), fields: broken });
  }
  for (const key of view.units.keys()) if (!book.units.get(key)?.held) theirs.push(key);

  const quantityOf = (key: string): Dec => book.units.get(key)?.now.quantity ?? view.units.get(key)?.quantity ?? dec('0');
  const belong = (a: string, b: string): boolean => {
    const [one, two] = [securities.get(split(a)[1]), securities.get(split(b)[1])];
    const stem = (ticker: string | null | undefined): string | undefined => ticker?.replace(/[./ ][A-Z]$/, '');
    return (
      (one?.cusip !== null && one?.cusip?.slice(0, 6) === two?.cusip?.slice(0, 6)) ||
      (stem(one?.ticker) !== undefined && stem(one?.ticker) === stem(two?.ticker))
    );
  };
  const oneSided = (key: string, opposite: readonly string[], alone: 'missing' | 'extra'): void => {
    const [account, security] = split(key);
    const sameQuantity = opposite.filter((other) => quantityOf(other) === quantityOf(key));
    const moved = sameQuantity.some((other) => split(other)[1] === security && split(other)[0] !== account);
    // A record of the same account and quantity under a security nobody has tied to the book is the same position, too.
    const mixed =
      sameQuantity.some((other) => split(other)[0] === account && belong(key, other)) ||
      (alone === 'missing' && view.untied.has(`${account} ${quantityOf(key)}`));
    breaks.push({ unit: key, class: moved ? 'account_mapping' : mixed ? 'identifier' : alone, fields: ['presence'] });
  };
  for (const key of ours) oneSided(key, theirs, 'missing');
  for (const key of theirs) oneSided(key, ours, 'extra');
  return breaks;
}
