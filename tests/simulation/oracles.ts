import { existsSync, readFileSync } from 'node:fs';
import { zstdDecompressSync } from 'node:zlib';
import { contract } from '../../shared/contract/index.ts';
import { verifyAudit } from '../../main/store/audit.ts';
import type { ReadDb } from '../../main/store/handles.ts';
import type { Command } from './commands.ts';
import type { Platform, Stated } from './platform.ts';

/** What the oracles look at: the file, what people were told, and what the platforms really hold. */
export interface Watched {
  readonly db: ReadDb;
  readonly commands: readonly Command[];
  /** By connection id. */
  readonly platforms: ReadonlyMap<number, Platform>;
  /** Generations that a completed operation may have seen, by operation: from the first to the last, both included. */
  readonly windows: ReadonlyMap<number, readonly [first: number, last: number]>;
}

const all = <R>({ db }: Watched, sql: string, ...params: unknown[]): R[] => db.prepare(sql).all(...params) as R[];
const one = ({ db }: Watched, sql: string, ...params: unknown[]): unknown =>
  db
    .prepare(sql)
    .pluck()
    .get(...params);

/** O1 and "once": what was acknowledged stands whole with one audit entry, what was refused left none, what nobody knows at most one. */
function acknowledged(watched: Watched): string[] {
  const entries = new Map(
    all<{ id: string; entries: number }>(
      watched,
      "SELECT request_id AS id, count(*) AS entries FROM audit_entries WHERE request_id LIKE 'desk-%' GROUP BY request_id",
    ).map((row) => [row.id, row.entries]),
  );
  return watched.commands.flatMap((command) => {
    const procedure = contract[command.name];
    if (procedure.kind !== 'command' || !('event' in procedure.audit)) return [];
    const found = entries.get(command.requestId) ?? 0;
    const label = `${command.requestId} (${command.name}, ${command.state})`;
    if (command.state === 'acknowledged' && found !== 1) return [`O1: ${label} has ${found} audit entries instead of 1`];
    if (command.state === 'refused' && found !== 0) return [`O1: ${label} has ${found} audit entries instead of none`];
    if (found > 1) return [`O1: ${label} was done ${found} times`];
    const output = command.output as { readonly batchId?: string | null; readonly settled?: number } | null;
    if (command.state !== 'acknowledged' || !output?.batchId) return [];
    const items = one(watched, 'SELECT items FROM batches WHERE id = ?', Number(output.batchId));
    const stored = one(watched, 'SELECT count(*) FROM batch_items WHERE batch_id = ?', Number(output.batchId));
    if (items !== stored || (output.settled !== undefined && output.settled !== stored))
      return [`O1: batch ${output.batchId} of ${label} names ${String(items)} items and holds ${String(stored)}`];
    return [];
  });
}

/** A value that a person put there stands until a person touches it again: no sync replaces it. */
function personsValues(watched: Watched): string[] {
  return watched.commands.flatMap((command) => {
    if (command.state !== 'acknowledged' || command.name !== 'holdings.edit') return [];
    const { id, field, value } = command.input as { id: string; field: 'quantity' | 'price'; value: string };
    const { batchId } = command.output as { batchId: string };
    const later = one(
      watched,
      `SELECT count(*) FROM batch_items i LEFT JOIN conflicts c ON i.kind = 'conflict' AND c.id = i.subject_id
       WHERE i.batch_id > ? AND ((i.kind = 'holding' AND i.subject_id = ?) OR c.holding_id = ?)`,
      Number(batchId),
      Number(id),
      Number(id),
    );
    if (later !== 0) return [];
    const row = watched.db.prepare('SELECT status, quantity, price FROM holdings WHERE id = ?').get(Number(id)) as
      | { status: string; quantity: string; price: string }
      | undefined;
    return row?.status === 'held' && row[field] !== value
      ? [`O1: ${field} of position ${id} is ${row[field]}; ${command.by} put ${value} there and nobody changed it since`]
      : [];
  });
}

/** O3: the checkpoint is what is stored, and nothing in the book stems from a pass that is not complete. */
function checkpoints(watched: Watched): string[] {
  const ahead = all<{ id: number }>(
    watched,
    `SELECT o.id FROM sync_operations o WHERE o.status IN ('fetching', 'staged') AND (
       o.pages <> (SELECT count(*) FROM staged_pages p WHERE p.operation_id = o.id)
       OR o.records <> (SELECT coalesce(sum(p.records), 0) FROM staged_pages p WHERE p.operation_id = o.id))`,
  ).map(({ id }) => `O3: the checkpoint of sync ${id} is not what is stored`);
  const shown = all<{ id: number; status: string }>(
    watched,
    `SELECT DISTINCT o.id, o.status FROM source_holdings r JOIN sync_operations o ON o.id IN (r.valid_from_op, r.valid_to_op)
     WHERE o.status <> 'completed'`,
  ).map(({ id, status }) => `O3: the book shows part of sync ${id}, which is ${status}`);
  return [...ahead, ...shown];
}

