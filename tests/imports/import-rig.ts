import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDispatcher } from '../../main/api/dispatcher.ts';
import { createAuditAnchors, createAuditServices } from '../../main/api/audit-anchors.ts';
import { createImportServices } from '../../main/api/import-services.ts';
import type { HoldingRecord, SecurityRecord, SourcePage } from '../../main/connectors/connector.ts';
import { reads, writes } from '../../main/registry.ts';
import type { JobCaller } from '../../main/store/job-thread.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openReadable, openWritable } from '../../main/store/open.ts';
import { runRead, runWrite } from '../../main/store/run-job.ts';
import { encodeStagedPage } from '../../main/sync/staged-page.ts';
import { DEFAULT_TOLERANCES } from '../../main/core/tolerance.ts';
import { createClient, type Client } from '../../shared/contract/client.ts';
import { AppError, type ErrorCode } from '../../shared/contract/index.ts';
import { calendarDate, type Instant } from '../../shared/model/date.ts';
import { dec, mul } from '../../shared/model/decimal.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Tables that hold history; what an import leaves there stays when it is rolled back. */
const HISTORY = new Set([
  'audit_entries',
  'batches',
  'batch_items',
  'sync_operations',
  'imports',
  'raw_payloads',
  'quarantined_records',
  'schema_migrations',
  'connections',
]);

export interface PlatformPosition {
  readonly account: string;
  readonly cusip: string;
  readonly quantity: string;
  readonly price?: string;
  readonly asOf?: string;
}
const CUSTODIAN = 'Larch Custody';

/**
 * The program without threads: the real dispatcher, services and jobs on a real book in a file. Queries go through a
 * read-only connection, so a preview that wrote would fail.
 */
export function createImportRig() {
  const path = join(tempFolder(), 'book.db');
  const db = openWritable(path);
  migrate(db, join(import.meta.dirname, '../../migrations/sqlite'));
  const readDb = openReadable(path);
  onTestFinished(() => {
    closeDb(readDb);
    closeDb(db);
  });

  let uuids = 0;
  let seconds = 0;
  let monotonic = 0;
  const uuid = (): string => `uuid-${(uuids += 1)}`;
  const ports = {
    now: () => new Date(Date.UTC(2024, 1, 1, 9, 0, (seconds += 1))).toISOString() as Instant,
    uuid,
  };
  const call = (caller: JobCaller, name: string, args: unknown) => ({
    name,
    args,
    caller,
    cancelled: () => false,
    progress: () => undefined,
  });
  const internal = (actor: string): JobCaller => ({ actor, requestId: 'test', auditEvent: null });
  const read = async (caller: JobCaller, name: string, input: unknown) =>
    runRead(readDb, reads, call(caller, name, structuredClone(input)), ports);
  const write = async (caller: JobCaller, name: string, input: unknown) =>
    runWrite(db, writes, call(caller, name, structuredClone(input)), ports);

  const problems: unknown[] = [];
  const anchors = createAuditAnchors({
    file: null,
    read: <R>(name: string, input: unknown) => read(internal('system'), name, input) as Promise<R>,
    clock: { now: ports.now, sleep: () => Promise.resolve() },
    log: { error: (message, details) => void problems.push([message, details['error']]) },
  });
  const services = {
    ...createAuditServices(anchors),
    ...createImportServices({
      read: <R>(name: string, input: unknown) => read(internal('system'), name, input) as Promise<R>,
      newId: uuid,
      clock: { monotonicMs: () => monotonic },
    }),
  };
  const dispatch = createDispatcher({
    services,
    writes: new Set(Object.keys(writes)),
    read,
    write,
    emit: () => undefined,
    log: { error: (message, details) => void problems.push([message, details['error']]) },
  });
  const as = (name: string): Client =>
    createClient({
      call: (procedure, input) => dispatch(procedure, input, { requestId: 'test', actor: { id: name, name, role: 'admin' } }),
      subscribe: () => () => undefined,
    });
  const client = as('Analyst');

  const rig = {
    db,
    client,
    as,
    problems,
    later: (ms: number): void => void (monotonic += ms),
    /** Makes writes of one kind fail, as a fault in the middle of a transaction, until the returned function is called. */
    failOn(event: 'INSERT' | 'UPDATE' | 'DELETE', table: string): () => void {
      db.exec(`CREATE TEMP TRIGGER fault BEFORE ${event} ON main.${table} BEGIN SELECT raise(ABORT, 'The power went out.'); END`);
      return () => void db.exec('DROP TRIGGER temp.fault');
    },

    preview: (bytes: Uint8Array, fileName = 'statement.qfx') =>
      client.call('imports.preview', { fileName, content: Buffer.from(bytes).toString('base64') }),
    async import(bytes: Uint8Array, fileName = 'statement.qfx') {
      const { previewId } = await rig.preview(bytes, fileName);
      return client.call('imports.apply', { previewId });
    },
    rollback: (id: string) => client.call('imports.rollback', { id }),

    connection: (name: string): number =>
      db
        .prepare(
          `INSERT INTO connections (platform, name, base_url, survivorship_rank, created_at, updated_at)
           SELECT 'orion', ?, '', coalesce(max(survivorship_rank), 0) + 1, '', '' FROM connections`,
        )
        .run(name).lastInsertRowid as number,
    /** Begins a pass of a platform; `finish` stages and merges what it says. */
    beginSync(connectionId: number) {
      const run = (name: string, args: unknown): unknown =>
        runWrite(db, writes, call(internal('sync'), name, structuredClone(args)), ports);
      const { operationId } = run('sync/begin', { connectionId, kind: 'sync', acceptShrink: true }) as { operationId: number };
      return {
        async finish(positions: readonly PlatformPosition[]): Promise<void> {
          const page = platformPage(positions);
          run('sync/stage', {
            operationId,
            seq: 0,
            cursor: null,
            records: positions.length,
            quarantined: [],
            expected: null,
            page: encodeStagedPage(page),
            payload: { contentType: 'application/json', body: page.raw },
          });
          run('sync/merge', { operationId, tolerances: DEFAULT_TOLERANCES });
        },
      };
    },
    /** One complete pass of a platform that says exactly this. */
    sync: (connectionId: number, positions: readonly PlatformPosition[]): Promise<void> =>
      rig.beginSync(connectionId).finish(positions),

    one: (sql: string, ...params: (string | number)[]): unknown =>
      db
        .prepare(sql)
        .pluck()
        .get(...params),
    /** Clearway's positions as `account cusip status quantity price market value`. */
    positions: (): string[] =>
      (
        db
          .prepare(
            `SELECT concat_ws(' ', a.number, coalesce(s.cusip, s.name), h.status, h.quantity, h.price, h.market_value) AS line
             FROM holdings h JOIN accounts a ON a.id = h.account_id JOIN securities s ON s.id = h.security_id`,
          )
          .pluck()
          .all() as string[]
      ).toSorted(),
    /** Conflicts as `cusip field reason status clearway sources`. */
    conflicts: (): string[] =>
      (
        db
          .prepare(
            `SELECT concat_ws(' ', coalesce(s.cusip, s.name), c.field, c.reason, c.status, c.clearway,
               (SELECT group_concat(coalesce(j.value ->> 1, '-'), '/') FROM json_each(c.sources) j)) AS line
             FROM conflicts c JOIN holdings h ON h.id = c.holding_id JOIN securities s ON s.id = h.security_id`,
          )
          .pluck()
          .all() as string[]
      ).toSorted(),
    transactions: (): string[] =>
      (
        db
          .prepare(
            "SELECT concat_ws(' ', trade_date, type, quantity_delta, cash_delta) AS line FROM source_transactions WHERE valid_to_op IS NULL",
          )
          .pluck()
          .all() as string[]
      ).toSorted(),
    /** Every row of every table of the book. Row versions count changes, so they never come back and are left out. */
    dump(leaveOut: ReadonlySet<string> = HISTORY): Record<string, unknown[]> {
      const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all() as string[];
      return Object.fromEntries(
        tables
          .filter((table) => !leaveOut.has(table))
          .map((table) => [
            table,
            (db.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[])
              .map(({ version: _version, ...row }) =>
                JSON.stringify(row, (_key, value: unknown) => (Buffer.isBuffer(value) ? value.toString('hex') : value)),
              )
              .toSorted(),
          ]),
      );
    },
    dumpEverything: () => rig.dump(new Set()),
  };
  return rig;
}
export type ImportRig = ReturnType<typeof createImportRig>;

