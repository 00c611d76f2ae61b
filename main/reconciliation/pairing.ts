import { AppError } from '../../shared/contract/errors.ts';
import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import type { Connection } from './sides.ts';

/** What the sets in SQL leave for exact comparison in one side of a run. */
export interface Pairing {
  /** Source records of the side's date that differ in text, belong to nothing in the book, or that Clearway does not hold. */
  readonly suspects: readonly number[];
  /** Records of the side's date per holding id whose text equals Clearway's. Saturates at 255. */
  readonly equal: Uint8Array;
  /** Holdings with several records that equal Clearway's in text. */
  readonly repeated: ReadonlySet<number>;
  /** Holdings that the side reports for another date. */
  readonly elsewhere: ReadonlySet<number>;
}

/** Added to a holding's id to say that its record is of another date: a pass answers one integer per record. */
const OTHER_DATE = 2 ** 48;
const CHUNK = 100_000;
/** Above this many rows per current record the index is walked instead of the stretch of table the records lie in. */
const SPARSE = 16;

// Canonical text makes equal text equal value; NULL (not stated) never differs.
const DIFFERS = `coalesce(s.quantity <> h.quantity OR s.price <> h.price OR s.market_value <> h.market_value
  OR s.cost_basis <> h.cost_basis OR s.currency <> h.currency, 0)`;

/**
 * Visits the integers of a `group_concat`, separated by commas. One long text leaves SQLite many times faster than as many
 * rows, and integers below 2^53 are exact as numbers.
 */
function eachInteger(list: string | null, visit: (value: number) => void): void {
  if (list === null) return;
  let [value, negative] = [0, false];
  for (let i = 0; i < list.length; i += 1) {
    const code = list.charCodeAt(i);
    if (code >= 48) value = value * 10 + (code - 48);
    else if (code === 45) negative = true;
    else {
      visit(negative ? -value : value);
      value = 0;
      negative = false;
    }
  }
  visit(negative ? -value : value);
}

/** Throws `cancelled` once the caller has asked to stop. */
export function checkCancelled(context: JobContext): void {
  if (context.cancelled()) throw new AppError('cancelled', 'The reconciliation was stopped; nothing of it was kept.');
}

/**
 * Pairs every current record of a connection with the position it reports and compares them as text. `asOf` is the side's
 * date; `accountIds` null means all. One pass over the stretch of table that holds the current records.
 */
export function pairRecords(
  db: WritableDb,
  side: { readonly connectionId: number; readonly asOf: string },
  accountIds: readonly number[] | null,
  context: JobContext,
  report: (share: number) => void,
): Pairing {
  const span = db
    .prepare(
      `SELECT count(*) AS n, min(id) AS low, max(id) AS high FROM source_holdings INDEXED BY source_holdings_current
       WHERE connection_id = ? AND valid_to_op IS NULL`,
    )
    .get(side.connectionId) as { n: number; low: number | null; high: number | null };
  const largest = db.prepare('SELECT coalesce(max(id), 0) FROM holdings').pluck().get() as number;
  const equal = new Uint8Array(largest + 1);
  const repeated = new Set<number>();
  const elsewhere = new Set<number>();
  const suspects: number[] = [];
  if (span.low === null || span.high === null) return { suspects, equal, repeated, elsewhere };

  const dense = span.high - span.low < SPARSE * span.n;
  const pass = db
    .prepare(
      `SELECT group_concat(CASE WHEN s.as_of <> @asOf THEN coalesce(h.id + ${OTHER_DATE}, 0)
         WHEN h.status = 'held' AND NOT ${DIFFERS} THEN h.id ELSE -s.id END)
       FROM source_holdings s ${dense ? 'NOT INDEXED' : 'INDEXED BY source_holdings_current'} LEFT JOIN holdings h ON h.id = s.holding_id
       WHERE s.connection_id = @connection AND s.valid_to_op IS NULL AND s.id >= @from AND s.id < @to
       ${accountIds === null ? '' : 'AND (h.id IS NULL OR h.account_id IN (SELECT value FROM json_each(@accounts)))'}`,
    )
    .pluck();
  const step = dense ? CHUNK : span.high - span.low + 1;
  const scope = accountIds === null ? {} : { accounts: JSON.stringify(accountIds) };
  for (let from = span.low; from <= span.high; from += step) {
    checkCancelled(context);
    const codes = pass.get({ asOf: side.asOf, connection: side.connectionId, from, to: from + step, ...scope }) as string | null;
    eachInteger(codes, (code) => {
      if (code < 0) suspects.push(-code);
      else if (code >= OTHER_DATE) elsewhere.add(code - OTHER_DATE);
      else if (code > 0) {
        const before = equal[code] ?? 0;
        if (before > 0) repeated.add(code);
        if (before < 255) equal[code] = before + 1;
      }
    });
    report(Math.min(1, (from + step - span.low) / (span.high - span.low + 1)));
  }
  return { suspects, equal, repeated, elsewhere };
}

/** Accounts that a side can be compared in: those tied to it; for statements, those that are in one of the date. */
export function accountsOf(db: WritableDb, connection: Connection, asOf: string, accountIds: readonly number[] | null): number[] {
  const known =
    connection.platform === 'custodian_file'
      ? db
          .prepare(
            `SELECT DISTINCT l.account_id FROM source_holdings s
             JOIN account_links l ON l.connection_id = s.connection_id AND l.external_id = s.account_external_id
             WHERE s.connection_id = ? AND s.valid_to_op IS NULL AND s.as_of = ? AND l.account_id IS NOT NULL`,
          )
          .pluck()
          .all(connection.id, asOf)
      : db
          .prepare('SELECT DISTINCT account_id FROM account_links WHERE connection_id = ? AND account_id IS NOT NULL')
          .pluck()
          .all(connection.id);
  if (accountIds === null) return known as number[];
  const wanted = new Set(accountIds);
  return (known as number[]).filter((id) => wanted.has(id));
}

const ACCOUNTS_AT_ONCE = 5000;

/** Visits the ids of all positions of the book in the given accounts, held or not. */
export function eachHoldingIn(
  db: WritableDb,
  accountIds: readonly number[],
  context: JobContext,
  visit: (holdingId: number) => void,
): void {
  const ids = db.prepare('SELECT group_concat(id) FROM holdings WHERE account_id IN (SELECT value FROM json_each(?))').pluck();
  for (let i = 0; i < accountIds.length; i += ACCOUNTS_AT_ONCE) {
    checkCancelled(context);
    eachInteger(ids.get(JSON.stringify(accountIds.slice(i, i + ACCOUNTS_AT_ONCE))) as string | null, visit);
  }
}

/** Leaves out accounts of which the side reports positions, but none for its date: their silence says nothing. */
export function accountsOfTheDate(
  db: WritableDb,
  accountIds: readonly number[],
  elsewhere: ReadonlySet<number>,
  isReported: (holdingId: number) => boolean,
): number[] {
  if (elsewhere.size === 0) return [...accountIds];
  const ids = db.prepare('SELECT id FROM holdings WHERE account_id = ?').pluck();
  return accountIds.filter((account) => {
    const holdings = ids.all(account) as number[];
    return holdings.some(isReported) || !holdings.some((id) => elsewhere.has(id));
  });
}
