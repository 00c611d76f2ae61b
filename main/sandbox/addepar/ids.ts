/** Addepar’s numbers. Entities share one number space; positions have another. */
const HOUSEHOLDS = 1_000_000;
const ACCOUNTS = 2_000_000;
const SECURITIES = 5_000_000;
const PROPERTIES = 7_000_000;
const OWNERSHIPS = 10_000_000;
const HOLDINGS = 20_000_000;

export const householdEntityId = (household: number): number => HOUSEHOLDS + household;
export const accountEntityId = (account: number): number => ACCOUNTS + account;
export const securityEntityId = (security: number): number => SECURITIES + security;
/** A property that a household owns directly, not through an account. */
export const propertyEntityId = (household: number): number => PROPERTIES + household;

export type EntityKind = 'household' | 'account' | 'security' | 'property';

/** What an entity id stands for and its index; the index may be past the last one. */
export function readEntityId(id: number): { readonly kind: EntityKind; readonly index: number } | null {
  if (!Number.isSafeInteger(id) || id < HOUSEHOLDS) return null;
  if (id < ACCOUNTS) return { kind: 'household', index: id - HOUSEHOLDS };
  if (id < SECURITIES) return { kind: 'account', index: id - ACCOUNTS };
  if (id < PROPERTIES) return { kind: 'security', index: id - SECURITIES };
  return { kind: 'property', index: id - PROPERTIES };
}

export const ownershipId = (account: number): number => OWNERSHIPS + account;
export const holdingId = (record: number): number => HOLDINGS + record;
export const readPositionId = (id: number): { readonly kind: 'ownership' | 'holding'; readonly index: number } | null => {
  if (!Number.isSafeInteger(id) || id < OWNERSHIPS) return null;
  return id < HOLDINGS ? { kind: 'ownership', index: id - OWNERSHIPS } : { kind: 'holding', index: id - HOLDINGS };
};
