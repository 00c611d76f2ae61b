import { abs, add, cmp, dec, div, mul, ONE, sub, ZERO, type Dec } from '../../../shared/model/decimal.ts';
import type { SecurityType } from '../../../shared/model/holding.ts';
import type { PositionRow } from './position-rows.ts';
import type { DescribedSecurity } from './security-list.ts';
import type { StatementCheck } from './statement.ts';

/** Statement figures are written in cents, so two correct figures may differ by one. */
export const CENT = dec('0.01');
/** Half of the last decimal: 0.005 for two decimals. */
const halfUnit = (decimals: number): Dec => dec(`0.${'0'.repeat(decimals)}5`);

type Valued = PositionRow & {
  readonly price: NonNullable<PositionRow['price']>;
  readonly marketValue: NonNullable<PositionRow['marketValue']>;
};
const isValued = (row: PositionRow): row is Valued => row.price !== null && row.marketValue !== null;

const product = (row: Valued, multiplier: Dec): Dec => {
  const value = mul(row.units.value, row.price.value);
  return multiplier === '1' ? value : mul(value, multiplier);
};

/**
 * The most by which rounding of units, price and value can move the product. Whole units are taken as exact and prices
 * as quoted to the cent at least, because writers drop trailing zeros.
 */
function roundingBound(row: Valued, multiplier: Dec): Dec {
  const units = abs(row.units.value);
  const price = abs(row.price.value);
  const unitsHalf = row.units.decimals === 0 ? ZERO : halfUnit(row.units.decimals);
  const widest = mul(add(units, unitsHalf), add(price, halfUnit(priceDecimals(row))));
  return add(mul(sub(widest, mul(units, price)), multiplier), halfUnit(row.marketValue.decimals));
}

const priceDecimals = (row: Valued): number => Math.max(2, row.price.decimals);

const within = (a: Dec, b: Dec, bound: Dec): boolean => a === b || cmp(abs(sub(a, b)), bound) <= 0;

function fits(row: Valued, multiplier: Dec): 'own' | 'statement' | null {
  const computed = product(row, multiplier);
  const stated = row.marketValue.value;
  // Nearly every row fits to the cent, and the bound costs more than the product.
  if (within(computed, stated, CENT)) return 'own';
  const rate = row.currency.rate === '1' ? null : row.currency.rate;
  if (rate !== null && within(mul(computed, rate), stated, CENT)) return 'statement';
  const bound = roundingBound(row, multiplier);
  if (within(computed, stated, bound)) return 'own';
  return rate !== null && within(mul(computed, rate), stated, add(mul(bound, rate), CENT)) ? 'statement' : null;
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
 * of the security fits it and they do not all fit the usual one. Rows worth nothing fit everything and prove nothing.
 */
export function chooseMultiplier(
  type: SecurityType,
  described: DescribedSecurity | undefined,
  rows: readonly PositionRow[],
): { readonly multiplier: Dec; readonly remark: string | null } {
  const choices = candidates(type, described);
  const usual = choices[0] ?? dec('1');
  const telling = rows.filter(isValued).filter((row) => product(row, ONE) !== '0');
  const fitting = choices.find((choice) => telling.length > 0 && telling.every((row) => fits(row, choice) !== null));
  if (fitting !== undefined && fitting !== usual)
    return {
      multiplier: fitting,
      remark: `the stated market values fit units x price x ${fitting}, not the usual x ${usual}; ${fitting} is taken as multiplier`,
    };
  const assumed = type === 'option' && !described?.contractSize && fitting === undefined;
  return { multiplier: usual, remark: assumed ? 'the file does not say how many shares a contract covers; 100 is taken' : null };
}

/** A market value stated in the statement's currency while the price is in the row's own. */
export const isValuedInStatementCurrency = (row: PositionRow, multiplier: Dec): boolean =>
  isValued(row) && fits(row, multiplier) === 'statement';

/**
 * Stated market value beside units x price x multiplier, to the cent; `rate` converts the product where the value is
 * stated in the statement's currency, else it is 1. Null when units, price or value is missing.
 */
export function checkPosition(row: PositionRow, multiplier: Dec, rate: Dec): StatementCheck | null {
  if (!isValued(row)) return null;
  const computed = rate === '1' ? product(row, multiplier) : mul(product(row, multiplier), rate);
  const stated = row.marketValue.value;
  const factors = `${row.units.value} x ${row.price.value}${multiplier === '1' ? '' : ` x ${multiplier}`}${rate === '1' ? '' : ` x rate ${rate}`}`;
  const difference = abs(sub(stated, computed));
  const agrees = cmp(difference, CENT) <= 0;
  const note =
    difference === '0'
      ? `${factors} is the stated value.`
      : agrees
        ? `${factors} differs by ${difference}, not more than a cent: the value is rounded.`
        : cmp(difference, mul(roundingBound(row, multiplier), rate)) <= 0
          ? `${factors} differs by ${difference}, which rounding of the price to ${priceDecimals(row)} decimals explains.`
          : `${factors} differs by ${difference}. Ask the custodian which of units, price and value is right.`;
  return {
    what: `Line ${row.line}: market value of ${row.security.label} against units x price`,
    stated,
    computed,
    agrees,
    note,
  };
}
