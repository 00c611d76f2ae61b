import type { Dec } from '../../shared/model/decimal.ts';
import type { ConflictField, HoldingField, Tolerance, ValueField } from '../../shared/model/holding.ts';
import { equalWithin, judgeFields, type SourceView, type ValuesOf } from '../core/position.ts';
import { inCurrency, summed, type Said, type SourceValues } from '../core/source-record.ts';
import { FIELD_COLUMNS, SUBJECTS, type SubjectKind } from '../core/subject.ts';
import type { WritableDb } from '../store/handles.ts';
import type { ConflictReason, ConflictWriter } from './conflict-writer.ts';
import type { BookRow, OpenConflict, SettledConflict, SourceVersion } from './page-view.ts';

export interface MergeCounts {
  adopted: number;
  conflictsOpened: number;
  conflictsHealed: number;
}

/** A position or record of the book as the rule sees it. */
type Judged<F extends ValueField> = ValuesOf<F> &
  Said & {
    readonly id: number;
    readonly currency: string;
    readonly asOf: string | null;
    readonly origin: string;
    readonly fieldOrigins: string | null;
    readonly openingBase: string | null;
    readonly multiplier: Dec;
  };

/** What one record of a source says of it. */
type Report<F extends ValueField> = ValuesOf<F> &
  Said & { readonly connectionId: number; readonly currency: string | null; readonly asOf: string };

/** What the rule must know of the positions or records it looks at. */
export interface JudgedPage<F extends ValueField, R, S> {
  readonly rows: Map<string, R>;
  /** Current records of every source. Kept up to date as the merge writes. */
  readonly sources: ReadonlyMap<number, readonly S[]>;
  readonly bases: ReadonlyMap<number, ReadonlyMap<F, Dec | null>>;
  readonly open: ReadonlyMap<number, ReadonlyMap<ConflictField, OpenConflict>>;
  readonly settled: ReadonlyMap<number, ReadonlyMap<ConflictField, SettledConflict>>;
}

export interface ValueWriter<F extends ValueField, R, S> {
  /**
   * Applies the three-way rule to a position or record after one source's records of it changed, once per page. `before` are
   * the records by which that source described it until now; none on its first report. Keeps the page's view of the book true.
   */
  merge(page: JudgedPage<F, R, S>, key: string, row: R, before: readonly S[]): void;
  /**
   * A position the book does not hold is not compared; it carries what its best ranked source of the newest date says, for
   * the day a person takes it in.
   */
  follow(page: JudgedPage<F, R, S>, row: R): void;
  /** Looks again at the open conflicts of one that the source no longer reports. */
  review(page: JudgedPage<F, R, S>, row: R): void;
  /** Takes Clearway's values away, for when nobody has said yet which ones hold. */
  clear(row: R): R;
}

export type PositionWriter = ValueWriter<HoldingField, BookRow, SourceVersion>;

const bySource = <S extends { readonly connectionId: number }>(rows: readonly S[]): Map<number, S[]> =>
  Map.groupBy(rows, (row) => row.connectionId);

