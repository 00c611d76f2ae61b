import { abs, cmp, dec, mul, sub, type Dec } from '../../shared/model/decimal.ts';
import type { HoldingField, Tolerances } from '../../shared/model/holding.ts';
import { breakingFields, ownValue, worthOf, type BreakUnit, type UnitSide, type UnitValues } from './break-unit.ts';
import { FIELD_WORD, money, units } from './break-words.ts';
import { rounded, unitOf } from './rounded.ts';
import { splitRatio } from './split-ratio.ts';
import { surplusQuantity } from './surplus-records.ts';
import { withinTolerance } from './tolerance.ts';

/** Classes of a position that both sides hold; see docs/reconciliation.md for the table these rules follow. */
export type UnitClass =
  | 'duplicate'
  | 'corporate_action'
  | 'multiplier'
  | 'rounding'
  | 'stale_price'
  | 'price_source'
  | 'quantity'
  | 'cost_basis'
  | 'self_inconsistent'
  | 'unexplained';

export interface FieldBreak {
  readonly field: HoldingField;
  readonly class: UnitClass;
  /** Why it is in this class, with the numbers. */
  readonly sentence: string;
  /** Clearway is the stale or the coarser side of a safe class, so that the other's value may be taken by rule. */
  readonly clearwayGives: boolean;
}

interface Case {
  readonly unit: BreakUnit;
  readonly tolerances: Tolerances;
  readonly breaking: ReadonlySet<HoldingField>;
}
interface Finding {
  readonly class: UnitClass;
  readonly sentence: string;
  /** Whether the class also accounts for a difference in cost basis. */
  readonly coversCost: boolean;
  readonly gives: (field: HoldingField) => boolean;
}
type Rule = (c: Case) => Finding | null;

const finding = (name: UnitClass, sentence: string, rest: Partial<Finding> = {}): Finding => ({
  class: name,
  sentence,
  coversCost: false,
  gives: () => false,
  ...rest,
});

const TWO_PERCENT = { absolute: dec('0'), relative: dec('0.02') };
const sides = ({ unit }: Case): readonly [UnitSide, UnitSide] => [unit.clearway, unit.other];
const quantityPair = ({ unit }: Case): [Dec, Dec] | null => pair(unit, 'quantity');
function pair(unit: BreakUnit, field: HoldingField): [Dec, Dec] | null {
  const [a, b] = [unit.clearway.values[field], unit.other.values[field]];
  return a === null || b === null ? null : [a, b];
}

const duplicate: Rule = (c) => {
  if (!c.breaking.has('quantity')) return null;
  const [clearway, other] = sides(c);
  for (const [many, one] of [
    [other, clearway],
    [clearway, other],
  ] as const) {
    const target = one.values.quantity;
    const surplus =
      target === null
        ? null
        : surplusQuantity(
            many.records.map((r) => r.quantity),
            target,
            c.tolerances.quantity,
          );
    if (target === null || surplus === null) continue;
    return finding(
      'duplicate',
      `${many.name} has ${many.records.length} records for this position; without ${units(surplus, c.unit.type)} reported twice it stands at ${one.name}’s ${units(target, c.unit.type)}.`,
      { coversCost: true },
    );
  }
  return null;
};

const corporateAction: Rule = (c) => {
  const quantities = quantityPair(c);
  if (!quantities || !c.breaking.has('quantity')) return null;
  const ratio = splitRatio(...quantities, c.tolerances.quantity);
  const worth = sides(c).map((s) => worthOf(s.values, c.unit.multiplier));
  const [a, b] = worth;
  if (!ratio || !a || !b || !withinTolerance(a, b, TWO_PERCENT)) return null;
  const [clearway, other] = sides(c);
  const clearwayHasFewer = cmp(abs(quantities[0]), abs(quantities[1])) < 0;
  const fewer = clearwayHasFewer ? clearway : other;
  const more = clearwayHasFewer ? other : clearway;
  const reverse = c.unit.base.quantity !== null && c.unit.base.quantity === more.values.quantity;
  const [before, after] = reverse ? [more, fewer] : [fewer, more];
  const split = reverse ? `${ratio.older}-for-${ratio.newer} reverse split` : `${ratio.newer}-for-${ratio.older} split`;
  return finding(
    'corporate_action',
    `${before.name} still has ${held(before, c.unit)}; ${after.name} has ${held(after, c.unit)}: a ${split} is booked on one side only.`,
  );
};

