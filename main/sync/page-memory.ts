import type { HoldingRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import { decodeHoldings, type HoldingTuple } from './staged-page.ts';

/** Positions kept in memory between staging and merging, of all operations together; about 100 MB at the most. */
const MOST_RECORDS = 100_000;

interface Kept {
  readonly tuples: readonly HoldingTuple[];
  /** Size of the page as it was stored: the table has the last word. */
  readonly bytes: number;
}

const memories = new WeakMap<WritableDb, Map<string, Kept>>();
const keyOf = (operationId: number, seq: number): string => `${operationId}/${seq}`;

function memoryOf(db: WritableDb): Map<string, Kept> {
  const known = memories.get(db);
  if (known) return known;
  const memory = new Map<string, Kept>();
  memories.set(db, memory);
  return memory;
}

/**
 * Keeps the positions of a page that was staged just now. The writer waits for the network then; unpacking the page again
 * would keep everybody waiting in the merge.
 */
export function rememberPage(db: WritableDb, operationId: number, seq: number, holdings: string, bytes: number): void {
  const memory = memoryOf(db);
  const tuples = JSON.parse(holdings) as HoldingTuple[];
  memory.delete(keyOf(operationId, seq));
  let records = tuples.length;
  for (const kept of memory.values()) records += kept.tuples.length;
  for (const [key, kept] of memory) {
    if (records <= MOST_RECORDS) break;
    memory.delete(key);
    records -= kept.tuples.length;
  }
  if (records <= MOST_RECORDS) memory.set(keyOf(operationId, seq), { tuples, bytes });
}

/** The positions of every staged page of an operation in order, from memory where they are; each page is then forgotten. */
export function* stagedHoldings(
  db: WritableDb,
  operationId: number,
  pages: readonly { readonly seq: number; readonly payloadId: number }[],
): Generator<{ readonly payloadId: number; readonly records: HoldingRecord[] }> {
  const memory = memoryOf(db);
  const size = db.prepare('SELECT length(holdings) FROM staged_pages WHERE operation_id = ? AND seq = ?').pluck();
  const body = db.prepare('SELECT holdings FROM staged_pages WHERE operation_id = ? AND seq = ?').pluck();
  for (const { seq, payloadId } of pages) {
    const kept = memory.get(keyOf(operationId, seq));
    memory.delete(keyOf(operationId, seq));
    const tuples = kept !== undefined && kept.bytes === size.get(operationId, seq) ? kept.tuples : null;
    yield { payloadId, records: decodeHoldings(tuples ?? (body.get(operationId, seq) as Buffer)) };
  }
}
