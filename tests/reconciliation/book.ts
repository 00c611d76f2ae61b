import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CallInput, Output } from '../../shared/contract/index.ts';
import { contract } from '../../shared/contract/index.ts';
import type { BreakRow } from '../../shared/contract/reconciliation.ts';
import type { Instant } from '../../shared/model/date.ts';
import { reconciliationJobs } from '../../main/reconciliation/jobs.ts';
import { reconciliationReads } from '../../main/reconciliation/reads.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { transact } from '../../main/store/transact.ts';
import type { WriteContext } from '../../main/store/run-job.ts';
import { tempFolder } from '../support/temp-folder.ts';

export interface Amounts {
  readonly quantity?: string | null;
  readonly price?: string | null;
  readonly marketValue?: string | null;
  readonly costBasis?: string | null;
}

type Platform = 'black_diamond' | 'orion' | 'addepar' | 'custodian_file';

export const TODAY = '2025-03-14'; // a Friday
export const YESTERDAY = '2025-03-13';

/** A real book in a file, filled by hand, and the jobs and reads of reconciliation on it. */
export function createTestBook() {
  const db = openWritable(join(tempFolder(), 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, join(import.meta.dirname, '../../migrations/sqlite'));
  const statements = new Map<string, ReturnType<typeof db.prepare>>();
  const insert = (table: string, row: Record<string, string | number | null>): number => {
    const sql = `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
      .map(() => '?')
      .join(', ')})`;
    const statement = statements.get(sql) ?? db.prepare(sql);
    statements.set(sql, statement);
    return statement.run(...Object.values(row)).lastInsertRowid as number;
  };
  const opening = insert('batches', {
    uid: 'opening',
    kind: 'opening',
    actor: 'setup',
    at: '2025-01-01T00:00:00Z',
    summary: 'Opening',
  });

  let clock = `${TODAY}T09:00:00Z`;
  let uuids = 0;
  let cancelled = false;
  const audits: { subject: string; details: Readonly<Record<string, unknown>> }[] = [];
  const progress: number[] = [];
  const context: WriteContext = {
    actor: 'analyst',
    requestId: 'test',
    now: () => clock as Instant,
    uuid: () => `uuid-${(uuids += 1)}`,
    progress: ({ done }) => void progress.push(done),
    cancelled: () => cancelled,
    audit: (subject, details) => void audits.push({ subject, details }),
  };

  const operations = new Map<number, number>();
  const book = {
    db,
    insert,
    audits,
    progress,
    context,
    at: (instant: string): void => void (clock = instant),
    cancel: (): void => void (cancelled = true),

    connection(platform: Platform, name: string, rank = 1): number {
      const id = insert('connections', {
        platform,
        name,
        base_url: '',
        survivorship_rank: rank,
        created_at: clock,
        updated_at: clock,
      });
      operations.set(id, book.operation(id, TODAY));
      return id;
    },
    operation: (connectionId: number, asOf: string): number =>
      insert('sync_operations', {
        connection_id: connectionId,
        kind: 'sync',
        status: 'completed',
        requested_by: 'analyst',
        started_at: clock,
        finished_at: clock,
        as_of: asOf,
      }),
    account: (name: string, tiedTo: readonly number[], portfolio: string | null = null): number => {
      const portfolioId = portfolio === null ? null : insert('portfolios', { name: portfolio });
      const id = insert('accounts', {
        name,
        number: `00-${name.length}`,
        number_key: `${name}`,
        custodian: 'Northern Trust',
        currency: 'USD',
        portfolio_id: portfolioId,
        created_batch: opening,
      });
      for (const connectionId of tiedTo)
        insert('account_links', {
          connection_id: connectionId,
          external_id: `a${id}`,
          account_id: id,
          reason: 'Same number',
          name,
          number: '',
          custodian: '',
          record: '{}',
        });
      return id;
    },
    security: (
      name: string,
      more: { type?: string; ticker?: string; cusip?: string; multiplier?: string; currency?: string } = {},
    ): number =>
      insert('securities', {
        name,
        type: more.type ?? 'stock',
        ticker: more.ticker ?? null,
        cusip: more.cusip ?? null,
        currency: more.currency ?? 'USD',
        multiplier: more.multiplier ?? '1',
        created_batch: opening,
      }),
    holding: (
      accountId: number,
      securityId: number,
      a: Amounts,
      more: {
        status?: string;
        asOf?: string;
        origin?: string;
        fieldOrigins?: string;
        openingBase?: string;
        currency?: string;
      } = {},
    ): number =>
      insert('holdings', {
        account_id: accountId,
        security_id: securityId,
        status: more.status ?? 'held',
        quantity: a.quantity ?? null,
        price: a.price ?? null,
        market_value: a.marketValue ?? null,
        cost_basis: a.costBasis ?? null,
        currency: more.currency ?? 'USD',
        as_of: more.asOf ?? TODAY,
        origin: more.origin ?? 's:1:1',
        field_origins: more.fieldOrigins ?? null,
        opening_base: more.openingBase ?? null,
        created_batch: opening,
      }),
    record: (
      connectionId: number,
      holdingId: number | null,
      a: Amounts & { quantity: string },
      more: { asOf?: string; externalId?: string; account?: string; security?: string; validTo?: number; currency?: string } = {},
    ): number =>
      insert('source_holdings', {
        connection_id: connectionId,
        external_id: more.externalId ?? `h${holdingId}`,
        account_external_id: more.account ?? 'a?',
        security_external_id: more.security ?? 's?',
        holding_id: holdingId,
        quantity: a.quantity,
        price: a.price ?? null,
        market_value: a.marketValue ?? null,
        cost_basis: a.costBasis ?? null,
        currency: more.currency ?? 'USD',
        as_of: more.asOf ?? TODAY,
        payload_id: 1,
        place: '/0',
        valid_from_op: operations.get(connectionId) ?? 0,
        valid_to_op: more.validTo ?? null,
      }),

    start: (input: CallInput<'reconciliation.start'> = {}): string =>
      transact(db, () =>
        reconciliationJobs['reconciliation.start'](db, contract['reconciliation.start'].input.parse(input), context),
      ).id,
    compare: (runId: string) => transact(db, () => reconciliationJobs['reconciliation.run'](db, { runId }, context)),
    /** Starts a run and does it; answers its id. */
    run(input: CallInput<'reconciliation.start'> = {}): string {
      const id = book.start(input);
      book.compare(id);
      return id;
    },
    get: (id: string): Output<'reconciliation.get'> =>
      contract['reconciliation.get'].output.parse(reconciliationReads['reconciliation.get'](db, { id })),
    page: (input: CallInput<'reconciliation.breaks'>): Output<'reconciliation.breaks'> =>
      contract['reconciliation.breaks'].output.parse(
        reconciliationReads['reconciliation.breaks'](db, contract['reconciliation.breaks'].input.parse(input)),
      ),
    breaks: (id: string): BreakRow[] => book.page({ id, limit: 1000 }).rows,
    fix: (input: CallInput<'reconciliation.fix'>): Output<'reconciliation.fix'> =>
      transact(db, () =>
        reconciliationJobs['reconciliation.fix'](db, contract['reconciliation.fix'].input.parse(input), context),
      ),
    row: (table: string, id: number): Record<string, unknown> =>
      db.prepare(`SELECT * FROM ${table} WHERE id = ?`).get(id) as Record<string, unknown>,
  };
  return book;
}

export type TestBook = ReturnType<typeof createTestBook>;

/** Breaks as `field class clearway other`, for short expectations. */
export const brief = (rows: readonly BreakRow[]): string[] =>
  rows.map((b) => `${b.field} ${b.class} ${b.clearway ?? '-'} ${b.other ?? '-'}`).toSorted();
