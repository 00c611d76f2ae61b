import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyUnit } from '../../main/core/break-classes.ts';
import type { BreakUnit, UnitValues } from '../../main/core/break-unit.ts';
import { rounded } from '../../main/core/rounded.ts';
import { splitRatio } from '../../main/core/split-ratio.ts';
import { surplusQuantity } from '../../main/core/surplus-records.ts';
import { DEFAULT_TOLERANCES } from '../../main/core/tolerance.ts';
import { dec, div, mul, type Dec } from '../../shared/model/decimal.ts';
import { HOLDING_FIELDS, SECURITY_TYPES } from '../../shared/model/holding.ts';

const values = (
  quantity: string,
  price: string | null,
  marketValue: string | null,
  costBasis: string | null = null,
): UnitValues => {
  const read = (text: string | null): Dec | null => (text === null ? null : dec(text));
  return { quantity: dec(quantity), price: read(price), marketValue: read(marketValue), costBasis: read(costBasis) };
};
const unit = (
  clearway: UnitValues,
  other: UnitValues,
  more: Partial<Omit<BreakUnit, 'base'>> & { base?: string } = {},
): BreakUnit => ({
  type: more.type ?? 'stock',
  multiplier: more.multiplier ?? dec('1'),
  clearway: { name: 'Clearway', values: clearway, records: [clearway] },
  other: more.other ?? { name: 'Orion', values: other, records: [other] },
  base: { quantity: null, price: more.base === undefined ? null : dec(more.base) },
});
const classes = (u: BreakUnit): Record<string, string> =>
  Object.fromEntries(classifyUnit(u, DEFAULT_TOLERANCES).map((b) => [b.field, b.class]));
const sentence = (u: BreakUnit): string => classifyUnit(u, DEFAULT_TOLERANCES)[0]?.sentence ?? '';
const swapped = (u: BreakUnit): BreakUnit => ({ ...u, clearway: u.other, other: u.clearway });

