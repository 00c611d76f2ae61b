import type { HoldingRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import type { PageView, SourceVersion } from './page-view.ts';

export interface SourceVersions {
  /** Marks a version as reported again, unchanged. */
  seen(version: SourceVersion): void;
  /** Ends the current version, if any, writes the new one, and keeps the page's view of the sources true. */
  replace(
    view: PageView,
    current: SourceVersion | null,
    record: HoldingRecord,
    holdingId: number | null,
    payloadId: number,
  ): void;
  /**
   * Ends every version the pass did not report, as far as it speaks of that account, security and record at all. `check`
   * sees the numbers first and may throw. Answers the ids of the ended versions.
   */
  closeUnseen(
    isSpokenOf: (accountExternalId: string, securityExternalId: string, externalId: string) => boolean,
    check: (removed: number, total: number) => void,
  ): number[];
}

export const isUnchanged = (v: SourceVersion, r: HoldingRecord): boolean =>
  v.quantity === r.quantity &&
  v.price === r.price &&
  v.marketValue === r.marketValue &&
  v.costBasis === r.costBasis &&
  v.asOf === r.asOf &&
  v.currency === r.currency &&
  v.accountExternalId === r.accountExternalId &&
  v.securityExternalId === r.securityExternalId &&
  v.modifiedAt === r.modifiedAt;

/** Versioned records of one connection: unchanged records write nothing. */
export function createSourceVersions(db: WritableDb, connectionId: number, operationId: number): SourceVersions {
  const end = db.prepare('UPDATE source_holdings SET valid_to_op = ? WHERE id = ?');
  const insert = db.prepare(
    `INSERT INTO source_holdings (connection_id, external_id, account_external_id, security_external_id, holding_id, quantity, price,
       market_value, cost_basis, currency, as_of, modified_at, payload_id, place, valid_from_op)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const currentRows = db
    .prepare(
      `SELECT id, account_external_id, security_external_id, external_id, valid_from_op FROM source_holdings
       WHERE connection_id = ? AND valid_to_op IS NULL`,
    )
    .raw();
  const before = db
    .prepare('SELECT count(*) FROM source_holdings WHERE connection_id = ? AND valid_to_op IS NULL')
    .pluck()
    .get(connectionId) as number;
  const seenIds = new Set<number>();

  return {
    seen: (version) => void seenIds.add(version.id),
    replace(view, current, r, holdingId, payloadId) {
      if (current) end.run(operationId, current.id);
      const id = insert.run(
        connectionId,
        r.externalId,
        r.accountExternalId,
        r.securityExternalId,
        holdingId,
        r.quantity,
        r.price,
        r.marketValue,
        r.costBasis,
        r.currency,
        r.asOf,
        r.modifiedAt,
        payloadId,
        r.place,
        operationId,
      ).lastInsertRowid as number;
      const version: SourceVersion = { ...r, id, connectionId, holdingId };
      view.versions.set(r.externalId, version);
      if (current && current.holdingId !== null) {
        const list = view.sources.get(current.holdingId);
        if (list)
          view.sources.set(
            current.holdingId,
            list.filter((s) => s.id !== current.id),
          );
      }
      if (holdingId === null) return;
      const list = view.sources.get(holdingId);
      if (list) list.push(version);
      else view.sources.set(holdingId, [version]);
    },
    closeUnseen(isSpokenOf, check) {
      if (before === 0) return [];
      const gone: number[] = [];
      const rows = currentRows.all(connectionId) as [number, string, string, string, number][];
      for (const [id, account, security, record, since] of rows)
        if (since !== operationId && !seenIds.has(id) && isSpokenOf(account, security, record)) gone.push(id);
      check(gone.length, before);
      for (const id of gone) end.run(operationId, id);
      return gone;
    },
  };
}
