import { summed } from '../core/source-record.ts';
import type { WritableDb } from '../store/handles.ts';
import type { NewRecord, RecordBook } from './record-book.ts';
import type { RecordTies } from './versioned-rows.ts';

const placeOf = (accountId: number, securityId: number | null, key: string | null): string =>
  `${accountId}/${securityId ?? ''}/${key ?? ''}`;

/**
 * Ties records whose facts say which one they are (`key`), such as the return of an account over a month. Several records of
 * the source with one key are parts of one thing, whose amounts add up.
 */
export function createKeyedTies(db: WritableDb, book: RecordBook): RecordTies {
  const find = db
    .prepare(
      `SELECT id, account_id, security_id, record_key FROM book_records
       WHERE stream = ? AND account_id IN (SELECT value FROM json_each(?)) AND record_key IS NOT NULL`,
    )
    .raw();
  return {
    book,
    tie(records) {
      const accounts = [...new Set(records.map(({ record }) => record.accountId))];
      const known = new Map<string, number>();
      for (const [id, account, security, key] of find.all(book.stream, JSON.stringify(accounts)) as [
        number,
        number,
        number | null,
        string,
      ][])
        known.set(placeOf(account, security, key), id);
      const place = ({ accountId, securityId, key }: NewRecord): string => placeOf(accountId, securityId, key);
      const parts = Map.groupBy(
        records.map(({ record }) => record),
        place,
      );
      for (const [at, same] of parts) {
        const whole = summed(same);
        if (whole && !known.has(at)) known.set(at, book.add(whole));
      }
      return records.map(({ record }) => {
        const id = known.get(place(record));
        if (id === undefined) throw new Error(`The record ${place(record)} was neither found nor made.`);
        return id;
      });
    },
  };
}
