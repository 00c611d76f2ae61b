import type { WritableDb } from '../store/handles.ts';
import type { Linked } from './identity.ts';
import { pairKey, VERSION_COLUMNS, type createPageReader, type SourceVersion } from './page-view.ts';
import type { PositionWriter } from './position-writer.ts';

/**
 * Judges positions again of which the source dropped some of several records: what it still reports may answer the
 * question that the several opened. `gone` are the ids of the versions the pass ended.
 */
export function mergeRemaining(
  db: WritableDb,
  gone: readonly number[],
  parts: {
    readonly connectionId: number;
    readonly reader: ReturnType<typeof createPageReader>;
    readonly positions: PositionWriter;
    readonly accountFor: (externalId: string) => Linked;
    readonly securityFor: (externalId: string) => Linked;
  },
): void {
  const ids = JSON.stringify(gone);
  const remaining = db
    .prepare(
      `SELECT ${VERSION_COLUMNS} FROM source_holdings WHERE connection_id = ? AND valid_to_op IS NULL
         AND holding_id IN (SELECT holding_id FROM source_holdings WHERE id IN (SELECT value FROM json_each(?)))`,
    )
    .all(parts.connectionId, ids) as SourceVersion[];
  if (remaining.length === 0) return;
  const ended = db
    .prepare(`SELECT ${VERSION_COLUMNS} FROM source_holdings WHERE id IN (SELECT value FROM json_each(?))`)
    .all(ids) as SourceVersion[];
  const page = parts.reader.read(remaining);
  const pairs = new Map(
    remaining.map((r) => [pairKey(parts.accountFor(r.accountExternalId) ?? 0, parts.securityFor(r.securityExternalId) ?? 0), r.holdingId]),
  );
  for (const [pair, holdingId] of pairs) {
    const row = page.rows.get(pair);
    if (row?.id !== holdingId || row?.status !== 'held') continue;
    parts.positions.merge(page, pair, row, [...remaining, ...ended].filter((r) => r.holdingId === holdingId));
  }
}
