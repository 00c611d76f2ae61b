import type { CalendarDate } from '../../../shared/model/date.ts';
import type { PlatformBook } from './platform-book.ts';

/** Where one platform stands: its book and the latest day it has data for. */
export interface PlatformState {
  readonly book: PlatformBook;
  /** The latest day: 1 at the start. */
  day(): number;
  /** The latest day not after the date; the latest of all without one; null before the opening book. */
  dayOn(date: CalendarDate | null): number | null;
  nextDay(): void;
  reset(): void;
}

export function createPlatformState(book: PlatformBook): PlatformState {
  let latest = 1;
  return {
    book,
    day: () => latest,
    dayOn(date) {
      if (date === null) return latest;
      for (let day = latest; day >= 0; day -= 1) if (book.firm.date(day) <= date) return day;
      return null;
    },
    nextDay: () => {
      latest += 1;
    },
    reset: () => {
      latest = 1;
    },
  };
}
