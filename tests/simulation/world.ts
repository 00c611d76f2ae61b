import { HttpFailure } from '../../main/ports/http.ts';
import type { Clock } from '../../main/ports/clock.ts';
import { calendarDate, type Instant } from '../../shared/model/date.ts';
import type { SeededRandom } from './seeded-random.ts';

const BEGINNING = Date.parse('2026-11-20T07:00:00.000Z');

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly what: string;
  readonly wake: () => void;
}

/** A line of messages between two threads: delivered in order, one at a time. */
export interface Line {
  readonly name: string;
  readonly waiting: unknown[];
  deliver: (message: unknown) => void;
}

/**
 * Time and the order of things. What is under way is either a message on a line or a timer; `step` chooses which of them
 * happens next. Time passes only when no message waits. One life of the program ends with `end`: whatever it still had
 * under way is gone, as with its process.
 */
export interface World {
  readonly clock: Clock;
  readonly trace: string[];
  note(text: string): void;
  line(name: string, deliver: (message: unknown) => void): Line;
  after(ms: number, what: string, wake: () => void): () => void;
  /** Lets everything happen that follows from what happened. Nothing here waits for the machine: microtasks are all there is. */
  settle(): Promise<void>;
  /** Lets one thing happen and what follows from it at once. */
  step(): Promise<void>;
  end(): void;
  now(): number;
}

export function createWorld(random: SeededRandom): World {
  let at = BEGINNING;
  let order = 0;
  let timers: Timer[] = [];
  let lines: Line[] = [];
  const trace: string[] = [];
  const note = (text: string): void => void trace.push(`${new Date(at).toISOString().slice(11, 23)} ${text}`);

  function after(ms: number, what: string, wake: () => void): () => void {
    const timer: Timer = { at: at + ms, order: (order += 1), what, wake };
    timers.push(timer);
    return () => {
      timers = timers.filter((other) => other !== timer);
    };
  }

  const clock: Clock = {
    now: () => new Date(at).toISOString() as Instant,
    today: () => calendarDate(new Date(at).toISOString().slice(0, 10)),
    monotonicMs: () => at - BEGINNING,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(new HttpFailure('aborted', 'Stopped'));
        const cancel = after(ms, 'sleep', resolve);
        signal?.addEventListener('abort', () => {
          cancel();
          reject(new HttpFailure('aborted', 'Stopped'));
        });
        return undefined;
      }),
  };

  const settle = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  return {
    settle,
    clock,
    trace,
    note,
    after,
    now: () => at,
    line(name, deliver) {
      const line: Line = { name, waiting: [], deliver };
      lines.push(line);
      return line;
    },
    async step() {
      const ready = lines.filter(({ waiting }) => waiting.length > 0);
      if (ready.length > 0) {
        const line = random.pick(ready);
        line.deliver(line.waiting.shift());
      } else {
        const due = timers.toSorted((a, b) => a.at - b.at || a.order - b.order)[0];
        if (!due) throw new Error('Nothing is under way and nothing is planned: the program hangs.');
        timers = timers.filter((other) => other !== due);
        at = Math.max(at, due.at);
        due.wake();
      }
      await settle();
    },
    end() {
      timers = [];
      lines = [];
    },
  };
}
