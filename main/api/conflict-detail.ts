import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import { abs, div, sub, type Dec } from '../../shared/model/decimal.ts';
import { HOLDING_FIELDS, STRATEGIES, type Platform, type ValueField } from '../../shared/model/holding.ts';
import { STREAM_FIELDS } from '../../shared/model/record.ts';
import { conflictById } from '../conflicts/rows.ts';
import { conflictSentence } from '../conflicts/sentence.ts';
import { clearwayOf, loadSubjects, toleranceOf, type Subject } from '../conflicts/subject.ts';
import { equalWithin } from '../core/position.ts';
import { applyStrategy } from '../core/strategy.ts';
import { SUBJECTS, type SubjectKind, type SubjectRef } from '../core/subject.ts';
import { valueTolerances } from '../core/tolerance.ts';
import { currentTolerances } from '../reconciliation/settings.ts';
import type { ReadDb } from '../store/handles.ts';
import { createProvenanceReader, originOf } from './provenance.ts';

type Detail = Output<'conflicts.get'>;
type FieldView = Detail['fields'][number];

interface SourceRow extends Readonly<Partial<Record<ValueField, Dec | null>>> {
  readonly connectionId: number;
  readonly connectionName: string;
  readonly platform: Platform;
  readonly recordId: number | null;
  readonly asOf: string | null;
  readonly modifiedAt: string | null;
  readonly receivedAt: string | null;
}

const ABOUT =
  'c.id AS connectionId, c.name AS connectionName, c.platform, r.id AS recordId, r.as_of AS asOf, r.modified_at AS modifiedAt';
const TIED = 'EXISTS (SELECT 1 FROM account_links l WHERE l.account_id = b.account_id AND l.connection_id = c.id)';

/** Every source tied to the account, whether it reports the position or record or not, in survivorship order. */
const AROUND: Readonly<Record<SubjectKind, string>> = {
  position: `SELECT ${ABOUT}, p.received_at AS receivedAt, r.quantity, r.price, r.market_value AS marketValue, r.cost_basis AS costBasis
    FROM holdings b JOIN connections c ON ${TIED}
    LEFT JOIN source_holdings r ON r.holding_id = b.id AND r.connection_id = c.id AND r.valid_to_op IS NULL
    LEFT JOIN raw_payloads p ON p.id = r.payload_id WHERE b.id = ? ORDER BY c.survivorship_rank, r.id`,
  record: `SELECT ${ABOUT}, p.received_at AS receivedAt, r.quantity, r.price, r.market_value AS marketValue, r.cost_basis AS costBasis, r.cash,
      r.rate AS return
    FROM book_records b JOIN connections c ON ${TIED} LEFT JOIN record_sources r ON r.record_id = b.id AND r.connection_id = c.id
    LEFT JOIN raw_payloads p ON p.id = r.payload_id WHERE b.id = ? ORDER BY c.survivorship_rank, r.id`,
};

/** What base stands between Clearway and a source: the explicit one while undecided, else what the source says now. */
function baseReader(db: ReadDb, { kind, id }: SubjectRef): (source: SourceRow, field: ValueField) => Dec | null {
  const { bases, column } = SUBJECTS[kind];
  const rows = db.prepare(`SELECT connection_id AS id, field, value FROM ${bases} WHERE ${column} = ?`).all(id) as {
    id: number;
    field: string;
    value: Dec | null;
  }[];
  const explicit = new Map(rows.map((r) => [`${r.id}/${r.field}`, r.value]));
  return (source, field) => {
    const key = `${source.connectionId}/${field}`;
    return explicit.has(key) ? (explicit.get(key) ?? null) : (source[field] ?? null);
  };
}

function fieldViews(db: ReadDb, subject: Subject, sources: readonly SourceRow[]): FieldView[] {
  const tolerances = valueTolerances(currentTolerances(db));
  const provenance = createProvenanceReader(db);
  const baseOf = baseReader(db, subject.ref);
  const fields = subject.stream === null ? HOLDING_FIELDS : STREAM_FIELDS[subject.stream];
  return fields.map((field) => {
    const clearway = subject[field];
    const equal = equalWithin(field, tolerances);
    return {
      field,
      clearway,
      clearwayProvenance: provenance(originOf(subject, field)),
      sources: sources.map((s) => {
        const value = s[field] ?? null;
        const difference = value === null || clearway === null ? null : sub(value, clearway);
        return {
          connectionId: String(s.connectionId),
          connectionName: s.connectionName,
          platform: s.platform,
          base: baseOf(s, field),
          value,
          held: s.recordId !== null,
          asOf: s.asOf as FieldView['sources'][number]['asOf'],
          modifiedAt: s.modifiedAt,
          receivedAt: s.receivedAt,
          recordId: s.recordId === null ? null : String(s.recordId),
          difference,
          differencePercent: difference === null || clearway === null ? null : div(difference, abs(clearway), 6),
        };
      }),
      inConflict: field === subject.field,
      agrees: sources.every((s) => (s[field] ?? null) === null || equal(clearway, s[field] ?? null)),
    };
  });
}

