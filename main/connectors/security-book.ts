import type { SecurityRecord } from './connector.ts';

const IDENTIFIERS = ['ticker', 'cusip', 'isin', 'sedol', 'figi'] as const;

export interface SecurityBook {
  /** The record already known under this id, if any. */
  get(externalId: string): SecurityRecord | undefined;
  /** Notes a security; a later report adds identifiers that were missing but changes none. */
  put(security: SecurityRecord): void;
  /** Securities that are new or changed since the last call. */
  take(): readonly SecurityRecord[];
}

/** The securities of one pass, each handed out once and again when it gains an identifier. */
export function createSecurityBook(): SecurityBook {
  const known = new Map<string, SecurityRecord>();
  let fresh = new Set<string>();
  return {
    get: (externalId) => known.get(externalId),
    put: (security) => {
      const old = known.get(security.externalId);
      if (!old) {
        known.set(security.externalId, security);
        fresh.add(security.externalId);
        return;
      }
      const gained = IDENTIFIERS.filter((kind) => old[kind] === null && security[kind] !== null);
      if (gained.length === 0) return;
      known.set(security.externalId, { ...old, ...Object.fromEntries(gained.map((kind) => [kind, security[kind]])) });
      fresh.add(security.externalId);
    },
    take: () => {
      const taken = [...fresh].flatMap((id) => known.get(id) ?? []);
      fresh = new Set();
      return taken;
    },
  };
}
