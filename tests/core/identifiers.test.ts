import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accountKey,
  cusipCheckDigit,
  cusipFromIsin,
  isCusip,
  isFigi,
  isIsin,
  isMaskedAccountNumber,
  isSedol,
  isinCheckDigit,
  isinFromCusip,
  normaliseIdentifier,
  sedolCheckDigit,
} from '../../shared/model/identifiers.ts';

const VALID = {
  cusip: [
    '037833100',
    '594918104',
    '38259P508',
    '17275R102',
    '68389X105',
    '912828ZQ6',
    '91282CJL6',
    '91324PAE2',
    'DUS0421C5',
    'G1151C101',
    '922908363',
  ],
  isin: [
    'US0378331005',
    'US5949181045',
    'GB0002634946',
    'IE00B4L5Y983',
    'CA0679011084',
    'LU0323578657',
    'DE0007164600',
    'US91324PAE25',
    'GB00B15KXQ89',
    'GB00BYXJL758',
    'JP3633400001',
    'CH0038863350',
  ],
  sedol: ['0263494', 'B0WNLY7', 'B15KXQ8', 'BYXJL75', '2046251', '0798059', 'B4L5Y98'],
  figi: ['BBG000BLNQ16', 'BBG000B9XRY4', 'BBG000BPH459', 'BBG000BDTBL9', 'BBG001S5N8V8'],
} as const;
const INVALID = {
  cusip: ['037833109', 'DUS0421CN', '03783310', '0378331000', ''],
  isin: ['US0378331003', 'XS1234567890', 'us0378331005', 'U10378331005', ''],
  sedol: ['B15KXQ7', '4B5Y98A', 'A15KXQ8', '026349', ''],
  figi: ['BBG000BLNQ14', 'BSG000BLNQ16', 'GGG000BLNQ16', 'BBX000BLNQ16', 'BAG000BLNQ16', ''],
} as const;
const CHECKS = { cusip: isCusip, isin: isIsin, sedol: isSedol, figi: isFigi } as const;
const KINDS = ['cusip', 'isin', 'sedol', 'figi'] as const;