export interface Version {
  readonly externalId: string;
  readonly quantity: string;
  readonly price: string;
  readonly marketValue: string;
  readonly costBasis: string;
  readonly asOf: string;
}
const VERSIONS = `SELECT external_id AS externalId, quantity, price, market_value AS marketValue, cost_basis AS costBasis, as_of AS asOf
  FROM source_holdings WHERE connection_id = ? AND valid_to_op IS NULL`;

const sameAs = (v: Version, s: Stated): boolean =>
  v.quantity === s.quantity && v.price === s.price && v.marketValue === s.value && v.costBasis === s.cost && v.asOf === s.asOf;

/** Never half a pass: what stands is what the platform held while the last completed pass ran, every record of it. */
function wholePasses(watched: Watched): string[] {
  return [...watched.platforms].flatMap(([connectionId, platform]) => {
    const last = one(
      watched,
      "SELECT id FROM sync_operations WHERE connection_id = ? AND status = 'completed' ORDER BY finished_at DESC, id DESC LIMIT 1",
      connectionId,
    ) as number | undefined;
    const versions = all<Version>(watched, VERSIONS, connectionId);
    const window = last === undefined ? undefined : watched.windows.get(last);
    if (!window)
      return versions.length === 0 || last !== undefined ? [] : [`O3: ${platform.name} has records, but no completed pass`];
    const seen = platform.generations.slice(window[0], window[1] + 1);
    const standing = new Set(versions.map((v) => v.externalId));
    const invented = versions.filter((v) => {
      const stated = seen.map((list) => list.get(Number(v.externalId)));
      return !stated.some((s) => s !== undefined && sameAs(v, s));
    });
    const lost = [...(seen[0]?.keys() ?? [])].filter((id) => seen.every((list) => list.has(id)) && !standing.has(String(id)));
    return [
      ...invented.map((v) => `O3: ${platform.name} never stated record ${v.externalId} as it stands after sync ${String(last)}`),
      ...lost.map((id) => `O3: record ${id} of ${platform.name} is lost after sync ${String(last)}`),
    ];
  });
}

/** O6: the audit chain is whole. O7: the file is sound and no row points at nothing. */
function sound(watched: Watched): string[] {
  const { problem, firstBad } = verifyAudit(watched.db);
  const integrity = one(watched, 'PRAGMA integrity_check');
  const orphans = all<{ table: string }>(watched, 'PRAGMA foreign_key_check');
  return [
    ...(problem === null ? [] : [`O6: audit entry ${String(firstBad)} is ${problem}`]),
    ...(integrity === 'ok' ? [] : [`O7: integrity_check says ${String(integrity)}`]),
    ...orphans.map(({ table }) => `O7: a row of ${table} points at nothing`),
  ];
}

/** O2: the platforms were asked, never told: nothing is written back by a sync. */
const neverWritten = ({ platforms }: Watched): string[] =>
  [...platforms.values()].flatMap(({ name, writes }) => (writes === 0 ? [] : [`O2: ${name} was written to ${writes} times`]));

/** What must hold at every moment; answers what does not. */
export const brokenNow = (watched: Watched): string[] =>
  [acknowledged, personsValues, checkpoints, wholePasses, sound, neverWritten].flatMap((oracle) => oracle(watched));

/** What must hold once faults have ended and every connection was read: the book is the platforms' truth and people's decisions. */
export function brokenAtRest(watched: Watched): string[] {
  const stuck = all<{ id: number; status: string }>(
    watched,
    "SELECT id, status FROM sync_operations WHERE status NOT IN ('completed', 'failed', 'cancelled')",
  ).map(({ id, status }) => `O10: sync ${id} is ${status} though nobody works on it`);
  const untrue = [...watched.platforms].flatMap(([connectionId, platform]) => {
    const truth = platform.generations.at(-1) ?? new Map<number, Stated>();
    const versions = all<Version>(watched, VERSIONS, connectionId);
    const wrong = versions.filter((v) => {
      const s = truth.get(Number(v.externalId));
      return s === undefined || !sameAs(v, s);
    });
    return [
      ...(versions.length === truth.size
        ? []
        : [`O5: ${platform.name} holds ${truth.size} records, the book has ${versions.length}`]),
      ...wrong.map((v) => `O5: record ${v.externalId} is not what ${platform.name} holds`),
    ];
  });
  return [...stuck, ...untrue, ...fromPayloads(watched), ...bestRanked(watched)];
}

