import type { Clock } from './clock.ts';
import { lockFolder } from './data-folder-lock.ts';

/** Does work while nobody else, in this program or another on the machine, does work of the same name. */
export type TakeTurns = <T>(name: string, work: () => Promise<T>) => Promise<T>;

const ASK_AGAIN_MS = 25;
/** Longer than the slowest answer of a platform that a turn may have to wait for. */
const PATIENCE_MS = 90_000;

/** Turns of a folder. Rejects when a turn does not come within a minute and a half. A holder that dies gives its turn back. */
export const createTurns =
  (folder: string, clock: Pick<Clock, 'sleep' | 'monotonicMs'>): TakeTurns =>
  async (name, work) => {
    const began = clock.monotonicMs();
    for (;;) {
      const lock = await lockFolder(folder, `clearway-${name}`);
      if (lock !== null) {
        try {
          return await work();
        } finally {
          await lock.release();
        }
      }
      if (clock.monotonicMs() - began > PATIENCE_MS) throw new Error(`Another program holds the turn of ${name}`);
      await clock.sleep(ASK_AGAIN_MS);
    }
  };
