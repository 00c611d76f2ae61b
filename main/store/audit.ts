import { createHash } from 'node:crypto';
import type { ReadDb, WritableDb } from './handles.ts';

export interface AuditEntry {
  readonly at: string;
  readonly actor: string;
  readonly event: string;
  readonly subject: string;
  readonly details: string;
  readonly requestId: string;
}

const FIRST_HASH = '0'.repeat(64);

const hashOf = (seq: number, entry: AuditEntry, previous: string): string =>
  createHash('sha256')
    .update(JSON.stringify([previous, seq, entry.at, entry.actor, entry.event, entry.subject, entry.details, entry.requestId]))
    .digest('hex');

/** Appends one entry to the hash chain. Must be called inside the transaction of what it describes. */
export function appendAudit(db: WritableDb, entry: AuditEntry): number {
  if (!db.inTransaction) throw new Error('An audit entry belongs to the transaction it describes.');
  const last = db.prepare('SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1').get() as
    | { seq: number; hash: string }
    | undefined;
  const seq = (last?.seq ?? 0) + 1;
  const previous = last?.hash ?? FIRST_HASH;
  db.prepare('INSERT INTO audit_entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)').run(
    seq,
    entry.at,
    entry.actor,
    entry.event,
    entry.subject,
    entry.details,
    entry.requestId,
    previous,
    hashOf(seq, entry, previous),
  );
  return seq;
}

interface Row extends AuditEntry {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
}

/** The head of the chain at some moment, as noted outside the database. */
export interface AuditAnchor {
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
}

export interface AuditVerdict {
  readonly entries: number;
  readonly firstBad: number | null;
  /**
   * `edited`: its content does not give its hash; `missing`: its number is not there; `not chained`: it does not follow the
   * one before; `rewritten`: it is not the entry that was noted outside; `cut off`: it was noted outside and the trail ends before it.
   */
  readonly problem: 'edited' | 'missing' | 'not chained' | 'rewritten' | 'cut off' | null;
}

/** The newest entry; null in an empty trail. */
export const auditHead = (db: ReadDb): Omit<AuditAnchor, 'at'> | null =>
  (db.prepare('SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1').get() as Omit<AuditAnchor, 'at'> | undefined) ??
  null;

/**
 * Walks the whole chain and names the first entry that is missing, edited or not chained to the one before. A chain that was
 * written anew as a whole, or cut off at its end, is sound in itself: only anchors, noted where it could not be changed, tell.
 */
export function verifyAudit(db: ReadDb, anchors: readonly AuditAnchor[] = []): AuditVerdict {
  const anchored = Map.groupBy(anchors, ({ seq }) => seq);
  let previous = FIRST_HASH;
  let entries = 0;
  const rows = db
    .prepare(
      'SELECT seq, at, actor, event, subject, details, request_id AS requestId, prev_hash AS prevHash, hash FROM audit_entries ORDER BY seq',
    )
    .iterate() as IterableIterator<Row>;
  for (const row of rows) {
    const expected = entries + 1;
    const here = anchored.get(row.seq) ?? [];
    const problem =
      row.seq !== expected
        ? 'missing'
        : row.prevHash !== previous
          ? 'not chained'
          : row.hash !== hashOf(row.seq, row, previous)
            ? 'edited'
            : here.some(({ hash }) => hash !== row.hash)
              ? 'rewritten'
              : null;
    if (problem !== null) return { entries, firstBad: expected, problem };
    previous = row.hash;
    entries += 1;
  }
  const isCutOff = anchors.some(({ seq }) => seq > entries);
  return { entries, firstBad: isCutOff ? entries + 1 : null, problem: isCutOff ? 'cut off' : null };
}
