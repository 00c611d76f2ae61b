import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { OpeningBook } from '../../shared/model/opening-book.ts';
import type { CalendarDate, Instant } from '../../shared/model/date.ts';
import { dec, type Dec } from '../../shared/model/decimal.ts';
import type { Platform } from '../../shared/model/holding.ts';
import type {
  AccountRecord,
  HoldingRecord,
  PerformanceRecord,
  SecurityRecord,
  TaxLotRecord,
  TransactionRecord,
} from '../../main/connectors/connector.ts';
import { openBook } from '../../main/api/opening-book.ts';
import { bookWrites } from '../../main/api/book-writes.ts';
import { conflictWrites } from '../../main/api/conflict-handlers.ts';
import { DEFAULT_TOLERANCES } from '../../main/core/tolerance.ts';
import { appendAudit } from '../../main/store/audit.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import type { WriteContext } from '../../main/store/run-job.ts';
import { transact } from '../../main/store/transact.ts';
import { syncJobs } from '../../main/sync/jobs.ts';
import type { FileScope, OperationCounts } from '../../main/sync/merge.ts';
import { encodeStagedPage } from '../../main/sync/staged-page.ts';
import { MIGRATIONS } from '../support/migrations.ts';

export const DAY_1 = '2026-11-19';
export const DAY_2 = '2026-11-20';

/** One position as a source states it; what is left out is not stated. Account and security go by name. */
export interface Says {
  readonly account?: string;
  readonly security?: string;
  readonly quantity?: string;
  readonly price?: string;
  readonly marketValue?: string;
  readonly costBasis?: string;
  readonly currency?: string | null;
  readonly asOf?: string;
  readonly modifiedAt?: string;
  /** The source's own id of the record, when it is not simply account and security. */
  readonly id?: string;
}

export interface PassOptions {
  /** An operation at work whose pages these are; without, a new one begins. */
  readonly into?: number;
  readonly accounts?: readonly Partial<AccountRecord>[];
  readonly securities?: readonly Partial<SecurityRecord>[];
  readonly transactions?: readonly TransactionRecord[];
  readonly transactionsFrom?: CalendarDate;
  readonly performance?: readonly PerformanceRecord[];
  /** Every lot the source lists; left out, the pass does not ask for lots. */
  readonly taxLots?: readonly TaxLotRecord[];
  /** Positions per page; all in one page unless given. */
  readonly pageSize?: number;
  readonly acceptShrink?: boolean;
  readonly asOf?: string;
  readonly file?: FileScope;
  /** External ids of records or accounts that the source named but that could not be read. */
  readonly setAside?: readonly string[];
}

export const accountRecord = (name: string, more: Partial<AccountRecord> = {}): AccountRecord => ({
  externalId: `acc-${name}`,
  name,
  number: `N-${name.toUpperCase()}`,
  custodian: 'Fidelity',
  household: null,
  currency: 'USD',
  ...more,
});
export const securityRecord = (name: string, more: Partial<SecurityRecord> = {}): SecurityRecord => ({
  externalId: `sec-${name}`,
  name,
  type: 'stock',
  ticker: name.toUpperCase(),
  cusip: `C-${name.toUpperCase()}`,
  isin: null,
  sedol: null,
  figi: null,
  currency: 'USD',
  multiplier: dec('1'),
  ...more,
});

const amount = (text: string | undefined): Dec | null => (text === undefined ? null : dec(text));

const holdingRecord = (s: Says, asOf: string): HoldingRecord => {
  const account = s.account ?? 'Birch';
  const security = s.security ?? 'Alder';
  return {
    externalId: s.id ?? `${account}/${security}`,
    accountExternalId: `acc-${account}`,
    securityExternalId: `sec-${security}`,
    quantity: dec(s.quantity ?? '100'),
    price: amount(s.price),
    marketValue: amount(s.marketValue),
    costBasis: amount(s.costBasis),
    currency: s.currency === undefined ? 'USD' : s.currency,
    asOf: (s.asOf ?? asOf) as CalendarDate,
    modifiedAt: (s.modifiedAt ?? null) as Instant | null,
    place: '/0',
  };
};

const byId = <T extends { externalId: string }>(records: readonly T[]): T[] => [
  ...new Map(records.map((r) => [r.externalId, r])).values(),
];

