import type { Bucket } from './limits.ts';

/** Takes one from the bucket of `key`. Answers 0, or the seconds to wait when the bucket is empty. */
export type RateLimit = (key: string) => number;

/** One bucket per key that refills over time; `now` in milliseconds that only grow. */
export const createRateLimit = (bucket: Bucket, now: () => number): RateLimit => {
  const levels = new Map<string, { left: number; at: number }>();
  return (key) => {
    const at = now();
    const level = levels.get(key) ?? { left: bucket.burst, at };
    level.left = Math.min(bucket.burst, level.left + ((at - level.at) / 1000) * bucket.perSecond);
    level.at = at;
    levels.set(key, level);
    if (level.left < 1) return Math.max(1, Math.ceil((1 - level.left) / bucket.perSecond));
    level.left -= 1;
    return 0;
  };
};
