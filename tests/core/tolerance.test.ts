import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TOLERANCES, withinTolerance } from '../../main/core/tolerance.ts';
import { add, dec, mul, neg, type Dec } from '../../shared/model/decimal.ts';

const t = (absolute: string, relative: string) => ({ absolute: dec(absolute), relative: dec(relative) });

/** Canonical decimals with up to eighteen whole and twelve fractional digits, of either sign. */
const amount = fc
  .tuple(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.bigInt({ min: 0n, max: 10n ** 12n - 1n }))
  .map(([whole, fraction]) => dec(`${whole}.${fraction.toString().padStart(12, '0')}`));
const bound = fc.bigInt({ min: 0n, max: 10n ** 10n }).map((n) => dec(`${n}e-6`));
const tolerance = fc.record({ absolute: bound, relative: fc.bigInt({ min: 0n, max: 10n ** 6n }).map((n) => dec(`${n}e-6`)) });

describe('withinTolerance', () => {
  it.each([
    ['100', '100.0001', t('0.0001', '0'), true], // 0.0001 <= 0.0001
    ['100', '100.00010001', t('0.0001', '0'), false], // 0.00010001 > 0.0001
    ['10', '10.005', DEFAULT_TOLERANCES.price, true], // 0.005 <= 0.005
    ['200', '200.02', DEFAULT_TOLERANCES.price, true], // 0.02 <= 200.02 x 0.0001 = 0.020002
    ['200', '200.021', DEFAULT_TOLERANCES.price, false], // 0.021 > 0.0200021
    ['-200', '-200.02', DEFAULT_TOLERANCES.price, true], // the same for short positions
    ['-0.005', '0.005', t('0.01', '0'), true], // 0.01 <= 0.01
    ['0', '0.02', t('0.01', '0.5'), false], // 0.02 > 0.01 and > 0.02 x 0.5 = 0.01
    ['0', '0.02', t('0.01', '1'), true], // 0.02 <= 0.02 x 1
    ['123456789012345678901234567890.1', '123456789012345678901234567890.2', t('0.1', '0'), true],
    ['123456789012345678901234567890.1', '123456789012345678901234567890.2', t('0.09', '0'), false],
  ])('%s and %s within %j: %s', (a, b, bounds, expected) => {
    expect(withinTolerance(dec(a), dec(b), bounds)).toBe(expected);
  });

  it('takes equal amounts as equal whatever the bounds', () => {
    fc.assert(fc.property(amount, (a) => withinTolerance(a, a, t('0', '0'))));
  });

  it('does not depend on the order of the two amounts, nor on their common sign', () => {
    fc.assert(
      fc.property(amount, amount, tolerance, (a, b, bounds) => {
        const answer = withinTolerance(a, b, bounds);
        expect(withinTolerance(b, a, bounds)).toBe(answer);
        expect(withinTolerance(neg(a), neg(b), bounds)).toBe(answer);
      }),
    );
  });

  it('never turns from equal to different when a bound grows', () => {
    fc.assert(
      fc.property(amount, amount, tolerance, bound, bound, (a, b, bounds, moreAbsolute, moreRelative) => {
        fc.pre(withinTolerance(a, b, bounds));
        expect(withinTolerance(a, b, { ...bounds, absolute: add(bounds.absolute, moreAbsolute) })).toBe(true);
        expect(withinTolerance(a, b, { ...bounds, relative: add(bounds.relative, moreRelative) })).toBe(true);
      }),
    );
  });

  it('never turns from different to equal when the second amount moves further away', () => {
    fc.assert(
      fc.property(amount, bound, bound, bound, (a, near, further, absolute) => {
        const exact = { absolute, relative: dec('0') };
        const far: Dec = add(add(a, near), further);
        if (withinTolerance(a, far, exact)) expect(withinTolerance(a, add(a, near), exact)).toBe(true);
      }),
    );
  });

  it('keeps its answer when both amounts and the absolute bound are scaled', () => {
    fc.assert(
      fc.property(amount, amount, tolerance, fc.integer({ min: 1, max: 10_000 }), (a, b, bounds, factor) => {
        const times = (x: Dec): Dec => mul(x, dec(String(factor)));
        expect(withinTolerance(times(a), times(b), { ...bounds, absolute: times(bounds.absolute) })).toBe(
          withinTolerance(a, b, bounds),
        );
      }),
    );
  });
});