function outcomes(db: ReadDb, subject: Subject): Detail['outcomes'] {
  const tolerances = currentTolerances(db);
  const input = {
    field: subject.field,
    clearway: clearwayOf(subject),
    sources: subject.sources,
    tolerance: toleranceOf(subject.field, tolerances),
    quantity: subject.quantity,
    price: subject.price,
    multiplier: subject.multiplier,
  };
  return STRATEGIES.filter((s) => s !== 'MANUAL_REVIEW').flatMap((strategy) => {
    const choices =
      strategy === 'PLATFORM_WINS' ? subject.sources.toSorted((a, b) => a.rank - b.rank).map((s) => s.connectionId) : [undefined];
    return choices.map((connectionId) => {
      const outcome = applyStrategy({ strategy, ...(connectionId === undefined ? {} : { connectionId }) }, input);
      return {
        strategy,
        connectionId: connectionId === undefined ? null : String(connectionId),
        value: outcome.kind === 'settle' ? outcome.value : null,
        reason: outcome.kind === 'refuse' ? outcome.reason : null,
      };
    });
  });
}

function history(db: ReadDb, row: Detail['row']): Detail['history'] {
  const opened = [{ at: row.openedAt, by: 'Sync', what: 'Opened', batchId: null }];
  const batches = db
    .prepare(
      `SELECT b.at, b.actor AS by, b.summary AS what, b.id AS batchId FROM batch_items i JOIN batches b ON b.id = i.batch_id
       WHERE i.kind = 'conflict' AND i.subject_id = ? ORDER BY b.id DESC`,
    )
    .all(Number(row.id)) as { at: string; by: string; what: string; batchId: number }[];
  const closed =
    row.status === 'healed'
      ? [{ at: closedAt(db, row.id), by: 'Sync', what: 'Healed: everybody agrees again', batchId: null }]
      : [];
  return [...closed, ...batches.map((b) => ({ ...b, batchId: String(b.batchId) })), ...opened];
}

const closedAt = (db: ReadDb, id: string): string =>
  db.prepare('SELECT coalesce(closed_at, opened_at) FROM conflicts WHERE id = ?').pluck().get(Number(id)) as string;

/** Undecided conflicts about the positions and records with this in a column, found from these: there are few of them. */
function alsoOpen(db: ReadDb, column: 'id' | 'account_id' | 'security_id', value: number, only?: SubjectKind): number {
  const count = (kind: SubjectKind): number =>
    only !== undefined && only !== kind
      ? 0
      : (db
          .prepare(
            `SELECT count(*) FROM ${SUBJECTS[kind].table} b CROSS JOIN conflicts c ON c.${SUBJECTS[kind].column} = b.id AND c.status IN ('open', 'review') WHERE b.${column} = ?`,
          )
          .pluck()
          .get(value) as number);
  return count('position') + count('record');
}

/** One conflict side by side, with the record around it, what each strategy would write, its comments and history. */
export function conflictDetail(db: ReadDb, { id }: HandlerInput<'conflicts.get'>): Detail {
  const row = conflictById(db, Number(id));
  const [subject] = row ? loadSubjects(db, [Number(id)]) : [];
  if (!row || !subject) throw new AppError('not_found', 'There is no such conflict. It may have been settled; refresh the list.');
  const sources = db.prepare(AROUND[subject.ref.kind]).all(subject.ref.id) as SourceRow[];
  const names = new Map(db.prepare('SELECT id, name FROM connections').raw().all() as [number, string][]);
  const comments = db.prepare('SELECT id, author, at, text FROM comments WHERE conflict_id = ? ORDER BY id').all(Number(id)) as {
    id: number;
    author: string;
    at: string;
    text: string;
  }[];
  const itself = row.status === 'open' || row.status === 'review' ? 1 : 0;
  return {
    row,
    sentence: conflictSentence(row, (connectionId) => names.get(Number(connectionId)) ?? 'A platform'),
    fields: fieldViews(db, subject, sources),
    outcomes: outcomes(db, subject),
    comments: comments.map((c) => ({ ...c, id: String(c.id) })),
    history: history(db, row),
    related: {
      sameSecurity: row.securityId === null ? 0 : alsoOpen(db, 'security_id', Number(row.securityId)) - itself,
      sameAccount: alsoOpen(db, 'account_id', Number(row.accountId)) - itself,
      sameSubject: alsoOpen(db, 'id', subject.ref.id, subject.ref.kind) - itself,
    },
  };
}
