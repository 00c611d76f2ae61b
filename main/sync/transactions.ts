import { AppError } from '../../shared/contract/errors.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import type { TransactionRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import type { Linked } from './identity.ts';
import { isKept, reportOf, type TransactionTies } from './transaction-records.ts';

export interface TransactionMerge {
  readonly connectionId: number;
  readonly operationId: number;
  readonly records: readonly { readonly record: TransactionRecord; readonly payloadId: number }[];
  /** From this trade date on the pass lists all there are; null when it says nothing of the kind. */
  readonly from: CalendarDate | null;
  readonly acceptShrink: boolean;
  readonly accountFor: (externalId: string) => Linked;
  readonly securityFor: (externalId: string) => Linked;
  readonly ties: TransactionTies;
}

/** A pass that would remove more than one in five transactions of its window, and more than ten, stops and asks. */
const SHRINK_SHARE = 5;
const SHRINK_LEAST = 10;

const CONTENT =
  'type, trade_date, settle_date, quantity_delta, price, cash_delta, currency, memo, account_external_id, security_external_id';
type Content = readonly (string | null)[];
type Stored = [id: number, recordId: number | null, externalId: string, ...content: (string | null)[]];
const CONTENT_AT = 3;

/**
 * Versions the transactions a pass carried: unchanged ones write nothing, and those the source no longer lists end only
 * inside the window that the pass covers completely. What is new or changed is tied to the book's transactions, to which
 * the three-way rule is then applied.
 */
export function mergeTransactions(db: WritableDb, merge: TransactionMerge): void {
  const { connectionId, operationId, records, from } = merge;
  if (records.length === 0 && from === null) return;
  const current = currentTransactions(db, merge);
  const end = db.prepare('UPDATE source_transactions SET valid_to_op = ? WHERE id = ?');
  const insert = db.prepare(
    `INSERT INTO source_transactions (connection_id, external_id, account_id, security_id, record_id, payload_id, place, valid_from_op, ${CONTENT})
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const currencyOf = createCurrencies(db);
  const seen = new Set<number>();
  const carried = new Set<string>();
  const news: News[] = [];
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
    news.push({ record: t, payloadId, content, currency, account: merge.accountFor(t.accountExternalId), security, before });
  }
  const ended = tieNews(news, merge);
  for (const { record: t, payloadId, content, account, security, recordId } of news)
    insert.run(connectionId, t.externalId, account, security, recordId ?? null, payloadId, t.place, operationId, ...content);
  if (from !== null) ended.push(...endUnlisted(end, current, seen, merge));
  merge.ties.tieWaiting();
  merge.ties.judge(ended);
}

interface News {
  readonly record: TransactionRecord;
  readonly payloadId: number;
  readonly content: Content;
  readonly currency: string;
  readonly account: Linked;
  readonly security: Linked;
  readonly before: Stored | undefined;
  recordId?: number;
}

const ACCOUNT_AT = CONTENT_AT + 8;
const SECURITY_AT = CONTENT_AT + 9;

/** Finds or makes the book's record of every new or changed transaction; answers the records that lost this report. */
function tieNews(news: readonly News[], { ties, connectionId }: TransactionMerge): number[] {
  const lost: number[] = [];
  const untied: News[] = [];
  for (const item of news) {
    const { record: t, before, account, security } = item;
    const tied = account !== null && (t.securityExternalId === null || security !== null) && isKept(t.type);
    const known = before?.[1] ?? null;
    const same = before?.[ACCOUNT_AT] === t.accountExternalId && before[SECURITY_AT] === t.securityExternalId;
    if (before && known !== null && same && tied) {
      item.recordId = known;
      ties.changed(known, said(known, connectionId, before));
    } else {
      if (known !== null) lost.push(known);
      if (tied) untied.push(item);
    }
  }
  const ids = ties.tie(
    untied.map(({ record: t, account, security, currency }) => ({
      accountId: account as number,
      securityId: security,
      currency,
      kind: t.type,
      date: t.tradeDate,
      quantity: t.quantityDelta,
      cash: t.cashDelta,
      price: t.price,
    })),
  );
  for (const [i, item] of untied.entries()) if (ids[i] !== undefined) item.recordId = ids[i];
  return lost;
}

/** What the source said of a transaction until now. */
function said(recordId: number, connectionId: number, before: Stored) {
  const [, date, , quantity, price, cash, currency] = before.slice(CONTENT_AT) as string[];
  return reportOf(recordId, connectionId, {
    quantity: quantity as Dec,
    price: (price ?? null) as Dec | null,
    cash: cash as Dec,
    currency: currency ?? '',
    date: date as CalendarDate,
  });
}

function endUnlisted(
  end: { run(operationId: number, id: number): unknown },
  current: ReadonlyMap<string, Stored>,
  seen: ReadonlySet<number>,
  { from, acceptShrink, operationId }: TransactionMerge,
): number[] {
  const inWindow = [...current.values()].filter((row) => from !== null && (row[CONTENT_AT + 1] ?? '') >= from);
  const gone = inWindow.filter(([id]) => !seen.has(id));
  if (!acceptShrink && gone.length > SHRINK_LEAST && gone.length * SHRINK_SHARE > inWindow.length)
    throw new AppError(
      'suspicious_shrink',
      `This pass would remove ${gone.length} of ${inWindow.length} transactions, so it was stopped and nothing was changed. If that is right, sync again and accept it.`,
      { details: { removed: gone.length, total: inWindow.length } },
    );
  for (const [id] of gone) end.run(operationId, id);
  return gone.flatMap(([, recordId]) => (recordId === null ? [] : [recordId]));
}

/** What the connection says now about everything the pass may touch, in two queries. */
function currentTransactions(db: WritableDb, { connectionId, records, from }: TransactionMerge): Map<string, Stored> {
  const named = db
    .prepare(
      `SELECT id, record_id, external_id, ${CONTENT} FROM source_transactions
       WHERE connection_id = ? AND valid_to_op IS NULL AND external_id IN (SELECT value FROM json_each(?))`,
    )
    .raw()
    .all(connectionId, JSON.stringify(records.map(({ record }) => record.externalId))) as Stored[];
  const inWindow =
    from === null
      ? []
      : (db
          .prepare(
            `SELECT id, record_id, external_id, ${CONTENT} FROM source_transactions INDEXED BY source_transactions_by_connection
             WHERE connection_id = ? AND valid_to_op IS NULL AND trade_date >= ?`,
          )
          .raw()
          .all(connectionId, from) as Stored[]);
  return new Map([...named, ...inWindow].map((row) => [row[2], row]));
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
