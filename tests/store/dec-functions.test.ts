import { expect, test } from 'vitest';
import { DEC_FUNCTIONS } from '../../main/store/dec-functions.ts';
import { dec, mul, sub } from '../../shared/model/decimal.ts';

const AMOUNTS = ['0', '1', '-1', '0.5', '-0.05', '100', '152.51', '-9400.25', '0.00000001', '12345678901234567890.123456789'].map(
  dec,
);

test('products and differences are those of the decimals of the program, to the last digit, in canonical text', () => {
  for (const a of AMOUNTS)
    for (const b of AMOUNTS)
      expect([a, b, DEC_FUNCTIONS.dec_mul(a, b), DEC_FUNCTIONS.dec_sub(a, b)]).toEqual([a, b, mul(a, b), sub(a, b)]);
});

test.each([
  ['100', '200', 1n],
  ['100', '200.00000001', 0n],
  ['-100', '-50', 1n],
  ['-100', '-49.9', 0n],
  ['100', '-100', 0n],
  ['0', '0', 1n],
  ['0', '1', 0n],
])('%s and %s are near: %s', (a, b, expected) => {
  expect([DEC_FUNCTIONS.dec_near(a, b), DEC_FUNCTIONS.dec_near(b, a)]).toEqual([expected, expected]);
});

test('nothing follows from nothing, and nothing is divided by zero', () => {
  expect([DEC_FUNCTIONS.dec_mul(null, '1'), DEC_FUNCTIONS.dec_sub('1', null), DEC_FUNCTIONS.dec_e8(null)]).toEqual([
    null,
    null,
    null,
  ]);
  expect([DEC_FUNCTIONS.dec_div('1', '0'), DEC_FUNCTIONS.dec_div('2', '3')]).toEqual([null, '0.66666667']);
  expect([DEC_FUNCTIONS.dec_e8('-0.5'), DEC_FUNCTIONS.dec_e8('99999999999999999999')]).toEqual([
    -50_000_000n,
    9223372036854775807n,
  ]);
});