const held = ({ values }: UnitSide, { type }: BreakUnit): string =>
  `${values.quantity === null ? 'no quantity' : units(values.quantity, type)}${values.price === null ? '' : ` at ${money(values.price)}`}`;

const FACTORS = ['100', '1000'] as const;
const FACTOR_FIELDS = ['quantity', 'price', 'marketValue'] as const;

function factorApart(c: Case, field: HoldingField): (typeof FACTORS)[number] | null {
  const values = c.breaking.has(field) ? pair(c.unit, field) : null;
  if (!values) return null;
  const [a, b] = values;
  const fits = (f: Dec): boolean =>
    withinTolerance(mul(a, f), b, c.tolerances[field]) || withinTolerance(a, mul(b, f), c.tolerances[field]);
  return FACTORS.find((f) => fits(f as Dec)) ?? null;
}

const multiplier: Rule = (c) => {
  if (c.unit.type !== 'bond' && c.unit.type !== 'option') return null;
  for (const field of FACTOR_FIELDS) {
    const factor = factorApart(c, field);
    const values = pair(c.unit, field);
    if (factor === null || !values) continue;
    const [clearway, other] = sides(c);
    const why =
      c.unit.type === 'bond'
        ? 'as when face value or price is counted in another unit'
        : 'as when the contract size is counted on one side only';
    return finding(
      'multiplier',
      `The ${FIELD_WORD[field]} differs by a factor of exactly ${factor} (${clearway.name} ${money(values[0])}, ${other.name} ${money(values[1])}), ${why}.`,
      { coversCost: factorApart(c, 'costBasis') !== null },
    );
  }
  return null;
};

/** Which side's amount is the rounded one: by its own decimals, or for a value by those of the price or quantity behind it. */
function coarserSide({ unit }: Case, field: HoldingField): 'a' | 'b' | null {
  const values = pair(unit, field);
  if (!values) return null;
  const direct = rounded(...values);
  if (direct) return direct.coarser;
  if (field !== 'marketValue') return null;
  for (const [factor, by] of [
    ['price', 'quantity'],
    ['quantity', 'price'],
  ] as const) {
    const factors = pair(unit, factor);
    const weights = pair(unit, by);
    const found = factors && rounded(...factors);
    if (!found || !weights) continue;
    const weight = cmp(abs(weights[0]), abs(weights[1])) > 0 ? abs(weights[0]) : abs(weights[1]);
    if (cmp(abs(sub(...values)), mul(mul(unitOf(found.decimals), weight), unit.multiplier)) <= 0) return found.coarser;
  }
  return null;
}

const rounding: Rule = (c) => {
  const fields = [...c.breaking].filter((f) => f !== 'costBasis');
  const judged = fields.map((field) => ({ field, coarser: coarserSide(c, field) }));
  const first = judged[0];
  if (!first || judged.some((j) => j.coarser === null)) return null;
  const values = pair(c.unit, first.field) as [Dec, Dec];
  const [clearway, other] = sides(c);
  const [coarse, fine] = first.coarser === 'a' ? [clearway, other] : [other, clearway];
  const [x, y] = first.coarser === 'a' ? values : [values[1], values[0]];
  return finding(
    'rounding',
    `The ${FIELD_WORD[first.field]} of ${coarse.name}, ${money(x)}, is ${fine.name}’s ${money(y)} after rounding to fewer decimals.`,
    { coversCost: coarserSide(c, 'costBasis') !== null, gives: (field) => coarserSide(c, field) === 'a' },
  );
};

const pricesApart = (c: Case): boolean => c.breaking.has('price') && !c.breaking.has('quantity') && quantityPair(c) !== null;

const stalePrice: Rule = (c) => {
  const prices = pricesApart(c) ? pair(c.unit, 'price') : null;
  const base = c.unit.base.price;
  if (!prices || base === null || (prices[0] === base) === (prices[1] === base)) return null;
  const [clearway, other] = sides(c);
  const clearwayStale = prices[0] === base;
  const [stale, moved] = clearwayStale ? [clearway, other] : [other, clearway];
  const price = clearwayStale ? prices[1] : prices[0];
  return finding(
    'stale_price',
    `Quantities agree; ${stale.name} still has the previous price ${money(base)} where ${moved.name} has ${money(price)}.`,
    { gives: () => clearwayStale && valueFollowsPrice(c, moved.values) },
  );
};

