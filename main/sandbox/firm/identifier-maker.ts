import { cusipCheckDigit, isinCheckDigit, sedolCheckDigit } from '../../../shared/model/identifiers.ts';

/** Sixth characters that none of the well-known issuers has, so that a made-up issuer is never mistaken for one of them. */
const ISSUER_LETTERS = 'ZWTNLB';
const SEDOL_ALPHABET = '0123456789BCDFGHJKLMNPQRSTVWXYZ';

/** A CUSIP of a made-up issuer; the same issuer index always gives the same first six characters. */
export function cusipOf(issuer: number, issue: string): string {
  const digits = 10_000 + ((issuer * 7919) % 90_000); // 7919 shares no factor with 90,000: no two issuers meet
  const body = `${digits}${ISSUER_LETTERS[Math.floor(issuer / 90_000) % ISSUER_LETTERS.length] ?? 'Z'}${issue}`;
  return body + cusipCheckDigit(body);
}

export function sedolOf(index: number): string {
  let rest = index;
  let body = '';
  for (let i = 0; i < 5; i += 1) {
    body = (SEDOL_ALPHABET[rest % SEDOL_ALPHABET.length] ?? '0') + body;
    rest = Math.floor(rest / SEDOL_ALPHABET.length);
  }
  return `B${body}${sedolCheckDigit(`B${body}`)}`;
}

export const britishIsinOf = (sedol: string): string => `GB00${sedol}${isinCheckDigit(`GB00${sedol}`)}`;

export function continentalIsinOf(country: 'DE' | 'FR' | 'NL', index: number): string {
  const body = `${country}00${String(1_000_000 + ((index * 7919) % 9_000_000))}`;
  return body + isinCheckDigit(body);
}
