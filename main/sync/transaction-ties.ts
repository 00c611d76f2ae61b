import type { CalendarDate } from '../../shared/model/date.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import { matchTransactions, type Happening } from '../core/match-transactions.ts';
import type { WritableDb } from '../store/handles.ts';
import type { NewRecord, RecordBook } from './record-book.ts';
import type { RecordTies } from './versioned-rows.ts';

interface Known extends Happening {
  readonly id: number;
}

const happeningOf = ({ accountId, securityId, currency, kind, date, quantity, cash }: NewRecord): Happening => ({
  accountId,
  securityId,
  currency,
  kind,
  date: date as CalendarDate,
  quantity: quantity as Dec,
  cash: cash as Dec,
});

/** What the book knows of these accounts around these days and the source does not report yet. */
function candidates(db: WritableDb, connectionId: number, records: readonly NewRecord[]): Known[] {
  const dates = records.map(({ date }) => date ?? '').toSorted();
  return db
    .prepare(
      `SELECT r.id, r.account_id AS accountId, r.security_id AS securityId, r.currency, r.kind, r.on_date AS date, r.quantity, r.cash
       FROM book_records r
       WHERE r.stream = 'transaction' AND r.account_id IN (SELECT value FROM json_each(@accounts))
         AND r.on_date BETWEEN date(@first, '-3 days') AND date(@last, '+3 days')
         AND r.id NOT IN (SELECT record_id FROM source_transactions
           WHERE connection_id = @connection AND valid_to_op IS NULL AND record_id IS NOT NULL)
       ORDER BY r.id`,
    )
    .all({
      accounts: JSON.stringify([...new Set(records.map(({ accountId }) => accountId))]),
      first: dates[0],
      last: dates.at(-1),
      connection: connectionId,
    }) as Known[];
}

/**
 * Ties the transactions of one source to those the book knows, whichever source told it of them. One that only changed stays
 * the one it was, unless it went to another account or security.
 */
export function createTransactionTies(db: WritableDb, book: RecordBook, connectionId: number): RecordTies {
  const placeOf = db.prepare('SELECT account_id, security_id FROM book_records WHERE id = ?').raw();
  const stays = ({ accountId, securityId }: NewRecord, before: number | null): before is number => {
    const [account, security] = (before === null ? [] : placeOf.get(before)) as [number?, (number | null)?];
    return account === accountId && security === securityId;
  };
  return {
    book,
    tie(records) {
      const untied = records.filter(({ record, before }) => !stays(record, before)).map(({ record }) => record);
      const known = untied.length === 0 ? [] : candidates(db, connectionId, untied);
      const pairs = matchTransactions(untied.map(happeningOf), known);
      let next = 0;
      return records.map(({ record, before }) => {
        if (stays(record, before)) return before;
        const found = known[pairs.get(next) ?? -1];
        next += 1;
        return found?.id ?? book.add(record);
      });
    },
  };
}