describe('classes of a position that both sides hold', () => {
  it('finds nothing when every difference is within tolerance', () => {
    // 0.00005 <= 0.0001; 0.004 <= 0.005; 1.2 <= 18000 x 0.0001 = 1.8
    expect(classes(unit(values('100', '180', '18000'), values('100.00005', '180.004', '18001.2')))).toEqual({});
  });

  it('does not compare what one side does not state', () => {
    expect(classes(unit(values('100', null, null, '9000'), values('100', '180', '18000')))).toEqual({});
  });

  it('duplicate: leaving out the repeated record gives the other quantity', () => {
    const one = values('100', '180', '18000', '9000');
    const other = { name: 'Orion', values: values('200', '180', '36000', '18000'), records: [one, one] };
    const u = unit(one, one, { other });
    // 200 - 100 = 100; the cost basis was doubled with the record
    expect(classes(u)).toEqual({ quantity: 'duplicate', marketValue: 'duplicate', costBasis: 'duplicate' });
    expect(sentence(u)).toBe(
      'Orion has 2 records for this position; without 100 shares reported twice it stands at Clearway’s 100 shares.',
    );
  });

  it('duplicate: two records of different lots are no duplicate', () => {
    const other = {
      name: 'Orion',
      values: values('150', '180', '27000'),
      records: [values('100', '180', '18000'), values('50', '180', '9000')],
    };
    expect(classes(unit(values('100', '180', '18000'), other.values, { other }))).toEqual({
      quantity: 'quantity',
      marketValue: 'quantity',
    });
  });

  it('corporate_action: a split booked on one side', () => {
    const u = unit(values('200', '90', '18000'), values('100', '180', '18000'));
    expect(classes(u)).toEqual({ quantity: 'corporate_action', price: 'corporate_action' });
    expect(sentence(u)).toBe(
      'Orion still has 100 shares at 180.00; Clearway has 200 shares at 90.00: a 2-for-1 split is booked on one side only.',
    );
  });

  it('corporate_action: market values up to 2 % apart still belong to the split, more do not', () => {
    expect(classes(unit(values('300', '61.2', '18360'), values('200', '90', '18000')))['quantity']).toBe('corporate_action'); // 360 <= 18360 x 0.02
    expect(classes(unit(values('300', '61.3', '18390'), values('200', '90', '18000')))['quantity']).toBe('quantity'); // 390 > 18390 x 0.02
  });

  it('corporate_action: the base tells a reverse split from a split', () => {
    const u = {
      ...unit(values('10', '900', '9000'), values('100', '90', '9000')),
      base: { quantity: dec('100'), price: dec('90') },
    };
    expect(sentence(u)).toBe(
      'Orion still has 100 shares at 90.00; Clearway has 10 shares at 900.00: a 1-for-10 reverse split is booked on one side only.',
    );
  });

  it('corporate_action: cost basis is not changed by a split, so it is judged apart', () => {
    expect(classes(unit(values('200', '90', '18000', '9000'), values('100', '180', '18000', '9500')))).toEqual({
      quantity: 'corporate_action',
      price: 'corporate_action',
      costBasis: 'cost_basis',
    });
  });

  it('multiplier: face value in thousands, for a bond but not for a stock', () => {
    const [a, b] = [values('250000', '98.5', '246250'), values('250', '98.5', '246250')];
    expect(classes(unit(a, b, { type: 'bond', multiplier: dec('0.01') }))).toEqual({ quantity: 'multiplier' }); // 250 x 1000 = 250000
    expect(classes(unit(a, b))).toEqual({ quantity: 'quantity' });
  });

  it('multiplier: the contract size of an option', () => {
    // 5 x 2.5 = 12.5; x 100 = 1250
    expect(
      classes(unit(values('5', '2.5', '1250'), values('5', '2.5', '12.5'), { type: 'option', multiplier: dec('100') })),
    ).toEqual({
      marketValue: 'multiplier',
    });
  });

  it('rounding: a price to cents and the value that follows from it', () => {
    // 12.3456 to 2 decimals is 12.35; 10000 x 12.3456 = 123456, 10000 x 12.35 = 123500; 44 <= 0.01 x 10000 = 100
    const u = unit(values('10000', '12.35', '123500'), values('10000', '12.3456', '123456'));
    expect(classifyUnit(u, DEFAULT_TOLERANCES)).toEqual([
      {
        field: 'marketValue',
        class: 'rounding',
        clearwayGives: true,
        sentence: 'The market value of Clearway, 123,500.00, is Orion’s 123,456.00 after rounding to fewer decimals.',
      },
    ]);
    expect(classifyUnit(swapped(u), DEFAULT_TOLERANCES)[0]?.clearwayGives).toBe(false);
  });

  it('rounding: a quantity to fewer decimals', () => {
    // 3.3333 to 2 decimals is 3.33; the values are 0.33 apart, at most 0.01 x 100 = 1
    expect(classes(unit(values('3.33', '100', '333'), values('3.3333', '100', '333.33')))).toEqual({
      quantity: 'rounding',
      marketValue: 'rounding',
    });
  });

  it('rounding: a round price is no rounded price, because 180 may be 180.00', () => {
    expect(classes(unit(values('10', '180', '1800'), values('10', '180.37', '1803.7'))).price).toBe('price_source');
  });

  it('stale_price: exactly one side still stands at the base', () => {
    const u = unit(values('100', '181.2', '18120'), values('100', '180', '18000'), { base: '180' });
    expect(classes(u)).toEqual({ price: 'stale_price', marketValue: 'stale_price' });
    expect(sentence(u)).toBe('Quantities agree; Orion still has the previous price 180.00 where Clearway has 181.20.');
    expect(classifyUnit(u, DEFAULT_TOLERANCES).map((b) => b.clearwayGives)).toEqual([false, false]);
    expect(classifyUnit(swapped(u), DEFAULT_TOLERANCES).map((b) => b.clearwayGives)).toEqual([true, true]);
  });

  it('stale_price: Clearway does not give way to a side whose value is not its own quantity times price', () => {
    const u = unit(values('100', '180', '18000'), values('100', '181.2', '19000'), { base: '180' }); // 100 x 181.2 = 18120
    expect(classifyUnit(u, DEFAULT_TOLERANCES).map((b) => [b.class, b.clearwayGives])).toEqual([
      ['stale_price', false],
      ['stale_price', false],
    ]);
  });

  it('price_source: neither side stands at the base, or no base is known', () => {
    const prices = [values('100', '181.2', '18120'), values('100', '181.55', '18155')] as const;
    expect(classes(unit(...prices, { base: '180' }))).toEqual({ price: 'price_source', marketValue: 'price_source' });
    expect(classes(unit(...prices))).toEqual({ price: 'price_source', marketValue: 'price_source' });
  });

  it('quantity: differs and no rule explains it', () => {
    const u = unit(values('100', '180', '18000', '9000'), values('105', '180', '18900', '9450'));
    expect(classes(u)).toEqual({ quantity: 'quantity', marketValue: 'quantity', costBasis: 'quantity' });
    expect(sentence(u)).toBe('Clearway has 100 shares, Orion 105 shares.');
  });

  it('cost_basis: only the cost basis differs', () => {
    expect(classes(unit(values('100', '180', '18000', '9000'), values('100', '180', '18000', '9500')))).toEqual({
      costBasis: 'cost_basis',
    });
  });

  it('cost_basis: a stale price does not explain a cost basis', () => {
    expect(
      classes(unit(values('100', '181.2', '18120', '9000'), values('100', '180', '18000', '9500'), { base: '180' })),
    ).toEqual({
      price: 'stale_price',
      marketValue: 'stale_price',
      costBasis: 'cost_basis',
    });
  });

  it('self_inconsistent: a market value that is not its own quantity times price', () => {
    const u = unit(values('100', '180', '18000'), values('100', '180', '18500'));
    expect(classes(u)).toEqual({ marketValue: 'self_inconsistent' });
    expect(sentence(u)).toBe('Orion states a market value of 18,500.00, but its own quantity times price is 18,000.00.');
  });

  it('unexplained: nothing says why', () => {
    expect(classes(unit(values('100', null, '18000'), values('100', null, '18500')))).toEqual({ marketValue: 'unexplained' });
  });
});

