import type { SecurityRecord } from './connector.ts';
import type { SentIdentifiers } from './security-identifiers.ts';

const IDENTIFIERS = ['ticker', 'cusip', 'isin', 'sedol', 'figi'] as const;

// Spelled out: it runs once per position.
const isSame = (a: SentIdentifiers, b: SentIdentifiers): boolean =>
  a.ticker === b.ticker && a.cusip === b.cusip && a.isin === b.isin && a.sedol === b.sedol && a.figi === b.figi;

export interface SecurityBook {
  /**
   * Notes that a security was named, with the identifiers as sent. `make` runs only when these are new for this id. A
   * later report adds identifiers that were missing but changes none.
   */
  see(externalId: string, sent: SentIdentifiers, make: () => SecurityRecord): void;
  /** Securities that are new or changed since the last call. */
  take(): readonly SecurityRecord[];
}

/** The securities of one pass, each handed out once, and again when it gains an identifier. */
export function createSecurityBook(): SecurityBook {
  const known = new Map<string, SecurityRecord>();
  const lastSent = new Map<string, SentIdentifiers>();
  let fresh = new Set<string>();
  return {
    see: (externalId, sent, make) => {
      const before = lastSent.get(externalId);
      if (before && isSame(before, sent)) return;
      lastSent.set(externalId, sent);
      const security = make();
      const old = known.get(externalId);
      const gained = old ? IDENTIFIERS.filter((kind) => old[kind] === null && security[kind] !== null) : [];
      if (old && gained.length === 0) return;
      known.set(externalId, old ? { ...old, ...Object.fromEntries(gained.map((kind) => [kind, security[kind]])) } : security);
      fresh.add(externalId);
    },
    take: () => {
      const taken = [...fresh].flatMap((id) => known.get(id) ?? []);
      fresh = new Set();
      return taken;
    },
  };
}
