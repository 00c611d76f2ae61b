import { describe, expect, it } from 'vitest';
import { readAmount } from '../../../main/connectors/custodian-file/ofx-amount.ts';
import { readOfxDate } from '../../../main/connectors/custodian-file/ofx-date.ts';

describe('amounts', () => {
  it.each([
    ['100', '100', 0],
    ['1.0000', '1', 4],
    ['-197.20', '-197.2', 2],
    ['+5', '5', 0],
    ['.5', '0.5', 1],
    [' 12.3 ', '12.3', 1],
    ['-0.00', '0', 2],
    ['0.123456789012345678', '0.123456789012345678', 18],
    ['12,34', '12.34', 2],
    ['1234,567', '1234.567', 3],
    ['0,125', '0.125', 3],
    ['1,234.56', '1234.56', 2],
    ['1,234,567', '1234567', 0],
    ['1E-5', '0.00001', 5],
  ])('%s is %s with %i decimals as written', (text, value, decimals) => {
    expect(readAmount(text)).toEqual({ value, decimals });
  });

  it.each(['1,234', '-1,234', '999,999'])('%s could be thousands or decimals and is not guessed', (text) => {
    expect(readAmount(text)).toEqual({ problem: `"${text}" can be read as thousands or as decimals` });
  });

  it.each([
    '',
    'abc',
    '1.234,56',
    '$5',
    '(5.00)',
    '5%',
    '1 000',
    '--5',
    '1e999',
    'NaN',
    'Infinity',
    '0x10',
    '9'.repeat(41),
    '1e40',
  ])('%s is not an amount', (text) => {
    expect(readAmount(text)).toHaveProperty('problem');
  });
});

describe('dates', () => {
  it.each([
    ['20110727', '2011-07-27'],
    ['200508270100', '2005-08-27'],
    ['20050827010000', '2005-08-27'],
    ['20170308020027.199[-5:EST]', '2017-03-08'],
    ['20110727001702[-5:EST]', '2011-07-27'],
    ['20091217162416.000[-:EST]', '2009-12-17'],
    ['20240229235959.999[0:GMT]', '2024-02-29'],
    ['20231231233000[-8:PST]', '2023-12-31'],
  ])('%s is %s, as written in its own zone', (text, date) => {
    expect(readOfxDate(text)).toBe(date);
  });

  it.each([
    '',
    '0',
    '2024',
    '20240230',
    '20241301',
    '20240101250000',
    '20240101126000',
    '2024-01-31',
    '20240131 [',
    '99999999',
    '20240131x',
  ])('%s is not a date', (text) => {
    expect(readOfxDate(text)).toBeNull();
  });
});
