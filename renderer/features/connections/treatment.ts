import { STRATEGIES, type Strategy } from '../../../shared/model/holding.ts';
import { STRATEGY_NAME } from '../../format/words.ts';

const STRATEGY_DETAIL: Readonly<Record<Strategy, string>> = {
  CLEARWAY_WINS: 'Its differences are to keep Clearway’s value.',
  PLATFORM_WINS: 'Its differences are to take this platform’s value.',
  MERGE: 'Its differences are to be brought together, field by field, where the values allow it.',
  TIMESTAMP: 'Its differences are to take the value that was changed last, where the sources say when.',
  MANUAL_REVIEW: 'Each of its differences is looked at by itself.',
};

/** What a strategy of a connection is, and what it is not. */
export const STRATEGY_HELP = 'Every difference waits for a person either way; this is the rule they go by.';

/** The five ways to treat a difference, each with its sentence. */
export const STRATEGY_CHOICES = STRATEGIES.map((value) => ({
  value,
  label: STRATEGY_NAME[value],
  detail: STRATEGY_DETAIL[value],
}));

const EVERY = [
  [0, 'Only when asked'],
  [15, 'Every 15 minutes'],
  [60, 'Every hour'],
  [240, 'Every 4 hours'],
  [720, 'Every 12 hours'],
  [1440, 'Every day'],
] as const;

/** How often a connection can be read, with its present interval among the choices. */
export const scheduleChoices = (minutes: number): { value: string; label: string }[] => {
  const known = EVERY.map(([value, label]) => ({ value: String(value), label }));
  return known.some((option) => option.value === String(minutes))
    ? known
    : [...known, { value: String(minutes), label: `Every ${minutes} minutes` }];
};
