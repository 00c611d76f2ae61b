/** Orion’s numbers: int32, one space per kind of object. */
export const clientId = (household: number): number => 10_001 + household;
export const registrationId = (account: number): number => 300_001 + account;
export const accountId = (account: number): number => 700_001 + account;
export const productId = (security: number): number => 4_000_001 + security;
export const assetId = (record: number): number => 50_000_001 + record;
/** An asset that was sold long ago and still stands there without shares. */
export const closedAssetId = (account: number): number => 40_000_001 + account;

export const householdOfClient = (id: number): number => id - clientId(0);
export const accountOfRegistration = (id: number): number => id - registrationId(0);
export const accountOfId = (id: number): number => id - accountId(0);
export const securityOfProduct = (id: number): number => id - productId(0);
export const recordOfAsset = (id: number): number => id - assetId(0);
