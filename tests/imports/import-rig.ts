import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createDispatcher } from '../../main/api/dispatcher.ts';
import { createImportServices } from '../../main/api/import-services.ts';
import type { HoldingRecord, SecurityRecord, SourcePage } from '../../main/connectors/connector.ts';
import { reads, writes } from '../../main/registry.ts';
import type { JobCaller } from '../../main/store/job-thread.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openReadable, openWritable } from '../../main/store/open.ts';
import { runRead, runWrite } from '../../main/store/run-job.ts';
import { compress, encodeStagedPage } from '../../main/sync/staged-page.ts';
import { DEFAULT_TOLERANCES } from '../../main/core/tolerance.ts';
import { createClient, type Client } from '../../shared/contract/client.ts';
import { AppError, type ErrorCode } from '../../shared/contract/index.ts';
import type { Instant } from '../../shared/model/date.ts';
import { dec } from '../../shared/model/decimal.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Tables that hold history; what an import leaves there stays when it is rolled back. */
const HISTORY = new Set([
  'audit_entries', 'batches', 'batch_items', 'sync_operations', 'imports', 'raw_payloads', 'quarantined_records', 'schema_migrations', 'connections',
]);

export interface PlatformPosition {
  readonly account: string;
  readonly cusip: string;
  readonly quantity: string;
  readonly price?: string;
  readonly asOf?: string;
}
export const CUSTODIAN = 'Larch Custody';

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
  let failAfterProgress: (() => void) | null = null;
  const uuid = (): string => `uuid-${(uuids += 1)}`;
  const ports = {
    now: () => new Date(Date.UTC(2024, 1, 1, 9, 0, (seconds += 1))).toISOString() as Instant,
    uuid: () => {
      failAfterProgress?.();
      return uuid();
    },
  };
  const call = (caller: JobCaller, name: string, args: unknown) => ({ name, args, caller, cancelled: () => false, progress: () => undefined });
  const internal = (actor: string): JobCaller => ({ actor, requestId: 'test', auditEvent: null });
  const read = async (caller: JobCaller, name: string, input: unknown) => runRead(readDb, reads, call(caller, name, structuredClone(input)), ports);
  const write = async (caller: JobCaller, name: string, input: unknown) => runWrite(db, writes, call(caller, name, structuredClone(input)), ports);

  const services = createImportServices({
    read: <R>(name: string, input: unknown) => read(internal('system'), name, input) as Promise<R>,
    write: <R>(actor: string, name: string, input: unknown) => write(internal(actor), name, input) as Promise<R>,
    newId: uuid,
    clock: { monotonicMs: () => monotonic },
  });
  const problems: unknown[] = [];
  const dispatch = createDispatcher({
    services, writes: new Set(Object.keys(writes)), read, write, emit: () => undefined,
    log: { error: (message, details) => void problems.push([message, details['error']]) },
  });
  const as = (name: string): Client =>
    createClient({
      call: (procedure, input) => dispatch(procedure, input, { requestId: 'test', actor: { id: name, name, role: 'admin' } }),
      subscribe: () => () => undefined,
    });
  const client = as('Analyst');

  const accounts = new Map<string, number>();
  const securities = new Map<string, SecurityRecord>();
  const rig = {
    db, client, as, problems,
    later: (ms: number): void => void (monotonic += ms),
    /** Makes the n-th random id that a write asks for fail, as a fault in the middle of a transaction. */
    failAtUuid(n: number): void {
      let left = n;
      failAfterProgress = () => {
        left -= 1;
        if (left === 0) throw new Error('The power went out.');
      };
    },
    recover: (): void => void (failAfterProgress = null),

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
    /** One complete pass of a platform that says exactly this. */
    async sync(connectionId: number, positions: readonly PlatformPosition[]): Promise<void> {
      const page = platformPage(positions, securities);
      const run = (name: string, args: unknown): Promise<unknown> => write(internal('sync'), name, args);
      const { operationId } = (await run('sync/begin', { connectionId, kind: 'sync', acceptShrink: true })) as { operationId: number };
      const sha256 = createHash('sha256').update(page.raw).digest('hex');
      await run('sync/stage', {
        operationId, seq: 0, cursor: null, records: positions.length, quarantined: [], expected: null, page: encodeStagedPage(page),
        payload: { sha256, contentType: 'application/json', bytes: page.raw.byteLength, body: compress(page.raw) },
      });
      await run('sync/merge', { operationId, tolerances: DEFAULT_TOLERANCES });
    },
    accounts,

    one: (sql: string, ...params: (string | number)[]): unknown => db.prepare(sql).pluck().get(...params),
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
              .map(({ version: _version, ...row }) => JSON.stringify(row, (_key, value: unknown) => (Buffer.isBuffer(value) ? value.toString('hex') : value)))
              .toSorted(),
          ]),
      );
    },
    dumpEverything: () => rig.dump(new Set()),
  };
  return rig;
}
export type ImportRig = ReturnType<typeof createImportRig>;

function platformPage(positions: readonly PlatformPosition[], securities: Map<string, SecurityRecord>): SourcePage {
  const asOf = '2024-01-31';
  const holdings = positions.map((p): HoldingRecord => {
    const quantity = dec(p.quantity);
    const price = dec(p.price ?? '5');
    if (!securities.has(p.cusip))
      securities.set(p.cusip, {
        externalId: `s-${p.cusip}`, name: `Security ${p.cusip}`, type: 'stock', ticker: null, cusip: p.cusip, isin: null, sedol: null, figi: null,
        currency: 'USD', multiplier: dec('1'),
      });
    return {
      externalId: `${p.account}/${p.cusip}`, accountExternalId: `a-${p.account}`, securityExternalId: `s-${p.cusip}`, quantity, price,
      // Whole quantities and prices only, so that this product is exact.
      marketValue: dec(String(BigInt(quantity) * BigInt(price))), costBasis: null, currency: 'USD', asOf: (p.asOf ?? asOf) as HoldingRecord['asOf'],
      modifiedAt: null, place: '/0',
    };
  });
  const numbers = [...new Set(positions.map((p) => p.account))];
  return {
    next: null, raw: new TextEncoder().encode(JSON.stringify(positions)), contentType: 'application/json',
    accounts: numbers.map((number) => ({
      externalId: `a-${number}`, name: `Birchwood family trust ${number}`, number, custodian: CUSTODIAN, household: null, currency: 'USD',
    })),
    securities: [...new Set(positions.map((p) => p.cusip))].map((cusip) => securities.get(cusip) as SecurityRecord),
    holdings, transactions: [], quarantined: [], expected: null,
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
