import { abs, add, cmp, dec, div, mul, sub, type Dec } from '../../../shared/model/decimal.ts';
import type { SecurityType } from '../../../shared/model/holding.ts';
import type { PositionRow } from './position-rows.ts';
import type { DescribedSecurity } from './security-list.ts';
import type { StatementCheck } from './statement.ts';

/** Statement figures are written in cents, so two correct figures may differ by one. */
export const CENT = dec('0.01');
const HALF = dec('0.5');
const halfUnit = (decimals: number): Dec => mul(HALF, dec(`1e-${decimals}`));

type Valued = PositionRow & { readonly price: NonNullable<PositionRow['price']>; readonly marketValue: NonNullable<PositionRow['marketValue']> };
const isValued = (row: PositionRow): row is Valued => row.price !== null && row.marketValue !== null;

const product = (row: Valued, multiplier: Dec): Dec => mul(mul(row.units.value, row.price.value), multiplier);

/** The most by which rounding of units, price and value, each to its written decimals, can move the product. */
function roundingBound(row: Valued, multiplier: Dec): Dec {
  const units = abs(row.units.value);
  const price = abs(row.price.value);
  const widest = mul(add(units, halfUnit(row.units.decimals)), add(price, halfUnit(row.price.decimals)));
  return add(mul(sub(widest, mul(units, price)), multiplier), halfUnit(row.marketValue.decimals));
}

const within = (a: Dec, b: Dec, bound: Dec): boolean => cmp(abs(sub(a, b)), bound) <= 0;

function fits(row: Valued, multiplier: Dec): 'own' | 'statement' | null {
  const rounding = roundingBound(row, multiplier);
  const bound = cmp(rounding, CENT) > 0 ? rounding : CENT;
  if (within(product(row, multiplier), row.marketValue.value, bound)) return 'own';
  const { rate } = row.currency;
  if (rate !== null && rate !== '1' && within(mul(product(row, multiplier), rate), row.marketValue.value, add(mul(bound, rate), CENT))) return 'statement';
  return null;
}

function candidates(type: SecurityType, described: DescribedSecurity | undefined): readonly Dec[] {
  const one = dec('1');
  const hundredth = dec('0.01');
  const hundred = dec('100');
  if (type === 'bond') return [hundredth, one, ...(described?.parValue ? [div(described.parValue, hundred) ?? one] : [])];
  if (type === 'option') return described?.contractSize ? [described.contractSize, hundred, one] : [hundred, one];
  return type === 'other' ? [one, hundredth, hundred] : [one];
}

/**
 * Value = units x price x multiplier. Bonds are priced per 100 of face (0.01), options per share of a contract
 * (SHPERCTRCT, else 100), the rest per unit (1). Another known convention is taken only when every stated market value
 * of the security fits it and none fits the usual one.
 */
export function chooseMultiplier(
  type: SecurityType,
  described: DescribedSecurity | undefined,
  rows: readonly PositionRow[],
  label: string,
): { readonly multiplier: Dec; readonly warning: string | null } {
  const choices = candidates(type, described);
  const usual = choices[0] ?? dec('1');
  const valued = rows.filter(isValued);
  const fitting = choices.find((choice) => valued.length > 0 && valued.every((row) => fits(row, choice) !== null));
  if (fitting !== undefined && fitting !== usual && !valued.some((row) => fits(row, usual) !== null))
    return { multiplier: fitting, warning: `${label}: the stated market values fit units x price x ${fitting}, not the usual x ${usual}; ${fitting} is taken as multiplier.` };
  const assumed = type === 'option' && !described?.contractSize && fitting === undefined;
  return { multiplier: usual, warning: assumed ? `${label}: the file does not say how many shares a contract covers; 100 is taken.` : null };
}

/** A market value stated in the statement's currency while the price is in the row's own. */
export const isValuedInStatementCurrency = (row: PositionRow, multiplier: Dec): boolean => isValued(row) && fits(row, multiplier) === 'statement';

/** Stated market value beside units x price x multiplier, to the cent. Null when one of them is missing. */
export function checkPosition(row: PositionRow, multiplier: Dec): StatementCheck | null {
  if (!isValued(row)) return null;
  const converted = isValuedInStatementCurrency(row, multiplier) && row.currency.rate !== null;
  const own = product(row, multiplier);
  const computed = converted ? mul(own, row.currency.rate ?? dec('1')) : own;
  const stated = row.marketValue.value;
  const agrees = within(stated, computed, CENT);
  const factors = `${row.units.value} x ${row.price.value}${multiplier === '1' ? '' : ` x ${multiplier}`}${converted ? ` x rate ${row.currency.rate}` : ''}`;
  const difference = abs(sub(stated, computed));
  const byRounding = cmp(difference, roundingBound(row, multiplier)) <= 0;
  const note =
    difference === '0' ? `${factors} is the stated value.`
    : agrees ? `${factors} differs by ${difference}, not more than a cent: the value is rounded.`
    : byRounding ? `${factors} differs by ${difference}, which rounding of the price to ${row.price.decimals} decimals explains.`
    : `${factors} differs by ${difference}. Ask the custodian which of units, price and value is right.`;
  return { what: `Line ${row.line}: market value of ${row.security.label} against units x price`, stated, computed, agrees, note };
}
