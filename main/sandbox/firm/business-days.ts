import { addDays, previousBusinessDay, type CalendarDate } from '../../../shared/model/date.ts';

function nextBusinessDay(date: CalendarDate): CalendarDate {
  let next = addDays(date, 1);
  while (previousBusinessDay(addDays(next, 1)) !== next) next = addDays(next, 1);
  return next;
}

/** The date of a day: 0 is the business day before `today`, 1 is `today`, later ones follow. */
export function createBusinessDays(today: CalendarDate): (day: number) => CalendarDate {
  const dates = [previousBusinessDay(today), today];
  return (day) => {
    for (let last = dates.at(-1) ?? today; dates.length <= day; last = dates.at(-1) ?? today) dates.push(nextBusinessDay(last));
    return dates[day] ?? today;
  };
}
