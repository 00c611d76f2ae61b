/**
 * Lists of what the sources say, from a table `t`: names come through the links, so that an account linked today names what
 * was received yesterday.
 */
export const LINKED = `JOIN connections c ON c.id = t.connection_id
  LEFT JOIN account_links l ON l.connection_id = t.connection_id AND l.external_id = t.account_external_id
  LEFT JOIN accounts a ON a.id = coalesce(l.account_id, t.account_id)
  LEFT JOIN security_links k ON k.connection_id = t.connection_id AND k.external_id = t.security_external_id
  LEFT JOIN securities s ON s.id = coalesce(k.security_id, t.security_id)`;

export const ACCOUNT = 'coalesce(a.name, l.name, t.account_external_id)';
export const SECURITY = 'coalesce(s.name, k.name, t.security_external_id)';

export const CURRENT = 't.valid_to_op IS NULL';

/** Ids as the contract writes them. */
export const idText = (id: number | null): string | null => (id === null ? null : String(id));

/** For keys of what is remembered: JSON has no whole numbers of 64 bits. */
export const bigintText = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
