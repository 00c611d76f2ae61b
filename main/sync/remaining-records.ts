import type { WritableDb } from '../store/handles.ts';
import { VERSION_COLUMNS, type createPageReader, type SourceVersion } from './page-view.ts';
import type { PositionWriter } from './value-writer.ts';

/**
 * Judges positions again of which the source dropped records: what is still reported, by it or by others, may answer what
 * is open. `gone` are the ids of the versions the pass ended.
 */
export function mergeRemaining(
  db: WritableDb,
  gone: readonly number[],
  parts: {
    readonly connectionId: number;
    readonly reader: ReturnType<typeof createPageReader>;
    readonly positions: PositionWriter;
  },
): void {
  const ids = JSON.stringify(gone);
  const ended = db
    .prepare(
      `SELECT ${VERSION_COLUMNS} FROM source_holdings WHERE id IN (SELECT value FROM json_each(?)) AND holding_id IS NOT NULL`,
    )
    .all(ids) as SourceVersion[];
  const remaining = db
    .prepare(
      `SELECT ${VERSION_COLUMNS} FROM source_holdings WHERE connection_id = ? AND valid_to_op IS NULL
         AND holding_id IN (SELECT holding_id FROM source_holdings WHERE id IN (SELECT value FROM json_each(?)))`,
    )
    .all(parts.connectionId, ids) as SourceVersion[];
  const before = new Map<number | null, SourceVersion[]>();
  for (const version of [...remaining, ...ended])
    before.set(version.holdingId, [...(before.get(version.holdingId) ?? []), version]);
  const reported = new Set(remaining.map((r) => r.holdingId));
  const page = parts.reader.read(ended);
  for (const [pair, row] of page.rows) {
    if (row.status !== 'held') continue;
    if (reported.has(row.id)) parts.positions.merge(page, pair, row, before.get(row.id) ?? []);
    else parts.positions.review(page, row);
  }
}
