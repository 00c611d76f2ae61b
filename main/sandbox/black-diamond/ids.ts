/** Black Diamond’s ids: text for accounts, holdings and relationships, numbers for assets. */
export const accountId = (account: number): string => String(5_700_001 + account);
export const assetId = (security: number): number => (security === 0 ? 1 : 100 + security);
export const holdingId = (record: number): string => String(90_000_001 + record);
export const relationshipId = (household: number): string => String(8_100_001 + household);
export const portfolioId = (portfolio: number): string => String(8_600_001 + portfolio);

/** The account index of an id, or null when the text is not one. */
export const accountOfId = (id: string): number | null => (/^\d{7,9}$/.test(id) ? Number(id) - 5_700_001 : null);
