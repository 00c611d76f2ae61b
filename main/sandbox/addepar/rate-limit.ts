const WINDOWS = [
  { requests: 50, ms: 15 * 60_000 },
  { requests: 1000, ms: 24 * 3_600_000 },
] as const;

export interface RateLimit {
  /** Counts a request; answers the seconds to wait when it is one too many, else null. Refused requests are not counted. */
  admit(scale: number): number | null;
  reset(): void;
}

/** Sliding counters for the whole firm: a request frees its place exactly one window after it was made. */
export function createRateLimit(now: () => number): RateLimit {
  let times: number[] = [];
  return {
    admit(scale) {
      const at = now();
      times = times.filter((time) => time > at - WINDOWS[1].ms);
      for (const window of WINDOWS) {
        const allowed = Math.max(1, Math.floor(window.requests * scale));
        const within = times.filter((time) => time > at - window.ms);
        const oldest = within[within.length - allowed];
        if (oldest !== undefined) return Math.max(1, Math.ceil((oldest + window.ms - at) / 1000));
      }
      times.push(at);
      return null;
    },
    reset: () => {
      times = [];
    },
  };
}
