import { median, seconds } from './bench-app.ts';
import { holdingsFloor, holdingsSandbox, oneRun } from './sync-holdings.ts';

const RUNS = 3;

/** A second sync of unchanged positions, against fetching and parsing the same pages alone, in turns. */
export async function resync(options: Readonly<Record<string, string>>): Promise<object> {
  const holdings = Number(options['holdings'] ?? 50_000);
  const sandbox = await holdingsSandbox(holdings);
  try {
    holdingsFloor(sandbox.address, false); // fills the sandbox's page cache
    const floors: number[] = [];
    const runs: Awaited<ReturnType<typeof oneRun>>[] = [];
    for (let i = 0; i < RUNS; i += 1) {
      floors.push(holdingsFloor(sandbox.address, false));
      runs.push(await oneRun(sandbox.address, holdings));
    }
    const ms = median(runs.map((run) => run.resyncMs));
    const floorMs = median(floors);
    return {
      holdings,
      runs: RUNS,
      seconds: seconds(ms),
      floorSeconds: seconds(floorMs),
      ratio: Math.round((ms / floorMs) * 100) / 100,
      writes: Math.max(...runs.map((run) => run.resyncWrites)),
    };
  } finally {
    sandbox.stop();
  }
}
