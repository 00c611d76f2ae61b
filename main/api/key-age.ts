export const RENEW_AFTER_DAYS = 30;
const DAY_MS = 24 * 60 * 60_000;

/** Whole days between two UTC instants, never below zero; null when the first is not known. */
export const keyAgeDays = (createdAt: string | null, now: string): number | null =>
  createdAt === null ? null : Math.max(0, Math.floor((Date.parse(now) - Date.parse(createdAt)) / DAY_MS));

/** Whether a key is to be renewed: too old, of unknown age, or made on a day that has not come, by a clock that was wrong. */
export const isKeyDue = (createdAt: string | null, now: string): boolean =>
  createdAt === null ||
  Date.parse(createdAt) - Date.parse(now) > DAY_MS ||
  (keyAgeDays(createdAt, now) ?? RENEW_AFTER_DAYS) >= RENEW_AFTER_DAYS;