describe('split ratios', () => {
  it.each([
    ['200', '100', '2:1'],
    ['100', '300', '3:1'],
    ['300', '200', '3:2'],
    ['400', '300', '4:3'],
    ['125', '100', '5:4'],
    ['2000', '100', '20:1'],
    ['33.3333', '66.6666', '2:1'],
    ['-100', '-200', '2:1'],
    ['100.0001', '66.6667', '3:2'], // |100.0001 x 2 - 66.6667 x 3| = |200.0002 - 200.0001| <= 0.0001 x 3
  ])('%s against %s is %s', (a, b, expected) => {
    const found = splitRatio(dec(a), dec(b), DEFAULT_TOLERANCES.quantity);
    expect(found && `${found.newer}:${found.older}`).toBe(expected);
  });

  it.each([
    ['100', '110'],
    ['100', '-200'],
    ['0', '100'],
    ['100', '900'],
    ['100', '201'],
  ])('%s against %s is none', (a, b) => {
    expect(splitRatio(dec(a), dec(b), DEFAULT_TOLERANCES.quantity)).toBeNull();
  });
});

describe('rounded amounts', () => {
  it.each([
    ['12.35', '12.345', 'a'], // a tie may go either way
    ['12.34', '12.345', 'a'],
    ['12.3456', '12.35', 'b'],
    ['0.33', '0.3333333', 'a'],
    ['12.34', '12.3456', null], // 0.0056 > 0.005
    ['12.3', '12.3456', null], // 12.30 is not 12.35
    ['12', '12.37', null], // 12.00
    ['1.2345', '1.2346', null], // equally fine
  ])('%s and %s: the coarser is %s', (a, b, expected) => {
    expect(rounded(dec(a), dec(b))?.coarser ?? null).toBe(expected);
  });
});

