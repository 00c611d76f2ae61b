import { calendarDate, previousBusinessDay, type CalendarDate } from '../../../shared/model/date.ts';
import type { GridFilter } from '../../grid/column.ts';
import { endOfDay } from '../../grid/filter-draft.ts';

/** Business days of the age bands in the order in which the overview reports them; null: no upper end. */
export const AGE_BANDS: readonly (readonly [number, number | null])[] = [
  [0, 0],
  [1, 1],
  [2, 3],
  [4, 5],
  [6, null],
];

const businessDaysBefore = (today: CalendarDate, days: number): CalendarDate => {
  let date = today;
  for (let left = days; left > 0; left -= 1) date = previousBusinessDay(date);
  return date;
};

const dayBefore = (date: CalendarDate): CalendarDate =>
  calendarDate(new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10));

/** Filters on an instant column for one age band, as seen from `today`. */
export const openedWithin = (column: string, band: number, today: CalendarDate): GridFilter[] => {
  const limits = AGE_BANDS[band];
  if (!limits) return [];
  const [youngest, oldest] = limits;
  const filters: GridFilter[] = [];
  if (oldest !== null) filters.push({ column, operator: 'atLeast', value: businessDaysBefore(today, oldest) });
  // A thing is `youngest` business days old up to the end of the day before it would be one less.
  if (youngest > 0)
    filters.push({ column, operator: 'atMost', value: endOfDay(dayBefore(businessDaysBefore(today, youngest - 1))) });
  return filters;
};

/** Filters on a column that counts business days itself. */
export const daysWithin = (column: string, band: number): GridFilter[] => {
  const limits = AGE_BANDS[band];
  if (!limits) return [];
  const [youngest, oldest] = limits;
  return [
    { column, operator: 'atLeast', value: String(youngest) },
    ...(oldest === null ? [] : [{ column, operator: 'atMost' as const, value: String(oldest) }]),
  ];
};
