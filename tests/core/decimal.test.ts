import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  abs,
  add,
  cmp,
  dec,
  div,
  formatDec,
  mul,
  neg,
  round,
  scaleOf,
  sign,
  sub,
  sum,
  tryDec,
  type Dec,
} from '../../shared/model/decimal.ts';

/** An amount as units of 10^-6, so that sums and comparisons can be worked out on whole numbers. */
const units = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n });
const SCALE = 6;
const written = (n: bigint, scale = SCALE): string => {
  const digits = (n < 0n ? -n : n).toString().padStart(scale + 1, '0');
  return `${n < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
};
const of = (n: bigint): Dec => dec(written(n));

describe('reading a decimal', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    ['-0.000', '0'],
    ['+5', '5'],
    ['007.50', '7.5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['1.5E-7', '0.00000015'],
    [' 12 ', '12'],
    ['-12.340', '-12.34'],
    ['12345678901234567890123456789.12345678', '12345678901234567890123456789.12345678'],
  ])('%j is %s', (text, value) => expect(tryDec(text)).toBe(value));

  it.each([
    '',
    ' ',
    '-',
    '.',
    '1,000',
    '1 000',
    '$5',
    '5%',
    '(5)',
    '0x10',
    'NaN',
    'Infinity',
    '1e',
    '1e99999',
    '1e500',
    '--1',
    '１',
    '1\n2',
  ])('%j is none', (text) => {
    expect(tryDec(text)).toBeNull();
    expect(() => dec(text)).toThrow(RangeError);
  });

  it('gives one text to one value, so that equal text is equal value', () => {
    fc.assert(
      fc.property(units, fc.integer({ min: 0, max: 5 }), (n, zeros) => {
        const text = written(n);
        expect(tryDec(`${text}${'0'.repeat(zeros)}`)).toBe(tryDec(text));
        expect(tryDec(of(n))).toBe(of(n));
      }),
    );
  });
});

describe('arithmetic is exact', () => {
  it('sums, differences and negation equal those of whole units', () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        expect(add(of(a), of(b))).toBe(of(a + b));
        expect(sub(of(a), of(b))).toBe(of(a - b));
        expect(neg(of(a))).toBe(of(-a));
        expect(abs(of(a))).toBe(of(a < 0n ? -a : a));
      }),
    );
  });
  it('products equal those of whole units at twice the scale', () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        expect(mul(of(a), of(b))).toBe(dec(written(a * b, 2 * SCALE)));
      }),
    );
  });
  it('comparison and sign agree with whole units', () => {
    fc.assert(
      fc.property(units, units, (a, b) => {
        expect(cmp(of(a), of(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(sign(of(a))).toBe(a < 0n ? -1 : a > 0n ? 1 : 0);
      }),
    );
  });
  it('a sum does not depend on order', () => {
    fc.assert(
      fc.property(fc.array(units), (list) => {
        expect(sum(list.map(of))).toBe(sum(list.toReversed().map(of)));
      }),
    );
    expect(sum([])).toBe('0');
    expect(sum([dec('0.1'), dec('0.2')])).toBe('0.3');
  });
  it('division rounds to even at the scale asked for, and not by zero', () => {
    expect(div(dec('1'), dec('3'))).toBe('0.333333333333');
    expect(div(dec('1'), dec('8'), 2)).toBe('0.12'); // 0.125
    expect(div(dec('3'), dec('8'), 2)).toBe('0.38'); // 0.375
    expect(div(dec('1'), dec('0'))).toBeNull();
  });
});

describe('rounding and showing', () => {
  it.each([
    ['2.5', 0, '2'],
    ['3.5', 0, '4'],
    ['-2.5', 0, '-2'],
    ['1.005', 2, '1'],
    ['1.015', 2, '1.02'],
    ['-0.001', 2, '0'],
    ['12', 4, '12'],
  ])('%s to %i decimals is %s', (text, scale, value) => {
    expect(round(dec(text), scale)).toBe(value);
  });
  it.each([
    ['1234567.891', 2, '1,234,567.89'],
    ['-1234.5', 0, '-1,234'],
    ['999', 2, '999.00'],
    ['-0.001', 2, '0.00'],
    ['0', 0, '0'],
    ['1000000', 0, '1,000,000'],
    ['-1000', 1, '-1,000.0'],
  ])('%s with %i decimals is shown as %s', (text, scale, shown) => {
    expect(formatDec(dec(text), scale)).toBe(shown);
  });
  it('counts decimals', () => expect(['1', '1.5', '-0.125'].map((t) => scaleOf(dec(t)))).toEqual([0, 1, 3]));
});
