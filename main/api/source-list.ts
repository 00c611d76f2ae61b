import type { Platform } from '../../shared/model/holding.ts';

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

/** A version of a source's record as the queries of single records read it. */
export interface KeptVersion {
  readonly id: number;
  readonly platform: Platform;
  readonly externalId: string;
  readonly receivedAt: string;
  readonly operationId: number;
  readonly endedBy: number | null;
}

/** Columns of a KeptVersion besides its id, of the table `t`, and the join they need. */
export const KEPT = `c.platform, t.external_id AS externalId, raw.received_at AS receivedAt, t.valid_from_op AS operationId,
  t.valid_to_op AS endedBy`;
export const KEPT_JOIN = 'JOIN raw_payloads raw ON raw.id = t.payload_id';

/** One record with what its source said before, out of its versions (newest first); null when the one asked for is not among them. */
export function withHistory<K extends KeptVersion, R>(versions: readonly K[], id: string, toRow: (kept: K) => R) {
  const asked = versions.find((version) => version.id === Number(id));
  if (!asked) return null;
  const facts = (kept: K) => ({ row: toRow(kept), receivedAt: kept.receivedAt, operationId: String(kept.operationId) });
  return {
    asked,
    detail: {
      ...facts(asked),
      platform: asked.platform,
      externalId: asked.externalId,
      current: asked.endedBy === null,
      versions: versions.filter((version) => version.id < asked.id).map(facts),
    },
  };
}

/** A row without what only the history of its record needs: the contract's rows take no members they do not name. */
export function plainRow<K extends KeptVersion>(kept: K): Omit<K, Exclude<keyof KeptVersion, 'id'>> {
  const {
    platform: _platform,
    externalId: _externalId,
    receivedAt: _at,
    operationId: _operation,
    endedBy: _ended,
    ...row
  } = kept;
  return row;
}
