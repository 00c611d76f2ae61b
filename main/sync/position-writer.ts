import { HOLDING_FIELDS, type HoldingField, type Tolerances } from '../../shared/model/holding.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import { equalWithin, judgePosition, type PositionValues, type SourceView } from '../core/position.ts';
import { inCurrency, summed, type SourceValues } from '../core/source-record.ts';
import type { WritableDb } from '../store/handles.ts';
import type { ConflictReason, ConflictWriter } from './conflict-writer.ts';
import type { BookRow, PageView, SourceVersion } from './page-view.ts';

export interface MergeCounts {
  adopted: number;
  conflictsOpened: number;
  conflictsHealed: number;
}

export interface PositionWriter {
  /**
   * Applies the three-way rule to a position after one source's records of it changed, once per page. `before` are the
   * records by which that source described it until now; none on its first report. Keeps the page's view of the book true.
   */
  merge(page: PageView, pair: string, row: BookRow, before: readonly SourceVersion[]): void;
  /**
   * A position the book does not hold is not compared; it carries what its best ranked source of the newest date says, for
   * the day a person takes it in.
   */
  follow(page: PageView, row: BookRow): void;
  /** Looks again at the open conflicts of a position that the source no longer reports. */
  review(page: PageView, row: BookRow): void;
  /** Takes Clearway's values of a position away, for when nobody has said yet which ones hold. */
  clear(row: BookRow): BookRow;
}

const bySource = (rows: readonly SourceVersion[]): Map<number, SourceVersion[]> => {
  const groups = new Map<number, SourceVersion[]>();
  for (const row of rows) groups.set(row.connectionId, [...(groups.get(row.connectionId) ?? []), row]);
  return groups;
};

