import { describe, expect, it } from 'vitest';
import { dec } from '../../shared/model/decimal.ts';
import { firstDifference } from '../../renderer/components/diff-amount.tsx';
import {
  counted,
  exactAmount,
  exactMoney,
  formatAmount,
  formatPercent,
  formatSigned,
  MONEY,
  PRICE,
  QUANTITY,
} from '../../renderer/format/amount.ts';

const MINUS = '\u2212';

describe('formatting amounts', () => {
  it('keeps every digit that a double would lose', () => {
    // 2^53 + 1 has no double; 0.1 + 0.2 is not 0.30000000000000004 here.
    expect(exactAmount(dec('9007199254740993.1'))).toBe('9,007,199,254,740,993.1');
    expect(exactMoney(dec('0.3'))).toBe('0.30');
  });

  it('shows between the fewest and the most decimals and pads to the most', () => {
    // Quantity shows 0 to 4 decimals: a whole number is padded by the point and four digits.
    expect(formatAmount(dec('3724'), QUANTITY)).toEqual({ text: '3,724', pad: '.0000', exact: '3,724', shortened: false });
    expect(formatAmount(dec('1037.92'), QUANTITY)).toMatchObject({ text: '1,037.92', pad: '00' });
    expect(formatAmount(dec('12.5'), PRICE)).toMatchObject({ text: '12.50', pad: '0000' });
  });

  it('says when it left digits out and keeps them all beside', () => {
    expect(formatAmount(dec('1.234567'), MONEY)).toEqual({ text: '1.23', pad: '', exact: '1.234567', shortened: true });
    // Ties go to the even digit: 2.345 has 4 before the tie, so it stays.
    expect(formatAmount(dec('2.345'), MONEY).text).toBe('2.34');
  });

  it('writes a minus sign, never parentheses, and no minus zero', () => {
    expect(exactAmount(dec('-1234.5'))).toBe(`${MINUS}1,234.5`);
    expect(formatAmount(dec('-0.001'), MONEY).text).toBe('0.00');
  });

  it('shows the sign of differences and percent of fractions', () => {
    expect(formatSigned(dec('25'), QUANTITY)).toBe('+25');
    expect(formatSigned(dec('-25'), QUANTITY)).toBe(`${MINUS}25`);
    expect(formatSigned(dec('0'), QUANTITY)).toBe('0');
    // 0.0123 x 100 = 1.23
    expect(formatPercent(dec('0.0123'))).toBe('1.23\u00a0%');
  });

  it('counts in words', () => {
    expect(counted(1, 'conflict')).toBe('1 conflict');
    expect(counted(1240, 'conflict')).toBe('1,240 conflicts');
  });
});

describe('first differing digit', () => {
  it('is where the texts part', () => {
    expect(firstDifference('4,602', '4,577')).toBe(2);
    expect(firstDifference('45.3925', '45.38')).toBe(4);
    expect(firstDifference('12.00', '12.00')).toBeNull();
  });

  it('is the first digit when the numbers have different length, since places no longer line up', () => {
    expect(firstDifference('1,000', '999')).toBe(0);
  });
});
