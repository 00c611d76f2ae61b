import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AccountRecord, HoldingRecord, SecurityRecord } from '../main/connectors/connector.ts';
import { DEFAULT_TOLERANCES } from '../main/core/tolerance.ts';
import type { WritableDb } from '../main/store/handles.ts';
import type { JobContext } from '../main/store/job.ts';
import { migrate } from '../main/store/migrate.ts';
import { closeDb, openWritable } from '../main/store/open.ts';
import { transact } from '../main/store/transact.ts';
import { mergeOperation } from '../main/sync/merge.ts';
import { stagePage } from '../main/sync/stage.ts';
import { encodeStagedPage } from '../main/sync/staged-page.ts';
import type { CalendarDate, Instant } from '../shared/model/date.ts';
import { dec } from '../shared/model/decimal.ts';
import { MIGRATIONS, median, removeFolder, seconds, startBenchApp, tempFolder } from './bench-app.ts';

const AS_OF = '2026-11-20' as CalendarDate;
const PER_ACCOUNT = 25;
const RUNS = 3;

const context: JobContext = {
  actor: 'bench',
  requestId: 'bench',
  now: () => new Date().toISOString() as Instant,
  uuid: randomUUID,
  progress: () => undefined,
  cancelled: () => false,
};

/** One pass of a source through the product's own staging and merge; `price` makes the sources disagree. */
function pass(db: WritableDb, connectionId: number, count: number, price: string): void {
  const operationId = transact(
    db,
    () =>
      db
        .prepare(
          "INSERT INTO sync_operations (connection_id, kind, status, requested_by, started_at) VALUES (?, 'sync', 'fetching', 'bench', ?)",
        )
        .run(connectionId, context.now()).lastInsertRowid as number,
  );
  const accounts: AccountRecord[] = Array.from({ length: Math.ceil(count / PER_ACCOUNT) }, (_, i) => ({
    externalId: `a${i}`,
    name: `Account ${i}`,
    number: `N${100_000 + i}`,
    custodian: 'Harborline',
    household: null,
    currency: 'USD',
  }));
  const securities: SecurityRecord[] = Array.from({ length: PER_ACCOUNT }, (_, i) => ({
    externalId: `s${i}`,
    name: `Security ${i}`,
    type: 'stock',
    ticker: null,
    cusip: null,
    isin: `X${i}`,
    sedol: null,
    figi: null,
    currency: 'USD',
    multiplier: dec('1'),
  }));
  const holdings: HoldingRecord[] = Array.from({ length: count }, (_, i) => ({
    externalId: `h${i}`,
    accountExternalId: `a${Math.floor(i / PER_ACCOUNT)}`,
    securityExternalId: `s${i % PER_ACCOUNT}`,
    quantity: dec(String(100 + i)),
    price: dec(price),
    marketValue: null,
    costBasis: null,
    currency: 'USD',
    asOf: AS_OF,
    modifiedAt: null,
    place: `/${i}`,
  }));
  const page = encodeStagedPage({ accounts, securities, holdings, transactions: [] });
  transact(db, () =>
    stagePage(
      db,
      {
        operationId,
        seq: 0,
        cursor: null,
        page,
        records: count,
        quarantined: [],
        expected: count,
        payload: { contentType: 'application/json', body: Buffer.from(`["${connectionId}", "${price}"]`) },
      },
      context,
    ),
  );
  transact(db, () => mergeOperation(db, { operationId, tolerances: DEFAULT_TOLERANCES }, context) as object);
}

/** Settles every open conflict in one batch through the dispatcher, then undoes it: real program, real threads, real file. */
export async function bulkResolve(options: Readonly<Record<string, string>>): Promise<object> {
  const conflicts = Number(options['conflicts'] ?? 10_000);
  const dataDir = tempFolder();
  try {
    const db = openWritable(join(dataDir, 'book.db'));
    migrate(db, MIGRATIONS);
    const connect = db.prepare(
      "INSERT INTO connections (platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES (?, ?, 'http://127.0.0.1', ?, '', '')",
    );
    connect.run('orion', 'Orion', 1);
    connect.run('addepar', 'Addepar', 2);
    pass(db, 1, conflicts, '150.5');
    pass(db, 2, conflicts, '151.25');
    closeDb(db);

    const { app, client } = await startBenchApp(dataDir);
    const resolves: number[] = [];
    const undos: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const started = performance.now();
      const settled = await client.call('conflicts.resolve', {
        selection: { matching: { filters: [{ column: 'field', operator: 'is', value: 'price' }] } },
        decision: { strategy: 'PLATFORM_WINS', connectionId: '2' },
      });
      resolves.push(performance.now() - started);
      if (settled.settled !== conflicts || settled.batchId === null)
        throw new Error(`Settled ${settled.settled} of ${conflicts}.`);
      const undoStarted = performance.now();
      const undone = await client.call('batches.undo', { id: settled.batchId });
      undos.push(performance.now() - undoStarted);
      if (undone.restored !== conflicts) throw new Error(`Restored ${undone.restored} of ${conflicts}.`);
    }
    await app.stop();
    return { conflicts, seconds: seconds(median(resolves)), undoSeconds: seconds(median(undos)), runs: RUNS };
  } finally {
    removeFolder(dataDir);
  }
}