const platformSecurity = (cusip: string): SecurityRecord => ({
  externalId: `s-${cusip}`,
  name: `Security ${cusip}`,
  type: 'stock',
  ticker: null,
  cusip,
  isin: null,
  sedol: null,
  figi: null,
  currency: 'USD',
  multiplier: dec('1'),
});

function platformPage(positions: readonly PlatformPosition[]): SourcePage {
  const holdings = positions.map(({ account, cusip, quantity, price = '5', asOf = '2024-01-31' }): HoldingRecord => ({
    externalId: `${account}/${cusip}`,
    accountExternalId: `a-${account}`,
    securityExternalId: `s-${cusip}`,
    quantity: dec(quantity),
    price: dec(price),
    marketValue: mul(dec(quantity), dec(price)),
    costBasis: null,
    currency: 'USD',
    asOf: calendarDate(asOf),
    modifiedAt: null,
    place: '/0',
  }));
  return {
    next: null,
    raw: new TextEncoder().encode(JSON.stringify(positions)),
    contentType: 'application/json',
    accounts: [...new Set(positions.map((p) => p.account))].map((number) => ({
      externalId: `a-${number}`,
      name: `Birchwood family trust ${number}`,
      number,
      custodian: CUSTODIAN,
      household: null,
      currency: 'USD',
    })),
    securities: [...new Set(positions.map((p) => p.cusip))].map(platformSecurity),
    holdings,
    transactions: [],
    quarantined: [],
    expected: null,
  };
}

/** The code and sentence a call is refused with; fails the test when it succeeds. */
export async function refusal(work: Promise<unknown>): Promise<{ code: ErrorCode; message: string; details: unknown }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message, details: error.details };
    throw error;
  }
  throw new Error('The call was not refused.');
}
