import type { Clock } from '../../renderer/ports/clock.ts';

/** A clock that moves only when told. */
export const createManualClock = (start = 0): Clock & { pass(ms: number): void } => {
  let now = start;
  let next = 1;
  const waiting = new Map<number, { at: number; run: () => void }>();
  return {
    now: () => now,
    after: (ms, run) => {
      const id = next;
      next += 1;
      waiting.set(id, { at: now + ms, run });
      return () => waiting.delete(id);
    },
    pass: (ms) => {
      const end = now + ms;
      for (;;) {
        const due = [...waiting].filter(([, timer]) => timer.at <= end).toSorted((a, b) => a[1].at - b[1].at)[0];
        if (!due) break;
        waiting.delete(due[0]);
        now = due[1].at;
        due[1].run();
      }
      now = end;
    },
  };
};