export function createPositionWriter(
  db: WritableDb,
  options: {
    readonly connectionId: number;
    readonly operationId: number;
    readonly tolerances: Tolerances;
    readonly conflicts: ConflictWriter;
    readonly counts: MergeCounts;
  },
): PositionWriter {
  const { connectionId, operationId, tolerances, conflicts, counts } = options;
  const ranks = new Map(db.prepare('SELECT id, survivorship_rank FROM connections').raw().all() as [number, number][]);
  const view = (row: SourceVersion): SourceView => ({
    connectionId: row.connectionId,
    rank: ranks.get(row.connectionId) ?? Number.MAX_SAFE_INTEGER,
    asOf: row.asOf,
    values: row,
  });
  const keepBase = db.prepare(
    'INSERT INTO holding_bases (holding_id, connection_id, field, value) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const dropBase = db.prepare('DELETE FROM holding_bases WHERE holding_id = ? AND connection_id = ? AND field = ?');
  const updateValues = db.prepare(
    `UPDATE holdings SET quantity = ?, price = ?, market_value = ?, cost_basis = ?, as_of = ?, field_origins = ?, version = version + 1 WHERE id = ?`,
  );
  const empty = db.prepare(
    'UPDATE holdings SET quantity = NULL, price = NULL, market_value = NULL, cost_basis = NULL WHERE id = ?',
  );
  const origin = `s:${connectionId}:${operationId}`;

  const basesOf = (
    row: BookRow,
    previous: PositionValues | null,
    explicit: ReadonlyMap<HoldingField, Dec | null> | undefined,
  ): PositionValues => {
    const implied = previous ?? (row.openingBase === null ? null : (JSON.parse(row.openingBase) as PositionValues));
    const of = (field: HoldingField): Dec | null =>
      explicit?.has(field) ? (explicit.get(field) ?? null) : (implied?.[field] ?? null);
    return { quantity: of('quantity'), price: of('price'), marketValue: of('marketValue'), costBasis: of('costBasis') };
  };

  function merge(page: PageView, pair: string, row: BookRow, before: readonly SourceVersion[]): void {
    const { own, source, others, doubled } = reportsOf(page, row);
    if (!source) return;
    const explicit = page.bases.get(row.id);
    const base = basesOf(row, summed(before.map((s) => inCurrency(s, row.currency))), explicit);
    const origins = originsOf(row);
    const verdicts = judgePosition({
      clearway: row,
      clearwayAsOf: row.asOf,
      byPerson: (field) => isByPerson(row, field, origins),
      source: view(source),
      base,
      others: others.filter((s) => !doubled.has(s.connectionId)).map(view),
      tolerances,
    });

    // Several records of one position may be a double delivery: nothing of it is taken over without a person.
    const several = own > 1;
    const after: Record<HoldingField, Dec | null> = {
      quantity: row.quantity,
      price: row.price,
      marketValue: row.marketValue,
      costBasis: row.costBasis,
    };
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
    if (adopted) page.rows.set(pair, write(row, after, origins, source.asOf));

    for (const { field, adopt, conflict } of verdicts) {
      const found =
        field === 'quantity' && doubled.size > 0 ? 'duplicate_records' : several && adopt ? 'sources_disagree' : conflict;
      decide(page, { ...row, ...after }, field, found, base[field], [source, ...others]);
    }
  }

  /** Opens, heals or brings up to date the conflict of a field: what is still undecided is shown with what everybody says now. */
  function decide(
    page: PageView,
    row: BookRow,
    field: HoldingField,
    found: ConflictReason | null,
    base: Dec | null,
    all: readonly SourceVersion[],
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
        holdingId: row.id,
        field,
        reason,
        base,
        clearway: row[field],
        sources: values,
        quantity: row.quantity,
        price: row.price,
        marketValue: row.marketValue,
        multiplier: row.multiplier,
      },
      { open, settled: page.settled.get(row.id)?.get(field) },
    );
    if (raised === 'opened') counts.conflictsOpened += 1;
  }

  function review(page: PageView, row: BookRow): void {
    const { source, others, doubled } = reportsOf(page, row);
    for (const [field, open] of page.open.get(row.id) ?? [])
      if (field !== 'presence')
        decide(
          page,
          row,
          field,
          doubled.size > 0 && field === 'quantity' ? 'duplicate_records' : null,
          open.base,
          source ? [source, ...others] : others,
        );
  }

  /** What the sources say about a position: the own one's number of records and sum, the others, and who sent several records. */
  function reportsOf(page: PageView, row: BookRow) {
    const groups = bySource((page.sources.get(row.id) ?? []).map((s) => inCurrency(s, row.currency)));
    const own = groups.get(connectionId) ?? [];
    return {
      own: own.length,
      source: summed(own),
      others: [...groups].filter(([id]) => id !== connectionId).map(([, rows]) => summed(rows) as SourceVersion),
      doubled: new Set([...groups].filter(([, rows]) => rows.length > 1).map(([id]) => id)),
    };
  }

  function follow(page: PageView, row: BookRow): void {
    const { source, others, doubled } = reportsOf(page, row);
    if (!source || doubled.has(connectionId)) return;
    const origins = originsOf(row);
    const after = { quantity: row.quantity, price: row.price, marketValue: row.marketValue, costBasis: row.costBasis };
    for (const field of HOLDING_FIELDS) {
      const better = (s: SourceVersion): boolean =>
        s[field] !== null &&
        !doubled.has(s.connectionId) &&
        (s.asOf > source.asOf || (s.asOf === source.asOf && view(s).rank < view(source).rank));
      if (isByPerson(row, field, origins) || others.some(better) || source[field] === null) continue;
      after[field] = source[field];
      origins[field] = origin;
    }
    updateValues.run(
      after.quantity,
      after.price,
      after.marketValue,
      after.costBasis,
      source.asOf,
      JSON.stringify(origins),
      row.id,
    );
  }

  const allAgree = (field: HoldingField, clearway: Dec | null, values: SourceValues): boolean =>
    values.every(([, value]) => value === null || equalWithin(field, tolerances)(clearway, value));

  function write(row: BookRow, after: PositionValues, origins: Origins, asOf: string): BookRow {
    const newest = row.asOf !== null && row.asOf > asOf ? row.asOf : asOf;
    const fieldOrigins = JSON.stringify(origins);
    updateValues.run(after.quantity, after.price, after.marketValue, after.costBasis, newest, fieldOrigins, row.id);
    counts.adopted += 1;
    return { ...row, ...after, asOf: newest, fieldOrigins };
  }

  return {
    merge,
    follow,
    review,
    clear(row) {
      empty.run(row.id);
      return { ...row, quantity: null, price: null, marketValue: null, costBasis: null };
    },
  };
}

type Origins = Partial<Record<HoldingField, string>>;

const originsOf = (row: BookRow): Origins => (row.fieldOrigins === null ? {} : (JSON.parse(row.fieldOrigins) as Origins));

/** Whether a person put the value there. Values that came with the opening book are nobody's later decision. */
const isByPerson = (row: BookRow, field: HoldingField, origins: Origins): boolean =>
  (origins[field] ?? row.origin).startsWith('b:') && (row.openingBase === null || origins[field] !== undefined);