/** A real book in a file with connections, on which passes are staged and merged by the program's own functions. */
export function createSyncBook() {
  const folder = mkdtempSync(join(tmpdir(), 'clearway-sync-'));
  const db = openWritable(join(folder, 'book.db'));
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    closeDb(db);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  migrate(db, MIGRATIONS);

  let clock = '2026-11-20T09:00:00.000Z';
  let uuids = 0;
  let cancelled = false;
  const contextFor = (event: string | null): { context: WriteContext; finish: () => void } => {
    let note: { subject: string; details: object } = { subject: 'none', details: {} };
    const context: WriteContext = {
      actor: 'analyst',
      requestId: 'test',
      now: () => clock as Instant,
      uuid: () => `uuid-${(uuids += 1)}`,
      progress: () => undefined,
      cancelled: () => cancelled,
      audit: (subject, details) => (note = { subject, details }),
    };
    const finish = (): void => {
      if (event !== null)
        appendAudit(db, {
          at: clock,
          actor: 'analyst',
          event,
          subject: note.subject,
          details: JSON.stringify(note.details),
          requestId: 'test',
        });
    };
    return { context, finish };
  };
  const run = <R>(event: string | null, job: (context: WriteContext) => R): R =>
    transact(db, () => {
      const { context, finish } = contextFor(event);
      const result = job(context);
      finish();
      return result as object;
    }) as R;
  const all = <R>(sql: string, ...params: unknown[]): R[] => db.prepare(sql).all(...params) as R[];
  const one = <R>(sql: string, ...params: unknown[]): R =>
    db
      .prepare(sql)
      .pluck()
      .get(...params) as R;

  const book = {
    db,
    close,
    run,
    all,
    one,
    at: (instant: string): void => void (clock = instant),
    cancel: (): void => void (cancelled = true),

    connection(name: string, rank: number, platform: Platform = 'orion'): number {
      return db
        .prepare(
          "INSERT INTO connections (platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES (?, ?, '', ?, ?, ?)",
        )
        .run(platform, name, rank, clock, clock).lastInsertRowid as number;
    },
    open: (opening: OpeningBook, connections: Partial<Record<Platform, number>> = {}): void =>
      void run(null, (context) => openBook(db, { book: opening, connections }, context)),

    /** Stages a complete pass; answers the operation. */
    stage(connectionId: number, says: readonly Says[], options: PassOptions = {}): number {
      const asOf = options.asOf ?? DAY_2;
      const holdings = says.map((s) => holdingRecord(s, asOf));
      const accounts = byId([
        ...says.map((s) => accountRecord(s.account ?? 'Birch')),
        ...(options.accounts ?? []).map((a) => accountRecord(a.name ?? 'Birch', a)),
      ]);
      const securities = byId([
        ...says.map((s) => securityRecord(s.security ?? 'Alder')),
        ...(options.securities ?? []).map((s) => securityRecord(s.name ?? 'Alder', s)),
      ]);
      const begin = (): number =>
        run(null, (context) =>
          syncJobs['sync/begin'](
            db,
            { connectionId, kind: options.file ? 'import' : 'sync', acceptShrink: options.acceptShrink ?? false },
            context,
          ),
        ).operationId;
      const operationId = options.into ?? begin();
      const size = options.pageSize ?? Math.max(1, holdings.length);
      const pages = Math.max(1, Math.ceil(holdings.length / size));
      for (let seq = 0; seq < pages; seq += 1) {
        const raw = Buffer.from(`operation ${operationId} page ${seq}`);
        run(null, (context) =>
          syncJobs['sync/stage'](
            db,
            {
              operationId,
              seq,
              cursor: seq === pages - 1 ? null : `after ${seq}`,
              payload: { contentType: 'application/json', body: raw },
              page: encodeStagedPage({
                accounts: seq === 0 ? accounts : [],
                securities: seq === 0 ? securities : [],
                transactions: seq === 0 ? (options.transactions ?? []) : [],
                ...(options.performance && seq === 0 ? { performance: options.performance } : {}),
                ...(options.transactionsFrom ? { transactionsFrom: options.transactionsFrom } : {}),
                ...(seq === 0 && options.taxLots ? { taxLots: options.taxLots } : {}),
                holdings: holdings.slice(seq * size, (seq + 1) * size),
              }),
              records: holdings.length,
              quarantined: (seq === 0 ? (options.setAside ?? []) : []).map((externalId) => ({
                externalId,
                reason: 'Units is missing.',
                path: 'Units',
                raw: '{}',
              })),
              expected: holdings.length,
            },
            context,
          ),
        );
      }
      return operationId;
    },
    /** Takes up everything that waits. */
    claim: () => run(null, (context) => syncJobs['sync/claim'](db, { atOnce: 100, perPlatform: 100 }, context)).starts,
    merge: (operationId: number, file?: FileScope): OperationCounts =>
      run(null, (context) =>
        syncJobs['sync/merge'](db, { operationId, tolerances: DEFAULT_TOLERANCES, ...(file ? { file } : {}) }, context),
      ),
    /** Stages and merges a complete pass. */
    pass: (connectionId: number, says: readonly Says[], options: PassOptions = {}): OperationCounts =>
      book.merge(book.stage(connectionId, says, options), options.file),

    holdingId: (account = 'Birch', security = 'Alder'): number =>
      one(
        'SELECT h.id FROM holdings h JOIN accounts a ON a.id = h.account_id JOIN securities s ON s.id = h.security_id WHERE a.name = ? AND s.name = ?',
        account,
        security,
      ),
    /** A position of the book: status, quantity, price, market value, cost basis. */
    position(account = 'Birch', security = 'Alder'): (string | null)[] | undefined {
      return db
        .prepare('SELECT status, quantity, price, market_value, cost_basis FROM holdings WHERE id = ?')
        .raw()
        .get(book.holdingId(account, security) ?? null) as (string | null)[] | undefined;
    },
    origins: (account = 'Birch', security = 'Alder'): Record<string, string> => {
      const [row] = all<{ origin: string; fieldOrigins: string | null }>(
        'SELECT origin, field_origins AS fieldOrigins FROM holdings WHERE id = ?',
        book.holdingId(account, security),
      );
      return { all: row?.origin ?? '', ...(JSON.parse(row?.fieldOrigins ?? '{}') as object) };
    },
    bases: (): (string | number | null)[][] =>
      db
        .prepare('SELECT connection_id, field, value FROM holding_bases ORDER BY holding_id, connection_id, field')
        .raw()
        .all() as (string | number | null)[][],
    /** Undecided conflicts as `account/security field reason: base | clearway | source=value …`. */
    conflicts: (): string[] =>
      all<{
        account: string;
        security: string;
        field: string;
        reason: string;
        base: string | null;
        clearway: string | null;
        sources: string;
      }>(
        `SELECT a.name AS account, s.name AS security, c.field, c.reason, c.base, c.clearway, c.sources FROM conflicts c JOIN holdings h ON h.id = c.holding_id
         JOIN accounts a ON a.id = h.account_id JOIN securities s ON s.id = h.security_id WHERE c.status IN ('open', 'review') ORDER BY a.name, s.name, c.field`,
      ).map(({ account, security, field, reason, base, clearway, sources }) => {
        const said = (JSON.parse(sources) as [number, string | null][])
          .toSorted((a, b) => a[0] - b[0])
          .map(([id, value]) => `${id}=${value ?? '-'}`);
        return `${account}/${security} ${field} ${reason}: ${base ?? '-'} | ${clearway ?? '-'} | ${said.join(' ')}`;
      }),
    conflictId: (field: string, account = 'Birch', security = 'Alder'): string =>
      String(
        one<number>(
          "SELECT max(id) FROM conflicts WHERE holding_id = ? AND field = ? AND status IN ('open', 'review')",
          book.holdingId(account, security),
          field,
        ),
      ),
    versions: (): number => one('SELECT count(*) FROM source_holdings'),
    /** What every table of people and sources holds, without counters of change. */
    dump(tables: readonly string[] = ['holdings', 'holding_bases', 'conflicts']): Record<string, unknown[]> {
      return Object.fromEntries(
        tables.map((table) => [
          table,
          all<Record<string, unknown>>(`SELECT * FROM ${table}`).map(({ version: _version, ...row }) => row),
        ]),
      );
    },

    edit(
      field: 'quantity' | 'price' | 'marketValue' | 'costBasis',
      value: string,
      account = 'Birch',
      security = 'Alder',
    ): string {
      const id = book.holdingId(account, security);
      const column = { quantity: 'quantity', price: 'price', marketValue: 'market_value', costBasis: 'cost_basis' }[field];
      const expected = one<Dec | null>(`SELECT ${column} FROM holdings WHERE id = ?`, id);
      return run('holding_edited', (context) =>
        bookWrites['holdings.edit'](
          db,
          { id: String(id), field, value: dec(value), expected, reason: 'Custodian called' },
          context,
        ),
      ).batchId;
    },
    resolve: (input: Parameters<(typeof conflictWrites)['conflicts.resolve']>[1]) =>
      run('conflicts_settled', (context) => conflictWrites['conflicts.resolve'](db, input, context)),
    /** Settles one conflict with a strategy; answers the batch. */
    decide(
      field: string,
      strategy: 'CLEARWAY_WINS' | 'PLATFORM_WINS' | 'MANUAL_REVIEW',
      more: { value?: string; connectionId?: string; account?: string } = {},
    ): string {
      const { account, ...choice } = more;
      const { batchId } = book.resolve({
        selection: { ids: [book.conflictId(field, account)] },
        decision: { strategy, ...choice },
        comment: '',
      });
      return batchId ?? '';
    },
    undo: (id: string) => run('batch_undone', (context) => conflictWrites['batches.undo'](db, { id }, context)),
    redo: (id: string) => run('batch_redone', (context) => conflictWrites['batches.redo'](db, { id }, context)),
    link: (connectionId: number, kind: 'account' | 'security', externalId: string, targetId?: number): string =>
      run('linked', (context) =>
        bookWrites['connections.link'](
          db,
          { id: String(connectionId), kind, externalId, ...(targetId === undefined ? {} : { targetId: String(targetId) }) },
          context,
        ),
      ).targetId,
  };
  return book;
}

export type SyncBook = ReturnType<typeof createSyncBook>;

/** A book for the running test, removed when the test ends. */
export function testBook(): SyncBook {
  const book = createSyncBook();
  onTestFinished(book.close);
  return book;
}
