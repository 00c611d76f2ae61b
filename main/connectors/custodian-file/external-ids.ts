const enc = (part: string, special: RegExp): string =>
  part.replace(special, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** Ids are joined of the file's own ids, so that the same thing has the same id in every import. */
export const accountExternalId = (brokerId: string, accountId: string): string =>
  `${enc(brokerId, /[%:|]/g)}:${enc(accountId, /[%:|]/g)}`;

export const securityExternalId = (idType: string, id: string): string => `${enc(idType, /[%:|]/g)}:${enc(id, /[%:|]/g)}`;

export const cashSecurityExternalId = (currency: string): string => `cash:${currency}`;

/** `parts` are ids made here or plain words; each is already free of the bar. */
export const joinedExternalId = (...parts: readonly string[]): string => parts.join('|');

export const cashHoldingExternalId = (account: string, currency: string): string =>
  joinedExternalId(account, cashSecurityExternalId(currency));

export const fitIdPart = (fitId: string): string => enc(fitId, /[%|]/g);
