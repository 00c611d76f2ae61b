import type { HoldingField, Tolerances } from '../../shared/model/holding.ts';
import { add, type Dec } from '../../shared/model/decimal.ts';
import { equalWithin, judgePosition, type PositionValues, type SourceView } from '../core/position.ts';
import type { WritableDb } from '../store/handles.ts';
import type { ConflictReason, ConflictWriter, Dispute, SourceValues } from './conflict-writer.ts';
import type { BookRow, PageView, SourceVersion } from './page-view.ts';

export interface MergeCounts {
  adopted: number;
  conflictsOpened: number;
  conflictsHealed: number;
}

type SourceRow = SourceVersion;

export interface PositionWriter {
  /**
   * Applies the three-way rule to a position after one source's record of it changed. `previous` is what that source said
   * before, or null on its first report. Keeps the page's view of the book true.
   */
  merge(page: PageView, pair: string, row: BookRow, previous: PositionValues | null): void;
}

/** Several records of one source for one position count as one: amounts add up, the price is the first one's. */
const summed = (rows: readonly SourceRow[]): SourceRow | null => {
  const [first, ...rest] = rows;
  if (!first) return null;
  return rest.reduce((total, row) => {
    const plus = (field: HoldingField): Dec | null => {
      const a = total[field];
      const b = row[field];
      return a === null || b === null ? (a ?? b) : add(a, b);
    };
    return { ...total, quantity: plus('quantity'), marketValue: plus('marketValue'), costBasis: plus('costBasis') };
  }, first);
};

/** Amounts in another currency than the position's are not compared with it: the source says nothing about them. */
const inCurrency = (row: SourceRow, currency: string): SourceRow =>
  row.currency === null || row.currency === currency ? row : { ...row, price: null, marketValue: null, costBasis: null };

const bySource = (rows: readonly SourceRow[]): Map<number, SourceRow[]> => {
  const groups = new Map<number, SourceRow[]>();
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
  const view = (row: SourceRow): SourceView => ({
    connectionId: row.connectionId,
    rank: ranks.get(row.connectionId) ?? Number.MAX_SAFE_INTEGER,
    asOf: row.asOf,
    values: row,
  });
  const keepBase = db.prepare('INSERT INTO holding_bases (holding_id, connection_id, field, value) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING');
  const dropBase = db.prepare('DELETE FROM holding_bases WHERE holding_id = ? AND connection_id = ? AND field = ?');
  const update = db.prepare(
    `UPDATE holdings SET quantity = ?, price = ?, market_value = ?, cost_basis = ?, as_of = ?, status = 'held', field_origins = ?,
       version = version + 1 WHERE id = ?`,
  );
  const origin = `s:${connectionId}:${operationId}`;

  const basesOf = (row: BookRow, previous: PositionValues | null, explicit: ReadonlyMap<HoldingField, Dec | null> | undefined): PositionValues => {
    const implied = previous ?? (row.openingBase === null ? null : (JSON.parse(row.openingBase) as PositionValues));
    const of = (field: HoldingField): Dec | null => (explicit?.has(field) ? (explicit.get(field) ?? null) : (implied?.[field] ?? null));
    return { quantity: of('quantity'), price: of('price'), marketValue: of('marketValue'), costBasis: of('costBasis') };
  };

  function merge(page: PageView, pair: string, row: BookRow, previous: PositionValues | null): void {
    const groups = bySource((page.sources.get(row.id) ?? []).map((s) => inCurrency(s, row.currency)));
    const own = groups.get(connectionId) ?? [];
    const source = summed(own);
    if (!source) return;
    const others = [...groups].filter(([id]) => id !== connectionId).map(([, rows]) => summed(rows) as SourceRow);
    const explicit = page.bases.get(row.id);
    const base = basesOf(row, previous, explicit);
    const origins = row.fieldOrigins === null ? {} : (JSON.parse(row.fieldOrigins) as Partial<Record<HoldingField, string>>);
    const verdicts = judgePosition({
      clearway: row,
      clearwayAsOf: row.asOf,
      byPerson: (field) => (origins[field] ?? row.origin).startsWith('b:') && !isOpening(row, field, origins),
      source: view(source),
      base,
      others: others.map(view),
      tolerances,
    });

    const after: Record<HoldingField, Dec | null> = { quantity: row.quantity, price: row.price, marketValue: row.marketValue, costBasis: row.costBasis };
    let adopted = false;
    for (const verdict of verdicts) {
      // Several records of one position may be a double delivery: nothing of it is taken over without a person.
      if (verdict.adopt && own.length === 1) {
        after[verdict.field] = source[verdict.field];
        origins[verdict.field] = origin;
        adopted = true;
      }
      if (verdict.settled && own.length === 1) {
        if (explicit?.has(verdict.field)) dropBase.run(row.id, connectionId, verdict.field);
      } else keepBase.run(row.id, connectionId, verdict.field, base[verdict.field]);
    }
    if (adopted) page.rows.set(pair, write(row, after, origins, source.asOf));

    // A second record of the position in one page: what the first one opened is not in the view.
    const seenTwice = own.length > 1;
    const open = page.open.get(row.id);
    const settled = page.settled.get(row.id);
    for (const verdict of verdicts) {
      const reason: ConflictReason | null =
        own.length > 1 && verdict.field === 'quantity' ? 'duplicate_records' : own.length > 1 && verdict.adopt ? 'sources_disagree' : verdict.conflict;
      const values: SourceValues = [source, ...others].map((s) => [s.connectionId, s[verdict.field], s.asOf]);
      if (reason !== null) {
        const dispute: Dispute = {
          holdingId: row.id, field: verdict.field, reason, base: base[verdict.field], clearway: after[verdict.field], sources: values,
          quantity: after.quantity, price: after.price, marketValue: after.marketValue, multiplier: row.multiplier,
        };
        const raised = conflicts.raise(dispute, seenTwice ? undefined : { open: open?.get(verdict.field), settled: settled?.get(verdict.field) });
        if (raised === 'opened') counts.conflictsOpened += 1;
      } else if (open?.has(verdict.field) && allAgree(verdict.field, after[verdict.field], values)) {
        if (conflicts.heal(row.id, verdict.field)) counts.conflictsHealed += 1;
      }
    }
  }

  const allAgree = (field: HoldingField, clearway: Dec | null, values: SourceValues): boolean =>
    values.every(([, value]) => value === null || equalWithin(field, tolerances)(clearway, value));

  function write(row: BookRow, after: PositionValues, origins: Partial<Record<HoldingField, string>>, asOf: string): BookRow {
    const newest = row.asOf !== null && row.asOf > asOf ? row.asOf : asOf;
    const fieldOrigins = JSON.stringify(origins);
    update.run(after.quantity, after.price, after.marketValue, after.costBasis, newest, fieldOrigins, row.id);
    counts.adopted += 1;
    return { ...row, ...after, status: 'held', asOf: newest, fieldOrigins };
  }

  return { merge };
}

/** Values that came with the opening book are nobody's later decision. */
const isOpening = (row: BookRow, field: HoldingField, origins: Partial<Record<HoldingField, string>>): boolean =>
  row.openingBase !== null && origins[field] === undefined;
