import type { CalendarDate } from '../../shared/model/date.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import { matchTransactions, type Happening } from '../core/match-transactions.ts';
import type { WritableDb } from '../store/handles.ts';
import type { RecordBook, RecordReport } from './record-book.ts';

/** A transaction of this source that is tied to the accounts and securities of the book, but not to a transaction yet. */
export interface Untied extends Happening {
  readonly price: Dec | null;
}

export interface TransactionTies {
  /** The book's record of each, found or made, in the order given. Those found are judged by `judge`. */
  tie(untied: readonly Untied[]): number[];
  /** Reports of this source that changed: `before` is what it said until now. */
  changed(recordId: number, before: RecordReport): void;
  /** Ties what waited for a link to an account or security that is there now. */
  tieWaiting(): void;
  /** Applies the rule to everything tied or changed, and to records whose report ended. */
  judge(ended: readonly number[]): void;
}

interface Known extends Happening {
  readonly id: number;
}

const HAPPENING = 'account_id AS accountId, security_id AS securityId, currency';

/** Ties the transactions of one source to those the book knows, whichever source told it of them. */
export function createTransactionTies(db: WritableDb, book: RecordBook, connectionId: number): TransactionTies {
  const touched = new Map<number, readonly RecordReport[]>();

  /** What the book knows of these accounts around these days and this source does not report yet. */
  function candidates(untied: readonly Untied[]): Known[] {
    const dates = untied.map((t) => t.date).toSorted();
    return db
      .prepare(
        `SELECT r.id, ${HAPPENING}, r.kind, r.on_date AS date, r.quantity, r.cash FROM book_records r
         WHERE r.stream = 'transaction' AND r.account_id IN (SELECT value FROM json_each(@accounts))
           AND r.on_date BETWEEN date(@first, '-3 days') AND date(@last, '+3 days')
           AND r.id NOT IN (SELECT record_id FROM source_transactions
             WHERE connection_id = @connection AND valid_to_op IS NULL AND record_id IS NOT NULL)
         ORDER BY r.id`,
      )
      .all({
        accounts: JSON.stringify([...new Set(untied.map((t) => t.accountId))]),
        first: dates[0],
        last: dates.at(-1),
        connection: connectionId,
      }) as Known[];
  }

  function tie(untied: readonly Untied[]): number[] {
    if (untied.length === 0) return [];
    const known = candidates(untied);
    const pairs = matchTransactions(untied, known);
    return untied.map((t, i) => {
      const found = known[pairs.get(i) ?? -1];
      if (found) {
        touched.set(found.id, []);
        return found.id;
      }
      return book.add({ ...t, key: null, from: null, asOf: t.date });
    });
  }

  return {
    tie,
    changed: (recordId, before) => void touched.set(recordId, [before]),
    tieWaiting() {
      const waiting = db
        .prepare(
          `SELECT t.id, coalesce(l.account_id, t.account_id) AS accountId, coalesce(k.security_id, t.security_id) AS securityId, t.currency,
             t.type AS kind, t.trade_date AS date, t.quantity_delta AS quantity, t.cash_delta AS cash, t.price
           FROM source_transactions t INDEXED BY source_transactions_by_connection
           LEFT JOIN account_links l ON l.connection_id = t.connection_id AND l.external_id = t.account_external_id
           LEFT JOIN security_links k ON k.connection_id = t.connection_id AND k.external_id = t.security_external_id
           WHERE t.connection_id = ? AND t.valid_to_op IS NULL AND t.record_id IS NULL AND t.type NOT LIKE 'other%'
             AND coalesce(l.account_id, t.account_id) IS NOT NULL
             AND (t.security_external_id IS NULL OR coalesce(k.security_id, t.security_id) IS NOT NULL)`,
        )
        .all(connectionId) as (Untied & { id: number })[];
      const set = db.prepare('UPDATE source_transactions SET account_id = ?, security_id = ?, record_id = ? WHERE id = ?');
      for (const [i, recordId] of tie(waiting).entries()) {
        const row = waiting[i];
        if (row) set.run(row.accountId, row.securityId, recordId, row.id);
      }
    },
    judge(ended) {
      book.judge(touched);
      book.ended(ended.filter((id) => !touched.has(id)));
    },
  };
}

/** Whether a transaction is one the book keeps: units and cash of an unknown type are not counted, so there is nothing to compare. */
export const isKept = (type: string): boolean => !type.startsWith('other');

/** A stored transaction as a report of its record. */
export const reportOf = (
  recordId: number,
  connectionId: number,
  said: {
    readonly quantity: Dec;
    readonly price: Dec | null;
    readonly cash: Dec;
    readonly currency: string;
    readonly date: CalendarDate;
  },
): RecordReport => ({
  recordId,
  connectionId,
  quantity: said.quantity,
  price: said.price,
  cash: said.cash,
  marketValue: null,
  costBasis: null,
  return: null,
  currency: said.currency,
  asOf: said.date,
});
