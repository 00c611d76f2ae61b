import type { CalendarDate } from '../../shared/model/date.ts';
import type { AccountRecord } from '../connectors/connector.ts';
import type { OfxStatement } from '../connectors/custodian-file/statement.ts';
import type { BookView, Landing } from './book-view.ts';
import type { CustodianFile } from './read-file.ts';
import { kindOfRejected } from './rejected-rows.ts';

/** One account of a file beside what the book knows about it. */
export interface AccountState {
  readonly record: AccountRecord;
  /** Where its positions land: an account of the book, a new one, or null while a person has to say. */
  readonly link: Landing['link'];
  readonly reason: string;
  readonly name: string | null;
  /** Date of its newest statement in the file. */
  readonly asOf: CalendarDate;
  /** Newest date for which the book has positions of it. */
  readonly knownAsOf: CalendarDate | null;
  /** The book is ahead of the statement, so the statement's positions would put older values over newer ones. */
  readonly older: boolean;
  /** The file lists every position of the account, so one it does not list is gone. */
  readonly listed: boolean;
}

const newestOf = (statements: readonly OfxStatement[]): readonly OfxStatement[] => {
  const asOf = statements.reduce<CalendarDate | ''>((newest, s) => (s.asOf > newest ? s.asOf : newest), '');
  return statements.filter((s) => s.asOf === asOf);
};

const listsEverything = (newest: readonly OfxStatement[]): boolean =>
  newest.some((s) => s.statesPositions) &&
  newest.every((s) => s.rejected.every((row) => kindOfRejected(row.path) !== 'position'));

/** The accounts of a file by external id. */
export function describeAccounts({ file, page }: CustodianFile, view: BookView): Map<string, AccountState> {
  const statements = Map.groupBy(file.statements, (s) => s.accountExternalId);
  const states = new Map<string, AccountState>();
  for (const record of page.accounts) {
    const newest = newestOf(statements.get(record.externalId) ?? []);
    const asOf = newest[0]?.asOf;
    if (asOf === undefined) continue;
    const { link, reason } = view.accountLanding(record);
    const knownAsOf = view.knownAsOf(record, link);
    const older = knownAsOf !== null && knownAsOf > asOf;
    states.set(record.externalId, {
      record,
      link,
      reason,
      asOf,
      knownAsOf,
      older,
      name: typeof link === 'number' ? view.accountName(link) : null,
      listed: !older && listsEverything(newest),
    });
  }
  return states;
}
