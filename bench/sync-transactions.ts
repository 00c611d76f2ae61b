import { median, removeFolder, seconds, tempFolder } from './bench-app.ts';
import { startHeadless } from './headless-process.ts';
import { orionFloor } from './orion-floor-process.ts';
import { startSandboxProcess, type SandboxAddress } from './sandbox-process.ts';
import { timedSync } from './timed-sync.ts';

const PAGE = 5000;
const RUNS = 3;
/** Few, so that the figures are those of transactions. */
const HOLDINGS = 500;
const ACCOUNTS = 50;

async function oneRun({ orion }: SandboxAddress, rows: number) {
  const dataDir = tempFolder();
  const program = await startHeadless(dataDir);
  try {
    const { id } = await program.call('connections.initiate', {
      platform: 'orion',
      name: 'Orion',
      baseUrl: orion.baseUrl,
      credentials: { ...orion.credentials },
      settings: { ...orion.settings, pageSize: String(PAGE), transactionDays: 'all', streams: 'transactions' },
    });
    const first = await timedSync(program, id);
    const before = await program.call('transactions.page', { limit: 1 });
    if (before.total !== rows) throw new Error(`Took in ${before.total} of ${rows} transactions.`);
    const second = await timedSync(program, id);
    const after = await program.call('transactions.page', { limit: 1 });
    if (after.rows[0]?.id !== before.rows[0]?.id) throw new Error('The second sync rewrote unchanged transactions.');
    return { ms: first.ms, resyncMs: second.ms };
  } finally {
    await program.stop();
    removeFolder(dataDir);
  }
}

const floor = (address: SandboxAddress): number =>
  orionFloor(address, {
    top: PAGE,
    first: ['/Portfolio/Clients?', '/Portfolio/Accounts?', '/Portfolio/Assets?hasValue=true&includeCostBasis=true&'],
    list: '/Portfolio/Transactions?status=Complete&',
    columns: [
      'id',
      'accountId',
      'productId',
      'type',
      'financialType',
      'transDate',
      'settleDate',
      'transAmount',
      'noUnits',
      'navPrice',
      'transactionDescription',
      'status',
      'editedDate',
    ],
  });

/** First sync of a platform with many transactions and few positions, against the least a program could do, in turns. */
export async function syncTransactions(options: Readonly<Record<string, string>>): Promise<object> {
  const rows = Number(options['rows'] ?? 10_000);
  const size = ['--holdings', String(HOLDINGS), '--accounts', String(ACCOUNTS), '--transactions', String(rows)];
  const sandbox = await startSandboxProcess([...size, '--plants', 'none']);
  try {
    // Both fill the sandbox's page cache, so that neither side pays for making the pages.
    floor(sandbox.address);
    await oneRun(sandbox.address, rows);
    const floors: number[] = [];
    const runs: { ms: number; resyncMs: number }[] = [];
    for (let i = 0; i < RUNS; i += 1) {
      floors.push(floor(sandbox.address));
      runs.push(await oneRun(sandbox.address, rows));
    }
    const ms = median(runs.map((run) => run.ms));
    const floorMs = median(floors);
    return {
      rows,
      platform: 'orion',
      runs: RUNS,
      seconds: seconds(ms),
      floorSeconds: seconds(floorMs),
      ratio: Math.round((ms / floorMs) * 100) / 100,
      resyncSeconds: seconds(median(runs.map((run) => run.resyncMs))),
    };
  } finally {
    sandbox.stop();
  }
}
