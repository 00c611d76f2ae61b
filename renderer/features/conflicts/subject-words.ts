import type { ConflictRow } from '../../../shared/contract/conflicts.ts';
import { formatDate } from '../../format/time.ts';
import { nameOf, TRANSACTION_NAME } from '../../format/words.ts';

type DateStyle = Parameters<typeof formatDate>[1];

/** What a conflict is about, by name: its security, or the account where none is meant. */
export const subjectName = ({ security, account }: Pick<ConflictRow, 'security' | 'account'>): string =>
  security === '' ? account : security;

/** Which record of it: `Buy of 3 June 2026`, `lot of 12 May 2021`, a period; null for a position. */
export const recordWords = ({ stream, record }: Pick<ConflictRow, 'stream' | 'record'>, dates: DateStyle): string | null => {
  if (record === null) return null;
  const date = record.date === null ? 'unknown date' : formatDate(record.date, dates);
  if (stream === 'transaction') return `${nameOf(TRANSACTION_NAME, record.kind)} of ${date}`;
  if (stream === 'tax_lot') return `Lot of ${date}`;
  return `${record.kind}, ${record.from === null ? 'up to' : `${formatDate(record.from, dates)} to`} ${date}`;
};
