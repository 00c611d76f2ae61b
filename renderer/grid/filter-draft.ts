import { tryDec } from '../../shared/model/decimal.ts';
import { tryCalendarDate } from '../../shared/model/date.ts';
import type { ColumnKind, GridFilter } from './column.ts';

/** What stands in a filter form: one draft for every kind of column. */
export interface FilterDraft {
  readonly text: string;
  readonly exact: boolean;
  readonly from: string;
  readonly to: string;
  readonly chosen: readonly string[];
  readonly presence: 'any' | 'blank' | 'notBlank';
}

export const EMPTY_DRAFT: FilterDraft = { text: '', exact: false, from: '', to: '', chosen: [], presence: 'any' };

const END_OF_DAY = 'T23:59:59.999Z';

/** The value of a filter as it stands in a form: of the last instant of a day, the day. */
export const plainValue = (value: string): string => (value.endsWith(END_OF_DAY) ? value.slice(0, 10) : value);

/** The last instant of a day, so that “to” a day includes that day. */
export const endOfDay = (date: string): string => date + END_OF_DAY;

const one = (filter: GridFilter): string => plainValue(typeof filter.value === 'string' ? filter.value : (filter.value[0] ?? ''));

/** The form for the filters a column has now. */
export const draftOf = (filters: readonly GridFilter[]): FilterDraft =>
  filters.reduce<FilterDraft>((draft, filter) => {
    switch (filter.operator) {
      case 'contains':
        return { ...draft, text: one(filter), exact: false };
      case 'is':
        return { ...draft, text: one(filter), exact: true, chosen: [one(filter)] };
      case 'in':
        return { ...draft, chosen: typeof filter.value === 'string' ? [filter.value] : filter.value };
      case 'atLeast':
        return { ...draft, from: one(filter) };
      case 'atMost':
        return { ...draft, to: one(filter) };
      case 'blank':
        return { ...draft, presence: 'blank' };
      case 'notBlank':
        return { ...draft, presence: 'notBlank' };
      default:
        return draft;
    }
  }, EMPTY_DRAFT);

/** An amount as people type it, `−1,234.50`, as canonical decimal text; null when it is no number. */
export const readAmount = (text: string): string | null => tryDec(text.replaceAll(/[,\s\u00a0]/g, '').replace('\u2212', '-'));

export interface DraftErrors {
  readonly from?: string;
  readonly to?: string;
}

const readBound = (kind: ColumnKind, text: string): string | null => {
  const trimmed = text.trim();
  return kind === 'date' || kind === 'instant' ? tryCalendarDate(trimmed) : readAmount(trimmed);
};

/** The filters a form stands for, or what is wrong with it. */
export const filtersOfDraft = (
  column: string,
  kind: ColumnKind,
  draft: FilterDraft,
): { filters: GridFilter[]; errors: DraftErrors } => {
  if (draft.presence !== 'any') return { filters: [{ column, operator: draft.presence, value: '' }], errors: {} };
  if (kind === 'choice') {
    return { filters: draft.chosen.length === 0 ? [] : [{ column, operator: 'in', value: [...draft.chosen] }], errors: {} };
  }
  if (kind === 'text' || kind === 'identifier') {
    const text = draft.text.trim();
    return { filters: text === '' ? [] : [{ column, operator: draft.exact ? 'is' : 'contains', value: text }], errors: {} };
  }
  const filters: GridFilter[] = [];
  const errors: { from?: string; to?: string } = {};
  const wrong = kind === 'date' || kind === 'instant' ? 'Write the date as YYYY-MM-DD.' : 'Write a number, such as 1,250.50.';
  for (const [side, operator] of [
    ['from', 'atLeast'],
    ['to', 'atMost'],
  ] as const) {
    if (draft[side].trim() === '') continue;
    const value = readBound(kind, draft[side]);
    if (value === null) errors[side] = wrong;
    else filters.push({ column, operator, value: kind === 'instant' && operator === 'atMost' ? endOfDay(value) : value });
  }
  return { filters, errors };
};