describe('surplus records', () => {
  const surplus = (quantities: string[], target: string) =>
    surplusQuantity(quantities.map(dec), dec(target), DEFAULT_TOLERANCES.quantity);
  it('finds what is reported more than once', () => {
    expect(surplus(['100', '100'], '100')).toBe('100');
    expect(surplus(['100', '100', '50'], '150')).toBe('100');
    expect(surplus(['100', '50', '100', '50'], '150')).toBe('150'); // both repeats
    expect(surplus(['10', '10', '10'], '20')).toBe('10'); // one of three
  });
  it('finds nothing when the repeats are real or the rest does not fit', () => {
    expect(surplus(['100', '100'], '200')).toBeNull();
    expect(surplus(['100', '50'], '100')).toBeNull();
    expect(surplus(['100', '100'], '90')).toBeNull();
  });
});

const quantityOf = fc.constantFrom('100', '200', '150', '33.33', '33.3333', '100000', '100', '0', '-50', '7.125').map(dec);
const priceOf = fc.constantFrom('180', '90', '181.2', '12.35', '12.3456', '98.5', '9850', '0.985').map(dec);
const sideValues = fc
  .record({
    quantity: quantityOf,
    price: priceOf,
    factor: fc.constantFrom('1', '1', '1', '1.05', '100'),
    cost: fc.constantFrom('9000', '9500', '9000.004', null),
  })
  .map(({ quantity, price, factor, cost }): UnitValues => ({
    quantity,
    price,
    marketValue: mul(mul(quantity, price), dec(factor)),
    costBasis: cost === null ? null : dec(cost),
  }));
const anyUnit = fc
  .record({
    a: sideValues,
    b: sideValues,
    type: fc.constantFrom(...SECURITY_TYPES),
    base: fc.option(priceOf),
    baseQuantity: fc.option(quantityOf),
    doubled: fc.boolean(),
  })
  .map(({ a, b, type, base, baseQuantity, doubled }): BreakUnit => {
    const half = div(b.quantity ?? dec('0'), dec('2'));
    const records = doubled
      ? [
          { ...b, quantity: half },
          { ...b, quantity: half },
        ]
      : [b];
    return {
      type,
      multiplier: dec('1'),
      clearway: { name: 'Clearway', values: a, records: [a] },
      other: { name: 'Orion', values: b, records },
      base: { quantity: baseQuantity, price: base },
    };
  });

describe('classification as a whole', () => {
  it('is symmetric: exchanging the sides changes no class and no field', () => {
    fc.assert(
      fc.property(anyUnit, (u) => {
        expect(classes(swapped(u))).toEqual(classes(u));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives exactly the breaking fields a class, in the order of the fields, each with a sentence', () => {
    fc.assert(
      fc.property(anyUnit, (u) => {
        const found = classifyUnit(u, DEFAULT_TOLERANCES);
        expect(found.map((b) => b.field)).toEqual(HOLDING_FIELDS.filter((f) => found.some((b) => b.field === f)));
        for (const b of found) expect(b.sentence).toMatch(/^[A-Z].*\.$/);
      }),
    );
  });

  it('lets Clearway give way only for rounding and stale prices, and never lets both sides', () => {
    fc.assert(
      fc.property(anyUnit, (u) => {
        const here = classifyUnit(u, DEFAULT_TOLERANCES).filter((b) => b.clearwayGives);
        const there = classifyUnit(swapped(u), DEFAULT_TOLERANCES).filter((b) => b.clearwayGives);
        for (const b of here) expect(['rounding', 'stale_price']).toContain(b.class);
        expect(here.filter((b) => there.some((x) => x.field === b.field))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
