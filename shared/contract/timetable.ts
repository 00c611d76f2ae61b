import { z } from 'zod';
import { instant, note } from './values.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Expected a time of day as HH:MM');

/** When a connection is read, beside its interval. */
export const timetable = z.strictObject({
  /** Five fields: minute, hour, day, month, weekday. In place of the interval; null keeps to the interval. */
  cron: z.string().max(100).nullable(),
  /** IANA name of the zone that the expression and the quiet hours are in: Europe/Zurich. */
  zone: z.string().max(60),
  /** From then to `quietTo` nothing is read unasked; over midnight where `quietTo` is earlier. Both or neither. */
  quietFrom: timeOfDay.nullable(),
  quietTo: timeOfDay.nullable(),
});
export type Timetable = z.infer<typeof timetable>;

/** What is wrong with a timetable, by the field at fault, or when it reads next. */
export const schedulePreview = z.object({
  problems: z.array(z.object({ field: z.enum(['cron', 'zone', 'quiet']), message: note })),
  /** The next three runs, as far as there are any; empty while something is wrong. */
  runs: z.array(instant),
});
export type SchedulePreview = z.infer<typeof schedulePreview>;