export function createValueWriter<F extends ValueField, R extends Judged<F>, S extends Report<F>>(
  db: WritableDb,
  options: {
    readonly kind: SubjectKind;
    readonly fields: readonly F[];
    /** What several records of one source for one thing are: perhaps a double delivery, or parts that add up. */
    readonly several: 'doubtful' | 'parts';
    readonly connectionId: number;
    readonly operationId: number;
    readonly tolerances: Readonly<Record<F, Tolerance>>;
    readonly conflicts: ConflictWriter;
    readonly counts: MergeCounts;
  },
): ValueWriter<F, R, S> {
  const { kind, fields, connectionId, operationId, tolerances, conflicts, counts } = options;
  const { table, bases, column } = SUBJECTS[kind];
  const sets = fields.map((field) => FIELD_COLUMNS[field]);
  const valuesOf = (of: (field: F) => Dec | null): Record<F, Dec | null> =>
    Object.fromEntries(fields.map((field) => [field, of(field)])) as Record<F, Dec | null>;
  const ranks = new Map(db.prepare('SELECT id, survivorship_rank FROM connections').raw().all() as [number, number][]);
  const view = (row: S): SourceView<F> => ({
    connectionId: row.connectionId,
    rank: ranks.get(row.connectionId) ?? Number.MAX_SAFE_INTEGER,
    asOf: row.asOf,
    values: row,
  });
  const keepBase = db.prepare(
    `INSERT INTO ${bases} (${column}, connection_id, field, value) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const dropBase = db.prepare(`DELETE FROM ${bases} WHERE ${column} = ? AND connection_id = ? AND field = ?`);
  const updateValues = db.prepare(
    `UPDATE ${table} SET ${sets.map((name) => `${name} = ?`).join(', ')}, as_of = ?, field_origins = ?, version = version + 1 WHERE id = ?`,
  );
  const empty = db.prepare(`UPDATE ${table} SET ${sets.map((name) => `${name} = NULL`).join(', ')} WHERE id = ?`);
  const origin = `s:${connectionId}:${operationId}`;

  const basesOf = (row: R, previous: S | null, explicit: ReadonlyMap<F, Dec | null> | undefined): ValuesOf<F> => {
    const implied: ValuesOf<F> | null =
      previous ?? (row.openingBase === null ? null : (JSON.parse(row.openingBase) as ValuesOf<F>));
    return valuesOf((field) => (explicit?.has(field) ? (explicit.get(field) ?? null) : (implied?.[field] ?? null)));
  };

  function merge(page: JudgedPage<F, R, S>, key: string, row: R, before: readonly S[]): void {
    const { own, source, others, doubled } = reportsOf(page, row);
    if (!source) return;
    const explicit = page.bases.get(row.id);
    const base = basesOf(row, summed(before.map((s) => inCurrency(s, row.currency))), explicit);
    const origins = originsOf(row);
    const verdicts = judgeFields(fields, {
      clearway: row,
      clearwayAsOf: row.asOf,
      byPerson: (field) => isByPerson(row, field, origins),
      source: view(source),
      base,
      others: others.filter((s) => !doubled.has(s.connectionId)).map(view),
      tolerances,
    });

    // Several records of one position may be a double delivery: nothing of it is taken over without a person.
    const several = options.several === 'doubtful' && own > 1;
    const after = valuesOf((field) => row[field]);
    let adopted = false;
    for (const verdict of verdicts) {
      if (verdict.adopt && !several) {
        after[verdict.field] = source[verdict.field];
        origins[verdict.field] = origin;
        adopted = true;
      }
      if (verdict.settled && !(several && (verdict.adopt || verdict.field === 'quantity'))) {
        if (explicit?.has(verdict.field)) dropBase.run(row.id, connectionId, verdict.field);
      } else keepBase.run(row.id, connectionId, verdict.field, base[verdict.field]);
    }
    if (adopted) page.rows.set(key, write(row, after, origins, source.asOf));

    for (const { field, adopt, conflict } of verdicts) {
      const found =
        field === 'quantity' && doubled.size > 0 ? 'duplicate_records' : several && adopt ? 'sources_disagree' : conflict;
      decide(page, { ...row, ...after }, field, found, base[field], [source, ...others]);
    }
  }

  /** Opens, heals or brings up to date the conflict of a field: what is still undecided is shown with what everybody says now. */
  function decide(
    page: JudgedPage<F, R, S>,
    row: R,
    field: F,
    found: ConflictReason | null,
    base: Dec | null,
    all: readonly S[],
  ): void {
    const open = page.open.get(row.id)?.get(field);
    const values: SourceValues = all.map((s) => [s.connectionId, s[field], s.asOf]);
    const before = open?.reason === 'duplicate_records' ? 'sources_disagree' : (open?.reason ?? null);
    const reason = found ?? (allAgree(field, row[field], values) ? null : before);
    if (reason === null) {
      if (open && conflicts.heal(row.id, field)) counts.conflictsHealed += 1;
      return;
    }
    const raised = conflicts.raise(
      {
        subjectId: row.id,
        field,
        reason,
        base,
        clearway: row[field],
        sources: values,
        quantity: row.quantity ?? null,
        price: row.price ?? null,
        marketValue: row.marketValue ?? null,
        multiplier: row.multiplier,
      },
      { open, settled: page.settled.get(row.id)?.get(field) },
    );
    if (raised === 'opened') counts.conflictsOpened += 1;
  }

  function review(page: JudgedPage<F, R, S>, row: R): void {
    const { source, others, doubled } = reportsOf(page, row);
    for (const [field, open] of page.open.get(row.id) ?? [])
      if (field !== 'presence')
        decide(
          page,
          row,
          field as F,
          doubled.size > 0 && field === 'quantity' ? 'duplicate_records' : null,
          open.base,
          source ? [source, ...others] : others,
        );
  }

  /** What the sources say about a position: the own one's number of records and sum, the others, and who sent several records. */
  function reportsOf(page: JudgedPage<F, R, S>, row: R) {
    const groups = bySource((page.sources.get(row.id) ?? []).map((s) => inCurrency(s, row.currency)));
    const own = groups.get(connectionId) ?? [];
    return {
      own: own.length,
      source: summed(own),
      others: [...groups].filter(([id]) => id !== connectionId).map(([, rows]) => summed(rows) as S),
      doubled: new Set([...groups].filter(([, rows]) => options.several === 'doubtful' && rows.length > 1).map(([id]) => id)),
    };
  }

  function follow(page: JudgedPage<F, R, S>, row: R): void {
    const { source, others, doubled } = reportsOf(page, row);
    if (!source || doubled.has(connectionId)) return;
    const origins = originsOf(row);
    const after = valuesOf((field) => row[field]);
    for (const field of fields) {
      const better = (s: S): boolean =>
        s[field] !== null &&
        !doubled.has(s.connectionId) &&
        (s.asOf > source.asOf || (s.asOf === source.asOf && view(s).rank < view(source).rank));
      if (isByPerson(row, field, origins) || others.some(better) || source[field] === null) continue;
      after[field] = source[field];
      origins[field] = origin;
    }
    put(row, after, source.asOf, JSON.stringify(origins));
  }

  const allAgree = (field: F, clearway: Dec | null, values: SourceValues): boolean =>
    values.every(([, value]) => value === null || equalWithin(field, tolerances)(clearway, value));

  const put = (row: R, after: ValuesOf<F>, asOf: string, fieldOrigins: string): void =>
    void updateValues.run(...fields.map((field) => after[field]), asOf, fieldOrigins, row.id);

  function write(row: R, after: ValuesOf<F>, origins: Origins, asOf: string): R {
    const newest = row.asOf !== null && row.asOf > asOf ? row.asOf : asOf;
    const fieldOrigins = JSON.stringify(origins);
    put(row, after, newest, fieldOrigins);
    counts.adopted += 1;
    return { ...row, ...after, asOf: newest, fieldOrigins };
  }

  return {
    merge,
    follow,
    review,
    clear(row) {
      empty.run(row.id);
      return { ...row, ...valuesOf(() => null) };
    },
  };
}

type Origins = Partial<Record<ValueField, string>>;

const originsOf = (row: { readonly fieldOrigins: string | null }): Origins =>
  row.fieldOrigins === null ? {} : (JSON.parse(row.fieldOrigins) as Origins);

/** Whether a person put the value there. Values that came with the opening book are nobody's later decision. */
const isByPerson = (
  row: { readonly origin: string; readonly openingBase: string | null },
  field: ValueField,
  origins: Origins,
): boolean => (origins[field] ?? row.origin).startsWith('b:') && (row.openingBase === null || origins[field] !== undefined);
