import { AppError } from '../../shared/contract/errors.ts';
import type { ReadDb } from '../store/handles.ts';

/** One side of a run as it is kept with the run. */
export interface Side {
  readonly connectionId: number;
  readonly name: string;
  /** The date of its records that are compared; null when it has none of the run's date. */
  readonly asOf: string | null;
  /** Clearway's newest values are of another date. */
  readonly asOfDiffers: boolean;
}

export interface Connection {
  readonly id: number;
  readonly name: string;
  readonly platform: string;
}

/** A row id from contract text; null when it cannot be one. */
export const rowId = (text: string): number | null => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : null);

const hasRecordsOf = (db: ReadDb, connectionId: number, asOf: string): boolean =>
  db
    .prepare('SELECT 1 FROM source_holdings WHERE connection_id = ? AND valid_to_op IS NULL AND as_of = ? LIMIT 1')
    .get(connectionId, asOf) !== undefined;

/**
 * The newest date of a connection's current records; null when it has none. A platform's last complete pass carries one
 * date, so that is tried before every record is looked at; statements may cover accounts of different dates.
 */
function latestDate(db: ReadDb, { id, platform }: Connection): string | null {
  if (platform !== 'custodian_file') {
    const stated = db
      .prepare("SELECT as_of FROM sync_operations WHERE connection_id = ? AND status = 'completed' ORDER BY id DESC LIMIT 1")
      .pluck()
      .get(id) as string | null | undefined;
    if (stated && hasRecordsOf(db, id, stated)) return stated;
  }
  return db.prepare('SELECT max(as_of) FROM source_holdings WHERE connection_id = ? AND valid_to_op IS NULL').pluck().get(id) as
    | string
    | null;
}

export function findConnections(db: ReadDb, ids: readonly string[] | undefined): Connection[] {
  const all = db.prepare('SELECT id, name, platform FROM connections ORDER BY survivorship_rank, id').all() as Connection[];
  if (ids === undefined) return all;
  const wanted = new Set(ids.map(rowId));
  const found = all.filter((c) => wanted.has(c.id));
  if (found.length < wanted.size) throw new AppError('not_found', 'One of the connections does not exist any more.');
  return found;
}

/** The sides that have anything to compare, and Clearway's newest date. */
export function resolveSides(db: ReadDb, connections: readonly Connection[], asOf: string | null): Side[] {
  const clearway = db.prepare("SELECT max(as_of) FROM holdings WHERE status = 'held'").pluck().get() as string | null;
  return connections.flatMap((connection): Side[] => {
    const latest = latestDate(db, connection);
    if (latest === null) return [];
    const date = asOf === null ? latest : hasRecordsOf(db, connection.id, asOf) ? asOf : null;
    return [
      { connectionId: connection.id, name: connection.name, asOf: date, asOfDiffers: clearway !== null && date !== clearway },
    ];
  });
}
