import type { Dec } from '../../shared/model/decimal.ts';
import type { HoldingField } from '../../shared/model/holding.ts';
import { conflictSize } from '../core/conflict-size.ts';
import type { PositionValues } from '../core/position.ts';
import { inCurrency, signatureOf, summed, type SourceValues } from '../core/source-record.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';

interface OpenRow extends PositionValues {
  readonly id: number;
  readonly holdingId: number;
  readonly field: HoldingField;
  readonly signature: string;
  readonly clearway: string | null;
  readonly currency: string;
  readonly multiplier: Dec;
}
interface RecordRow extends PositionValues {
  readonly holdingId: number;
  readonly connectionId: number;
  readonly currency: string | null;
  readonly asOf: string;
}

function readRecords(db: ReadDb, holdings: string): Map<number, Map<number, RecordRow[]>> {
  const rows = db
    .prepare(
      `SELECT holding_id AS holdingId, connection_id AS connectionId, quantity, price, market_value AS marketValue, cost_basis AS costBasis,
         currency, as_of AS asOf
       FROM source_holdings WHERE holding_id IN (SELECT value FROM json_each(?)) AND valid_to_op IS NULL ORDER BY connection_id, id`,
    )
    .all(holdings) as RecordRow[];
  const records = new Map<number, Map<number, RecordRow[]>>();
  for (const row of rows) {
    const sources = records.get(row.holdingId) ?? new Map<number, RecordRow[]>();
    sources.set(row.connectionId, [...(sources.get(row.connectionId) ?? []), row]);
    records.set(row.holdingId, sources);
  }
  return records;
}

/**
 * Brings the undecided value conflicts of positions up to date after a person changed something: they then show what
 * Clearway and every source say now, and what the difference is worth. Those that are right already stay untouched.
 */
export function refreshConflicts(db: WritableDb, holdingIds: readonly number[]): void {
  const ids = JSON.stringify([...new Set(holdingIds)]);
  const open = db
    .prepare(
      `SELECT c.id, c.holding_id AS holdingId, c.field, c.signature, c.clearway, h.currency, h.quantity, h.price, h.market_value AS marketValue,
         h.cost_basis AS costBasis, s.multiplier
       FROM conflicts c JOIN holdings h ON h.id = c.holding_id JOIN securities s ON s.id = h.security_id
       WHERE c.holding_id IN (SELECT value FROM json_each(?)) AND c.status IN ('open', 'review') AND c.field <> 'presence'`,
    )
    .all(ids) as OpenRow[];
  if (open.length === 0) return;
  const records = readRecords(db, ids);
  const update = db.prepare(
    `UPDATE conflicts SET clearway = ?, signature = ?, sources = ?, severity = ?, difference = ?, difference_percent = ?, impact = ?,
       version = version + 1 WHERE id = ?`,
  );
  for (const row of open) {
    const { field } = row;
    const sources: SourceValues = [...(records.get(row.holdingId) ?? [])].map(([connectionId, rows]) => {
      const said = summed(rows.map((r) => inCurrency(r, row.currency)));
      return [connectionId, said?.[field] ?? null, said?.asOf ?? null];
    });
    const signature = signatureOf(sources);
    if (signature === row.signature && row.clearway === row[field]) continue;
    const size = conflictSize({ ...row, clearway: row[field], sources: sources.map((s) => s[1]) });
    update.run(
      row[field],
      signature,
      JSON.stringify(sources),
      size.severity,
      size.difference,
      size.differencePercent,
      size.impact,
      row.id,
    );
  }
}
