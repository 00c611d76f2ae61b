/**
 * Security identifiers: normalising and check digits.
 * Rules and vectors: CUSIP (ANSI X9.6), ISIN (ISO 6166), SEDOL (London Stock Exchange), FIGI (OMG).
 */
const CONSONANTS = 'BCDFGHJKLMNPQRSTVWXYZ';

/** Trim, drop inner spaces, upper case. Never pads: a lost leading zero is a reported repair, not a guess. */
export const normaliseIdentifier = (text: string): string => text.replace(/\s+/g, '').toUpperCase();

const valueOf = (character: string): number => {
  const code = character.charCodeAt(0);
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 90) return code - 55;
  return character === '*' ? 36 : character === '@' ? 37 : character === '#' ? 38 : Number.NaN;
};

const digitSum = (n: number): number => (n < 10 ? n : digitSum(Math.floor(n / 10)) + (n % 10));
const complement = (total: number): string => String((10 - (total % 10)) % 10);

/** Doubles the whole value at every even place (1-based from the left): the rule of CUSIP and FIGI. */
const doubledEvenPlaces = (body: string): string =>
  complement([...body].reduce((total, c, i) => total + digitSum(valueOf(c) * (i % 2 === 1 ? 2 : 1)), 0));

export const cusipCheckDigit = (body: string): string => doubledEvenPlaces(body);
export const isCusip = (id: string): boolean =>
  /^[0-9A-Z][0-9A-Z*@#]{7}\d$/.test(id) && doubledEvenPlaces(id.slice(0, 8)) === id[8];

export function isinCheckDigit(body: string): string {
  const digits = [...body].map((c) => String(valueOf(c))).join('');
  let total = 0;
  for (let i = digits.length - 1, double = true; i >= 0; i -= 1, double = !double)
    total += digitSum(Number(digits[i]) * (double ? 2 : 1));
  return complement(total);
}
export const isIsin = (id: string): boolean => /^[A-Z]{2}[0-9A-Z]{9}\d$/.test(id) && isinCheckDigit(id.slice(0, 11)) === id[11];

const SEDOL_WEIGHTS = [1, 3, 1, 7, 3, 9];
export const sedolCheckDigit = (body: string): string =>
  complement([...body].reduce((total, c, i) => total + valueOf(c) * (SEDOL_WEIGHTS[i] ?? 0), 0));
export const isSedol = (id: string): boolean =>
  (/^\d{7}$/.test(id) || /^[B-DF-HJ-NP-TV-Z][0-9B-DF-HJ-NP-TV-Z]{5}\d$/.test(id)) && sedolCheckDigit(id.slice(0, 6)) === id[6];

const FIGI_FORBIDDEN = new Set(['BS', 'BM', 'GG', 'GB', 'VG']);
export const isFigi = (id: string): boolean =>
  new RegExp(`^[${CONSONANTS}]{2}G[${CONSONANTS}0-9]{8}\\d$`).test(id) &&
  !FIGI_FORBIDDEN.has(id.slice(0, 2)) &&
  doubledEvenPlaces(id.slice(0, 11)) === id[11];

/** The ISIN that embeds a North American CUSIP: country, CUSIP, check digit. */
export const isinFromCusip = (cusip: string, country: 'US' | 'CA' = 'US'): string =>
  `${country}${cusip}${isinCheckDigit(`${country}${cusip}`)}`;

/** The CUSIP inside a US or CA ISIN, or null. */
export const cusipFromIsin = (isin: string): string | null => {
  const inner = /^(?:US|CA)/.test(isin) ? isin.slice(2, 11) : null;
  return inner !== null && isCusip(inner) ? inner : null;
};

/**
 * Account number key: trimmed, hyphens deleted, upper-cased, leading zeros stripped, runs of spaces collapsed.
 * An empty result means "no key" and must not match anything.
 */
export const accountKey = (number: string): string =>
  number.trim().replaceAll('-', '').toUpperCase().replace(/^0+/, '').replace(/ {2,}/g, ' ');

/** True for numbers of which only the last characters are shown, such as `****1234` or `XXX-1234`. */
export const isMaskedAccountNumber = (number: string): boolean => /^[*xX•-]{3,}/.test(number.trim());
