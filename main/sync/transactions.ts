import { AppError } from '../../shared/contract/errors.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import type { TransactionRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import type { Linked } from './identity.ts';

export interface TransactionMerge {
  readonly connectionId: number;
  readonly operationId: number;
  readonly records: readonly { readonly record: TransactionRecord; readonly payloadId: number }[];
  /** From this trade date on the pass lists all there are; null when it says nothing of the kind. */
  readonly from: CalendarDate | null;
  readonly acceptShrink: boolean;
  /** Whether the pass named this record or account but could not read it. */
  readonly isSetAside: (externalId: string) => boolean;
  readonly accountFor: (externalId: string) => Linked;
  readonly securityFor: (externalId: string) => Linked;
}

/** A pass that would remove more than one in five transactions of its window, and more than ten, stops and asks. */
const SHRINK_SHARE = 5;
const SHRINK_LEAST = 10;

const CONTENT =
  'type, trade_date, settle_date, quantity_delta, price, cash_delta, currency, memo, account_external_id, security_external_id';
type Content = readonly (string | null)[];
type Stored = [id: number, externalId: string, ...content: (string | null)[]];
const CONTENT_AT = 2;
/** Place of the account within the content. */
const ACCOUNT = 8;

/**
 * Versions the transactions a pass carried: unchanged ones write nothing, and those the source no longer lists end only
 * inside the window that the pass covers completely.
 */
export function mergeTransactions(db: WritableDb, merge: TransactionMerge): void {
  const { connectionId, operationId, records, from } = merge;
  if (records.length === 0 && from === null) return;
  const current = currentTransactions(db, merge);
  const end = db.prepare('UPDATE source_transactions SET valid_to_op = ? WHERE id = ?');
  const insert = db.prepare(
    `INSERT INTO source_transactions (connection_id, external_id, account_id, security_id, payload_id, place, valid_from_op, ${CONTENT})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const currencyOf = createCurrencies(db);
  const seen = new Set<number>();
  const carried = new Set<string>();
  for (const { record: t, payloadId } of records) {
    // A resumed pass may carry a record twice, and the first is as good as the second.
    if (carried.size === carried.add(t.externalId).size) continue;
    const security = t.securityExternalId === null ? null : merge.securityFor(t.securityExternalId);
    const currency = t.currency ?? currencyOf(security);
    const content: Content = [
      t.type,
      t.tradeDate,
      t.settleDate,
      t.quantityDelta,
      t.price,
      t.cashDelta,
      currency,
      t.memo,
      t.accountExternalId,
      t.securityExternalId,
    ];
    const before = current.get(t.externalId);
    if (before) seen.add(before[0]);
    if (before && content.every((value, i) => value === before[CONTENT_AT + i])) continue;
    if (before) end.run(operationId, before[0]);
    const account = merge.accountFor(t.accountExternalId);
    insert.run(connectionId, t.externalId, account, security, payloadId, t.place, operationId, ...content);
  }
  if (from !== null) endUnlisted(end, current, seen, merge);
}

function endUnlisted(
  end: { run(operationId: number, id: number): unknown },
  current: ReadonlyMap<string, Stored>,
  seen: ReadonlySet<number>,
  { from, acceptShrink, isSetAside, operationId }: TransactionMerge,
): void {
  const inWindow = [...current.values()].filter((row) => from !== null && (row[CONTENT_AT + 1] ?? '') >= from);
  const gone = inWindow.filter(
    (row) => !seen.has(row[0]) && !isSetAside(row[1]) && !isSetAside(String(row[CONTENT_AT + ACCOUNT])),
  );
  if (!acceptShrink && gone.length > SHRINK_LEAST && gone.length * SHRINK_SHARE > inWindow.length)
    throw new AppError(
      'suspicious_shrink',
      `This pass would remove ${gone.length} of ${inWindow.length} transactions, so it was stopped and nothing was changed. If that is right, sync again and accept it.`,
      { details: { removed: gone.length, total: inWindow.length } },
    );
  for (const [id] of gone) end.run(operationId, id);
}

/** What the connection says now about everything the pass may touch, in two queries. */
function currentTransactions(db: WritableDb, { connectionId, records, from }: TransactionMerge): Map<string, Stored> {
  const named = db
    .prepare(
      `SELECT id, external_id, ${CONTENT} FROM source_transactions
       WHERE connection_id = ? AND valid_to_op IS NULL AND external_id IN (SELECT value FROM json_each(?))`,
    )
    .raw()
    .all(connectionId, JSON.stringify(records.map(({ record }) => record.externalId))) as Stored[];
  const inWindow =
    from === null
      ? []
      : (db
          .prepare(
            `SELECT id, external_id, ${CONTENT} FROM source_transactions INDEXED BY source_transactions_by_connection
             WHERE connection_id = ? AND valid_to_op IS NULL AND trade_date >= ?`,
          )
          .raw()
          .all(connectionId, from) as Stored[]);
  return new Map([...named, ...inWindow].map((row) => [row[1], row]));
}

const UNNAMED = 'USD';

/** The currency of amounts that no source names: that of their security in the book. */
function createCurrencies(db: WritableDb): (security: Linked) => string {
  const find = db.prepare('SELECT currency FROM securities WHERE id = ?').pluck();
  const known = new Map<number, string>();
  return (security) => {
    if (security === null) return UNNAMED;
    let currency = known.get(security);
    if (currency === undefined) known.set(security, (currency = (find.get(security) as string | undefined) ?? UNNAMED));
    return currency;
  };
}
