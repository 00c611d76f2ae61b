import type { ConflictField } from '../../shared/model/holding.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import { conflictSize } from '../core/conflict-size.ts';
import { signatureOf, type SourceValues } from '../core/source-record.ts';
import { SUBJECTS, type SubjectKind } from '../core/subject.ts';
import type { WritableDb } from '../store/handles.ts';
import type { OpenConflict, SettledConflict } from './page-view.ts';

export type ConflictReason =
  | 'both_changed'
  | 'sources_disagree'
  | 'missing_at_source'
  | 'only_at_source'
  | 'no_base'
  | 'duplicate_records';

export interface Dispute {
  /** The position or record in dispute, of the kind the writer was made for. */
  readonly subjectId: number;
  readonly field: ConflictField;
  readonly reason: ConflictReason;
  readonly base: string | null;
  readonly clearway: string | null;
  readonly sources: SourceValues;
  readonly quantity: Dec | null;
  readonly price: Dec | null;
  readonly marketValue: Dec | null;
  readonly multiplier: Dec;
}

export interface ConflictWriter {
  /**
   * Opens the conflict, or brings the open one up to date. Nothing happens when a person settled just this disagreement.
   * `known` spares the look-up of what is open and settled for the position.
   */
  raise(dispute: Dispute, known?: Known): 'opened' | 'updated' | 'settled_before';
  /** Closes the open conflict of a field because everybody agrees again, which is then the base of all. True when there was one. */
  heal(subjectId: number, field: ConflictField): boolean;
  /** Fields with an open conflict. */
  openFields(subjectId: number): ConflictField[];
}

export interface Known {
  readonly open: OpenConflict | undefined;
  readonly settled: SettledConflict | undefined;
}

export function createConflictWriter(db: WritableDb, kind: SubjectKind, operationId: number | null, now: string): ConflictWriter {
  const { column, bases } = SUBJECTS[kind];
  const findOpen = db.prepare(
    `SELECT id, signature, base, clearway, reason FROM conflicts WHERE ${column} = ? AND field = ? AND status IN ('open', 'review')`,
  );
  const findSettled = db.prepare(
    `SELECT signature, settled_value AS value FROM conflicts WHERE ${column} = ? AND field = ? AND status = 'settled' ORDER BY id DESC LIMIT 1`,
  );
  const insert = db.prepare(
    `INSERT INTO conflicts (${column}, field, reason, status, severity, base, clearway, signature, sources, difference, difference_percent, impact, opened_op, opened_at)
     VALUES (?, ?, ?, 'open', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = db.prepare(
    `UPDATE conflicts SET reason = ?, severity = ?, base = ?, clearway = ?, signature = ?, sources = ?, difference = ?,
       difference_percent = ?, impact = ?, version = version + 1 WHERE id = ?`,
  );
  const close = db.prepare(
    `UPDATE conflicts SET status = 'healed', closed_at = ?, version = version + 1
     WHERE ${column} = ? AND field = ? AND status IN ('open', 'review')`,
  );
  const dropBases = db.prepare(`DELETE FROM ${bases} WHERE ${column} = ? AND field = ?`);
  const open = db.prepare(`SELECT field FROM conflicts WHERE ${column} = ? AND status IN ('open', 'review')`).pluck();

  const lookUp = (d: Dispute): Known => ({
    open: findOpen.get(d.subjectId, d.field) as OpenConflict | undefined,
    settled: findSettled.get(d.subjectId, d.field) as SettledConflict | undefined,
  });

  return {
    raise(d, known = lookUp(d)) {
      const signature = signatureOf(d.sources);
      const { open: existing, settled } = known;
      if (existing) {
        if (existing.signature === signature && existing.clearway === d.clearway && existing.reason === d.reason)
          return 'updated';
      } else if (settled && settled.signature === signature && settled.value === d.clearway) return 'settled_before';
      const size = conflictSize({ ...d, sources: d.sources.map((s) => s[1]) });
      const values = [
        size.severity,
        d.base,
        d.clearway,
        signature,
        JSON.stringify(d.sources),
        size.difference,
        size.differencePercent,
        size.impact,
      ];
      if (existing) update.run(d.reason, ...values, existing.id);
      else insert.run(d.subjectId, d.field, d.reason, ...values, operationId, now);
      return existing ? 'updated' : 'opened';
    },
    heal(subjectId, field) {
      dropBases.run(subjectId, field);
      return close.run(now, subjectId, field).changes > 0;
    },
    openFields: (subjectId) => open.all(subjectId) as ConflictField[],
  };
}