/** O5: quantities add up to those in the bytes that the records were read from, digit for digit. */
function fromPayloads(watched: Watched): string[] {
  return all<{ externalId: string; quantity: string; place: string; payload: number }>(
    watched,
    'SELECT external_id AS externalId, quantity, place, payload_id AS payload FROM source_holdings WHERE valid_to_op IS NULL',
  ).flatMap(({ externalId, quantity, place, payload }) => {
    const text = payloadText(watched, payload);
    const sent = text.split('},{')[Number(place.slice(1))] ?? '';
    const digits = /"currentShares":([0-9.]+)/.exec(sent)?.[1];
    return sent.includes(`"id":${externalId},`) && digits === quantity
      ? []
      : [`O5: record ${externalId} holds ${quantity}, its payload says ${digits ?? 'nothing'}`];
  });
}

const decompressed = new WeakMap<ReadDb, Map<number, string>>();
function payloadText({ db }: Watched, id: number): string {
  const known = decompressed.get(db) ?? new Map<number, string>();
  decompressed.set(db, known);
  const found = known.get(id);
  if (found !== undefined) return found;
  const body = db.prepare('SELECT body FROM raw_payloads WHERE id = ?').pluck().get(id) as Buffer;
  const text = zstdDecompressSync(body).toString();
  known.set(id, text);
  return text;
}

/**
 * Where no person ever touched a position and none is asked about it, the book says what the best ranked source of the
 * newest date says.
 */
function bestRanked(watched: Watched): string[] {
  const rows = all<{ id: number; status: string; quantity: string | null; price: string | null }>(
    watched,
    `SELECT h.id, h.status, h.quantity, h.price FROM holdings h
     WHERE NOT EXISTS (SELECT 1 FROM batch_items i WHERE i.kind = 'holding' AND i.subject_id = h.id)
       AND NOT EXISTS (SELECT 1 FROM batch_items i JOIN conflicts c ON c.id = i.subject_id WHERE i.kind = 'conflict' AND c.holding_id = h.id)
       AND NOT EXISTS (SELECT 1 FROM conflicts c WHERE c.holding_id = h.id AND c.status <> 'healed')`,
  );
  return rows.flatMap((row) => {
    const [best] = all<{ quantity: string; price: string }>(
      watched,
      `SELECT s.quantity, s.price FROM source_holdings s JOIN connections c ON c.id = s.connection_id
       WHERE s.holding_id = ? AND s.valid_to_op IS NULL ORDER BY s.as_of DESC, c.survivorship_rank LIMIT 1`,
      row.id,
    );
    if (!best) return row.status === 'held' ? [`O5: position ${row.id} is held, but no source states it`] : [];
    if (row.status !== 'held') return [`O5: position ${row.id} is not held, but a source states it and nobody was asked`];
    return row.quantity === best.quantity && row.price === best.price
      ? []
      : [
          `O5: position ${row.id} holds ${row.quantity} at ${row.price}; the best source says ${best.quantity} at ${best.price} and no person spoke`,
        ];
  });
}

/** O8: no secret of any platform lies in the files. */
export const secretsIn = (files: readonly string[], platforms: Iterable<Platform>): string[] =>
  [...platforms].flatMap(({ name, credentials }) =>
    files
      .filter((file) => existsSync(file))
      .flatMap((file) => {
        const bytes = readFileSync(file);
        return [credentials['password'], credentials['clientSecret']]
          .filter((secret) => secret !== undefined && bytes.includes(secret))
          .map(() => `O8: a secret of ${name} lies in ${file}`);
      }),
  );

/** The book without what tells one run from another: ids of operations, times. Equal books have equal text. */
export const bookText = (watched: Watched): string =>
  JSON.stringify([
    all(watched, 'SELECT id, status, quantity, price, market_value, cost_basis, as_of FROM holdings ORDER BY id'),
    all(watched, 'SELECT holding_id, field, reason, status, clearway, signature FROM conflicts ORDER BY id'),
    all(
      watched,
      'SELECT connection_id, external_id, quantity, price, as_of FROM source_holdings WHERE valid_to_op IS NULL ORDER BY connection_id, external_id',
    ),
    all(watched, 'SELECT holding_id, connection_id, field, value FROM holding_bases ORDER BY 1, 2, 3'),
  ]);
