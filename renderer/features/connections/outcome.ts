import type { Operation } from '../../../shared/contract/sync.ts';
import { counted, formatCount } from '../../format/amount.ts';

export const COUNT_WORDS: readonly (readonly [keyof Operation['counts'], string])[] = [
  ['added', 'added'],
  ['changed', 'changed'],
  ['removed', 'removed'],
  ['unchanged', 'unchanged'],
  ['adopted', 'values adopted'],
  ['conflictsOpened', 'conflicts opened'],
  ['conflictsHealed', 'healed'],
  ['quarantined', 'set aside'],
  ['unlinked', 'unlinked'],
];

/** What an operation did, in words: only what is above zero. */
export const outcome = (counts: Operation['counts']): string =>
  COUNT_WORDS.filter(([name]) => counts[name] > 0)
    .map(([name, word]) => `${formatCount(counts[name])} ${word}`)
    .join(', ');

/** `4,647 records`, or `1,800 of 4,640 records` where the platform announced how many there are. */
export const recordsOf = ({ records, expected }: Pick<Operation, 'records' | 'expected'>): string =>
  expected === null ? counted(records, 'record') : `${formatCount(records)} of ${counted(expected, 'record')}`;

/** From its start to its end in seconds; null while it is at work. */
export const secondsOf = ({ startedAt, finishedAt }: Pick<Operation, 'startedAt' | 'finishedAt'>): number | null =>
  finishedAt === null ? null : Math.max(0, Math.round((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000));
