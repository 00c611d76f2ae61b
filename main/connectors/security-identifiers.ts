import { isCusip, isFigi, isIsin, isSedol, normaliseIdentifier } from '../../shared/model/identifiers.ts';

export interface Identifiers {
  readonly ticker: string | null;
  readonly cusip: string | null;
  readonly isin: string | null;
  readonly sedol: string | null;
  readonly figi: string | null;
}
export type SentIdentifiers = { readonly [K in keyof Identifiers]?: string | null | undefined };

export const NO_IDENTIFIERS: Identifiers = { ticker: null, cusip: null, isin: null, sedol: null, figi: null };

export interface ReadIdentifiers {
  readonly identifiers: Identifiers;
  /** An identifier that failed its check digit, when the security is left with none. */
  readonly failed: { readonly kind: keyof Identifiers; readonly reason: string } | null;
  /** A lost leading zero that was put back. */
  readonly repaired: { readonly from: string; readonly to: string } | null;
}

const CHECKS = { cusip: isCusip, isin: isIsin, sedol: isSedol, figi: isFigi } as const;

/** A private-placement CUSIP may hold one `*`; a run of them, or of X, hides the identifier. */
const isMasked = (id: string): boolean => /\*{2,}|[X•]{3,}/.test(id);

const padded = (id: string): string | null => {
  const candidate = id.padStart(9, '0');
  return /^.{7,8}$/.test(id) && isCusip(candidate) ? candidate : null;
};

/**
 * Normalises identifiers and keeps those whose check digit holds. Masked ones are null without a word; a CUSIP of seven
 * or eight characters gets its leading zeros back only if the check digit then holds.
 */
export function readIdentifiers(sent: SentIdentifiers): ReadIdentifiers {
  const found: { -readonly [K in keyof Identifiers]: Identifiers[K] } = { ...NO_IDENTIFIERS };
  let failed: ReadIdentifiers['failed'] = null;
  let repaired: ReadIdentifiers['repaired'] = null;
  for (const kind of ['cusip', 'isin', 'sedol', 'figi'] as const) {
    const id = normaliseIdentifier(sent[kind] ?? '');
    if (id === '' || isMasked(id)) continue;
    if (CHECKS[kind](id)) {
      found[kind] = id;
    } else if (kind === 'cusip' && padded(id) !== null) {
      found.cusip = padded(id);
      repaired = { from: id, to: id.padStart(9, '0') };
    } else if (!id.includes('*')) {
      failed ??= {
        kind,
        reason: `The ${kind.toUpperCase()} “${id.slice(0, 20)}” fails its check digit and the security has no other identifier.`,
      };
    }
  }
  const ticker = normaliseIdentifier(sent.ticker ?? '');
  if (ticker !== '' && !isMasked(ticker)) found.ticker = ticker;
  const hasAny = Object.values(found).some((id) => id !== null);
  return { identifiers: found, failed: hasAny ? null : failed, repaired };
}