describe.each(KINDS)('%s', (kind) => {
  it.each(VALID[kind])('%s is one', (id) => expect(CHECKS[kind](id)).toBe(true));
  it.each(INVALID[kind])('%j is none', (id) => expect(CHECKS[kind](id)).toBe(false));

  it('passes with exactly one of the ten check digits, for any body', () => {
    const alphabet = {
      cusip: /[0-9A-Z*@#]/,
      isin: /[0-9A-Z]/,
      sedol: /[0-9BCDFGHJKLMNPQRSTVWXYZ]/,
      figi: /[0-9BCDFGHJKLMNPQRSTVWXYZ]/,
    }[kind];
    const character = fc.constantFrom(
      ...Array.from({ length: 128 }, (_, i) => String.fromCharCode(i)).filter((c) => alphabet.test(c)),
    );
    const body = (length: number): fc.Arbitrary<string> =>
      fc.array(character, { minLength: length, maxLength: length }).map((cs) => cs.join(''));
    const bodies = {
      cusip: fc.tuple(fc.constantFrom('0', '9', 'A', 'Z'), body(7)).map(([a, b]) => a + b),
      isin: body(9).map((b) => `US${b}`),
      sedol: body(5).map((b) => `B${b}`),
      figi: body(8).map((b) => `BBG${b}`),
    }[kind];
    fc.assert(
      fc.property(bodies, (b) => {
        expect(Array.from({ length: 10 }, (_, digit) => `${b}${digit}`).filter(CHECKS[kind])).toHaveLength(1);
      }),
      { numRuns: 5000 },
    );
  });
});

// The rules of the standards, worked out again in another way: tables and digit strings instead of values.
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#';
const digitsOf = (n: number): number => [...String(n)].reduce((total, d) => total + Number(d), 0);
const check = (total: number): string => String((1000 - total) % 10);
const cusipAgain = (body: string): string =>
  check([...body].reduce((t, c, i) => t + digitsOf(ALPHABET.indexOf(c) * ((i % 2) + 1)), 0));
const isinAgain = (body: string): string => {
  const digits = [...body].flatMap((c) => [...String(ALPHABET.indexOf(c))]).toReversed();
  return check(digits.reduce((t, d, i) => t + digitsOf(Number(d) * (2 - (i % 2))), 0));
};
const sedolAgain = (body: string): string =>
  check([...body].reduce((t, c, i) => t + ALPHABET.indexOf(c) * Number('131739'[i]), 0));

describe('check digits agree with a second working of the rules', () => {
  const body = (length: number, letters: string) =>
    fc.array(fc.constantFrom(...letters), { minLength: length, maxLength: length }).map((cs) => cs.join(''));
  it.each([
    ['CUSIP', cusipCheckDigit, cusipAgain, 8, ALPHABET],
    ['ISIN', isinCheckDigit, isinAgain, 11, ALPHABET.slice(0, 36)],
    ['SEDOL', sedolCheckDigit, sedolAgain, 6, '0123456789BCDFGHJKLMNPQRSTVWXYZ'],
  ] as const)('%s, 20,000 bodies', (_name, mine, again, length, letters) => {
    fc.assert(
      fc.property(body(length, letters), (b) => mine(b) === again(b)),
      { numRuns: 20_000 },
    );
  });
});

describe('conversions', () => {
  it('a CUSIP is inside its ISIN, and comes out of US and CA ones only', () => {
    expect(isinFromCusip('91324PAE2')).toBe('US91324PAE25');
    expect(isinFromCusip('067901108', 'CA')).toBe('CA0679011084');
    expect(cusipFromIsin('US91324PAE25')).toBe('91324PAE2');
    expect(cusipFromIsin('CA0679011084')).toBe('067901108');
    expect(cusipFromIsin('GB0002634946')).toBeNull();
    expect(cusipFromIsin('US0378331095')).toBeNull(); // the inner CUSIP 037833109 fails its own check
  });
  it.each(VALID.cusip)('%s goes to an ISIN and back', (cusip) => {
    const isin = isinFromCusip(cusip);
    expect([isIsin(isin), cusipFromIsin(isin)]).toEqual([true, cusip]);
  });
  it('a SEDOL stands in a GB ISIN behind two zeros', () => {
    for (const [sedol, isin] of [
      ['B15KXQ8', 'GB00B15KXQ89'],
      ['BYXJL75', 'GB00BYXJL758'],
    ] as const)
      expect(`GB00${sedol}${isinCheckDigit(`GB00${sedol}`)}`).toBe(isin);
  });
  it('normalising trims, closes gaps and raises case, and never pads', () => {
    expect(normaliseIdentifier(' 38259p 508\t')).toBe('38259P508');
    expect(normaliseIdentifier('37833100')).toBe('37833100');
  });
});

describe('account numbers', () => {
  it.each([
    ['0012-345678', '12345678'],
    [' 9001-22334 ', '900122334'],
    ['ab-0c  12', 'AB0C 12'],
    ['000', ''],
    ['', ''],
    ['--', ''],
  ])('%j has the key %j', (number, key) => {
    expect(accountKey(number)).toBe(key);
  });
  it('a key is its own key', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('0', '1', '-', 'a', 'B') }),
        (n) => accountKey(accountKey(n)) === accountKey(n),
      ),
    );
  });
  it.each([
    ['****1234', true],
    ['XXX-1234', true],
    ['xxxx1234', true],
    ['•••1234', true],
    ['X12345', false],
    ['1234****', false],
    ['12-34', false],
    ['', false],
  ])('%j is masked: %s', (number, masked) => {
    expect(isMaskedAccountNumber(number)).toBe(masked);
  });
});
