import { median, removeFolder, seconds, tempFolder } from './bench-app.ts';
import { startHeadless } from './headless-process.ts';
import { orionFloor } from './orion-floor-process.ts';
import { startSandboxProcess, type SandboxAddress } from './sandbox-process.ts';
import { timedSync } from './timed-sync.ts';

const PAGE = 5000;
const RUNS = 3;
export interface RunFigures {
  readonly ms: number;
  readonly resyncMs: number;
  readonly resyncWrites: number;
  readonly loopP99Ms: number;
  readonly rssMiB: number;
}

/** A first and a second sync of an empty book, in a new process. */
export async function oneRun({ orion }: SandboxAddress, holdings: number): Promise<RunFigures> {
  const dataDir = tempFolder();
  const program = await startHeadless(dataDir);
  try {
    const { id } = await program.call('connections.initiate', {
      platform: 'orion',
      name: 'Orion',
      baseUrl: orion.baseUrl,
      credentials: { ...orion.credentials },
      settings: { ...orion.settings, pageSize: String(PAGE), streams: 'transactions' },
    });
    await program.probe();
    const first = await timedSync(program, id);
    if (first.counts.added !== holdings) throw new Error(`Added ${first.counts.added} of ${holdings} positions.`);
    const { loopP99Ms } = await program.probe();
    const second = await timedSync(program, id);
    const { rssMiB } = await program.probe();
    const { added, changed, removed } = second.counts;
    return { ms: first.ms, resyncMs: second.ms, resyncWrites: added + changed + removed, loopP99Ms, rssMiB };
  } finally {
    await program.stop();
    removeFolder(dataDir);
  }
}

/** Milliseconds to fetch and parse what the sync reads, and to insert it where `stored`. */
export const holdingsFloor = (address: SandboxAddress, stored: boolean): number =>
  orionFloor(address, {
    top: PAGE,
    first: ['/Portfolio/Clients?', '/Portfolio/Accounts?'],
    list: '/Portfolio/Assets?hasValue=true&includeCostBasis=true&',
    columns: stored ? COLUMNS : [],
  });

const COLUMNS = [
  'id',
  'accountId',
  'productId',
  'name',
  'ticker',
  'cusip',
  'currentShares',
  'currentPrice',
  'currentValue',
  'costBasis',
  'asOfDate',
  'custodian',
  'assetClass',
  'productType',
  'editedDate',
  'accountNumber',
];

/** Orion's sandbox with so many positions, 25 an account. */
export const holdingsSandbox = (holdings: number): ReturnType<typeof startSandboxProcess> => {
  const accounts = Math.max(1, Math.round(holdings / 25));
  return startSandboxProcess(['--holdings', String(holdings), '--accounts', String(accounts), '--plants', 'none']);
};

/** First sync of one platform into an empty book, against the least a program could do with the same bytes, in turns. */
export async function syncHoldings(options: Readonly<Record<string, string>>): Promise<object> {
  const holdings = Number(options['holdings'] ?? 50_000);
  const sandbox = await holdingsSandbox(holdings);
  try {
    holdingsFloor(sandbox.address, true); // fills the sandbox's page cache, so that neither side pays for making the pages
    const floors: number[] = [];
    const runs: RunFigures[] = [];
    for (let i = 0; i < RUNS; i += 1) {
      floors.push(holdingsFloor(sandbox.address, true));
      runs.push(await oneRun(sandbox.address, holdings));
    }
    const ms = median(runs.map((r) => r.ms));
    const floorMs = median(floors);
    return {
      holdings,
      platform: 'orion',
      runs: RUNS,
      seconds: seconds(ms),
      floorSeconds: seconds(floorMs),
      ratio: Math.round((ms / floorMs) * 100) / 100,
      rssMiB: Math.max(...runs.map((r) => r.rssMiB)),
      loopP99Ms: median(runs.map((r) => r.loopP99Ms)),
      resyncSeconds: seconds(median(runs.map((r) => r.resyncMs))),
      resyncWrites: Math.max(...runs.map((r) => r.resyncWrites)),
    };
  } finally {
    sandbox.stop();
  }
}