/** The moved side's market value is its own quantity times its own price, so price and value can be taken together. */
function valueFollowsPrice(c: Case, values: UnitValues): boolean {
  const own = ownValue(values, c.unit.multiplier);
  return own !== null && (values.marketValue === null || withinTolerance(own, values.marketValue, c.tolerances.marketValue));
}

const priceSource: Rule = (c) => {
  const prices = pricesApart(c) ? pair(c.unit, 'price') : null;
  if (!prices) return null;
  const [clearway, other] = sides(c);
  const base = c.unit.base.price;
  const why =
    base === null ? 'no earlier price is known that either could be stale at' : `neither is the previous price ${money(base)}`;
  return finding(
    'price_source',
    `Quantities agree; ${clearway.name} has the price ${money(prices[0])}, ${other.name} ${money(prices[1])}, and ${why}.`,
  );
};

const quantity: Rule = (c) => {
  const quantities = c.breaking.has('quantity') ? quantityPair(c) : null;
  if (!quantities) return null;
  const { type, clearway, other } = c.unit;
  return finding('quantity', `${clearway.name} has ${units(quantities[0], type)}, ${other.name} ${units(quantities[1], type)}.`, {
    coversCost: true,
  });
};

const selfInconsistent: Rule = (c) => {
  if (c.breaking.has('price') || c.breaking.has('quantity')) return null;
  const wrong = sides(c).flatMap((side) => {
    const own = ownValue(side.values, c.unit.multiplier);
    const stated = side.values.marketValue;
    return own === null || stated === null || withinTolerance(own, stated, c.tolerances.marketValue)
      ? []
      : [`${side.name} states a market value of ${money(stated)}, but its own quantity times price is ${money(own)}`];
  });
  return wrong.length === 0 ? null : finding('self_inconsistent', `${wrong.join('; ')}.`);
};

const unexplained: Rule = (c) => {
  const stated = [...c.breaking]
    .filter((f) => f !== 'costBasis')
    .map((field) => {
      const [a, b] = pair(c.unit, field) as [Dec, Dec];
      return `${FIELD_WORD[field]} ${money(a)} and ${money(b)}`;
    });
  const [clearway, other] = sides(c);
  return finding('unexplained', `${clearway.name} and ${other.name} differ in ${stated.join(', ')}, and no rule explains it.`);
};

/** First rule that fits decides; the order is that of docs/reconciliation.md. */
const RULES: readonly Rule[] = [
  duplicate,
  corporateAction,
  multiplier,
  rounding,
  stalePrice,
  priceSource,
  quantity,
  selfInconsistent,
  unexplained,
];

function costBreak(c: Case, found: Finding | null): FieldBreak {
  const field = 'costBasis';
  const [clearway, other] = sides(c);
  const [a, b] = pair(c.unit, field) as [Dec, Dec];
  if (found?.coversCost) return { field, class: found.class, sentence: found.sentence, clearwayGives: found.gives(field) };
  const coarser = coarserSide(c, field);
  if (coarser !== null) {
    const [coarse, fine, x, y] = coarser === 'a' ? [clearway, other, a, b] : [other, clearway, b, a];
    const sentence = `The cost basis of ${coarse.name}, ${money(x)}, is ${fine.name}’s ${money(y)} after rounding to fewer decimals.`;
    return { field, class: 'rounding', sentence, clearwayGives: coarser === 'a' };
  }
  const sentence = `${clearway.name} has a cost basis of ${money(a)}, ${other.name} ${money(b)}; nothing else about the position explains it.`;
  return { field, class: 'cost_basis', sentence, clearwayGives: false };
}

/**
 * Classifies every field of a position that differs beyond tolerance. Symmetric: with the sides exchanged the classes are
 * the same. Cost basis is judged apart, because a price or a split does not explain it.
 */
export function classifyUnit(unit: BreakUnit, tolerances: Tolerances): FieldBreak[] {
  const fields = breakingFields(unit.clearway.values, unit.other.values, tolerances);
  const c: Case = { unit, tolerances, breaking: new Set(fields) };
  const main = fields.filter((field) => field !== 'costBasis');
  let found: Finding | null = null;
  if (main.length > 0) for (const rule of RULES) if ((found = rule(c)) !== null) break;
  return fields.map((field) =>
    field === 'costBasis' || found === null
      ? costBreak(c, found)
      : { field, class: found.class, sentence: found.sentence, clearwayGives: found.gives(field) },
  );
}
