export interface SnoozeTime {
  readonly id: string;
  readonly label: string;
  /** UTC instant. */
  readonly until: string;
}

const HOUR_MS = 3_600_000;
/** When the desk begins its day. */
const MORNING = 7;

const morningIn = (now: number, days: number): string => {
  const day = new Date(now);
  day.setDate(day.getDate() + days);
  day.setHours(MORNING, 0, 0, 0);
  return day.toISOString();
};

/** The usual times until which an alert is put aside, in the time zone of this machine. `now` in milliseconds. */
export const snoozeTimes = (now: number): readonly SnoozeTime[] => {
  const untilMonday = (8 - new Date(now).getDay()) % 7 || 7;
  return [
    { id: 'hour', label: 'For an hour', until: new Date(now + HOUR_MS).toISOString() },
    { id: 'hours', label: 'For four hours', until: new Date(now + 4 * HOUR_MS).toISOString() },
    { id: 'tomorrow', label: 'Until tomorrow at 07:00', until: morningIn(now, 1) },
    { id: 'monday', label: 'Until Monday at 07:00', until: morningIn(now, untilMonday) },
  ];
};

/** A time as `2026-11-24 09:30` in the time zone of this machine, as UTC instant; null when it is not one or is past. */
export const readSnoozeTime = (text: string, now: number): string | null => {
  const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{1,2}):(\d{2})$/.exec(text.trim());
  if (parts === null) return null;
  const [, date = '', hour = '', minute = ''] = parts;
  const time = Date.parse(`${date}T${hour.padStart(2, '0')}:${minute}:00`);
  return Number.isNaN(time) || time <= now ? null : new Date(time).toISOString();
};
