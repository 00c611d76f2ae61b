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

export interface AuditVerdict {
  readonly entries: number;
  readonly firstBad: number | null;
  readonly problem: string | null;
}

/** Walks the whole chain and names the first entry that is missing, edited or not chained to the one before. */
export function verifyAudit(db: ReadDb): AuditVerdict {
  let previous = FIRST_HASH;
  let entries = 0;
  const rows = db
    .prepare(
      'SELECT seq, at, actor, event, subject, details, request_id AS requestId, prev_hash AS prevHash, hash FROM audit_entries ORDER BY seq',
    )
    .iterate() as IterableIterator<Row>;
  for (const row of rows) {
    const expected = entries + 1;
    const problem =
      row.seq !== expected
        ? 'missing'
        : row.prevHash !== previous
          ? 'not chained'
          : row.hash !== hashOf(row.seq, row, previous)
            ? 'edited'
            : null;
    if (problem !== null) return { entries, firstBad: expected, problem };
    previous = row.hash;
    entries += 1;
  }
  return { entries, firstBad: null, problem: null };
}
