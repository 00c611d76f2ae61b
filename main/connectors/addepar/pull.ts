import { z } from 'zod';
import { calendarDate, previousBusinessDay, type CalendarDate } from '../../../shared/model/date.ts';
import type { AccountRecord, ConnectorContext, Cursor, SourcePage } from '../connector.ts';
import { cursorExpired, decodeCursor, encodeCursor } from '../cursors.ts';
import type { PlatformClient } from '../platform-client.ts';
import { askedCount, askedCurrency, askedDate, setting, UNNAMED_CURRENCY } from '../settings.ts';
import { createLaterStages, isLaterStage, LATER_STAGES, wantsStream, type LaterStage } from '../streams.ts';
import { orRefused, refusedStream } from '../or-refused.ts';
import { askedWindow, BEGINNING, TRANSACTIONS_REFUSED } from '../transactions.ts';
import { ADDEPAR, type AddeparAccess } from './access.ts';
import { readFirmEntities, type FirmEntities } from './firm-entities.ts';
import { householdOf, readOwners } from './households.ts';
import { awaitJob, startJob } from './portfolio-job.ts';
import { runQuery, type PortfolioReply } from './portfolio-query.ts';
import { createRowReader } from './positions.ts';
import { benchmarkPages, performancePages } from './return-pages.ts';
import { createTransactionReader, runTransactionQuery } from './transactions.ts';
import { treeRows, type TreeAccount, type TreeRow } from './tree.ts';

const ROWS_PER_PAGE = 5000;

const cursorSchema = z.object({
  asOf: z.iso.date(),
  jobId: z.string().nullable(),
  stage: z.enum(['accounts', 'holdings', ...LATER_STAGES]),
  /** Pages (accounts) or rows (holdings) that are staged already, and the id of the last of them. */
  done: z.int().nonnegative(),
  last: z.string(),
  /** From where transactions are read, so that a resumed pass keeps its window. */
  since: z.iso.date().nullish(),
});
type Position = z.infer<typeof cursorSchema>;

interface Gathered extends FirmEntities {
  readonly reply: PortfolioReply;
  readonly rows: readonly TreeRow[];
  readonly toAccount: (id: string, name: string) => AccountRecord;
}

/** Asks for everything at once: the query runs at Addepar while the entities are being read. */
async function gather(
  context: ConnectorContext,
  access: AddeparAccess,
  currency: string | null,
  asking: Promise<PortfolioReply>,
): Promise<Gathered> {
  const firm = await readFirmEntities(access);
  const owners = setting(context, 'households', 'yes') === 'no' ? new Map<string, string[]>() : await readOwners(context, access);
  const reply = await asking;
  const rows = [...treeRows(reply.total, reply.pointer)];
  const custodians = new Map(
    rows.flatMap(({ account }) => (account?.financialService ? [[account.id, account.financialService] as const] : [])),
  );
  return {
    ...firm,
    reply,
    rows,
    toAccount: (id, name) => {
      const entity = firm.entities.get(id);
      return {
        externalId: id,
        name: entity?.name ?? (name || `Account ${id}`),
        number: entity?.accountNumber ?? '',
        custodian: custodians.get(id) ?? '',
        currency: entity?.currency ?? currency ?? UNNAMED_CURRENCY,
        household: householdOf(id, owners, firm.entities),
      };
    },
  };
}

/** One pass: account pages first, then the one query reply in pages that share its bytes. */
export async function* pullAddepar(
  context: ConnectorContext,
  cursor: Cursor | null,
  client: PlatformClient,
  access: AddeparAccess,
): AsyncGenerator<SourcePage, void, undefined> {
  const from = cursor === null ? null : decodeCursor(cursorSchema, cursor);
  const currency = askedCurrency(context);
  // A resumed pass keeps its date, or it would mix two days.
  const asOf: CalendarDate = from ? calendarDate(from.asOf) : askedDate(context, previousBusinessDay(context.today));
  const ask = { asOf, currency };
  const useJobs = setting(context, 'useJobs', 'no') === 'yes';
  const jobId = useJobs ? (from?.jobId ?? (await startJob(context, access, ask))) : null;
  const asking = jobId === null ? runQuery(context, access, ask) : awaitJob(access, client, jobId);
  // It is awaited behind the entities; until then a failure must not count as unhandled.
  asking.catch(() => undefined);
  const { accountPages, entities, reply, rows, toAccount } = await gather(context, access, currency, asking);

  const window = askedWindow(context);
  const asked = window === 'none' ? null : window === 'all' ? BEGINNING : window;
  const since = from?.since === undefined ? asked : from.since === null ? null : calendarDate(from.since);
  const cursorAt = (position: Pick<Position, 'stage' | 'done' | 'last'>): Cursor =>
    encodeCursor({ asOf, jobId, since, ...position });
  const shifted = () => cursorExpired('Addepar’s data changed since the sync stopped. The pass starts again.');
  const common = { transactions: [] as const, expected: rows.length };

  const knownAccounts = new Set<string>();
  for (const [index, page] of accountPages.entries()) {
    for (const { id } of page.accounts) knownAccounts.add(id);
    const last = page.accounts.at(-1)?.id ?? '';
    if (from?.stage === 'accounts' && index + 1 === from.done && last !== from.last) throw shifted();
    if ((from && from.stage !== 'accounts') || (from && index < from.done)) continue;
    yield {
      ...common,
      raw: page.raw,
      contentType: page.contentType,
      next: cursorAt({ stage: 'accounts', done: index + 1, last }),
      accounts: page.accounts.map(({ id, name }) => toAccount(id, name)),
      securities: [],
      holdings: [],
      quarantined: page.quarantined,
    };
  }

  const readRows = createRowReader(context, reply, {
    asOf,
    currency,
    entities,
    knownAccounts,
    toAccount: (account: TreeAccount) => toAccount(account.id, account.name),
  });
  // Streams beside positions come one after the other; each begins where the one before it ends.
  const startOf = (stage: LaterStage): Cursor => cursorAt({ stage, done: 0, last: '' });
  const stages = createLaterStages(
    (stage) => (stage === 'transactions' ? since !== null : wantsStream(context, stage)),
    from?.stage ?? 'accounts',
  );
  const after = (stage: Position['stage']): Cursor | null => {
    const next = stages.after(stage);
    return next === null ? null : startOf(next);
  };
  const size = askedCount(context, 'pageSize', ROWS_PER_PAGE, 20_000);
  const staged = from?.stage === 'holdings' ? from.done : 0;
  const lastStaged = rows[staged - 1];
  if (from?.stage === 'holdings' && (!lastStaged || rowKey(lastStaged) !== from.last)) throw shifted();
  if (staged > 0) readRows(rows.slice(0, staged));
  for (let start = staged; !isLaterStage(from?.stage ?? 'accounts') && (start === staged || start < rows.length); start += size) {
    const part = rows.slice(start, start + size);
    const done = start + part.length;
    const last = part.at(-1);
    const next = done < rows.length && last ? cursorAt({ stage: 'holdings', done, last: rowKey(last) }) : after('holdings');
    yield { ...common, raw: reply.raw, contentType: reply.contentType, next, ...readRows(part) };
  }
  if (since !== null && stages.isDue('transactions'))
    yield* orRefused(
      ADDEPAR,
      TRANSACTIONS_REFUSED,
      transactionPages(context, access, since, startOf('transactions'), after('transactions')),
      after('transactions'),
    );
  const stageOf = (stage: 'performance' | 'benchmarks') => ({ asOf, currency, again: startOf(stage), after: after(stage) });
  if (stages.isDue('performance'))
    yield* orRefused(
      ADDEPAR,
      refusedStream('performance'),
      performancePages(context, access, client, stageOf('performance')),
      after('performance'),
    );
  if (stages.isDue('benchmarks'))
    yield* orRefused(ADDEPAR, refusedStream('benchmarks'), benchmarkPages(context, access, stageOf('benchmarks')));
}

/** One query over the window. A resumed pass hands all of it out again: the reply may have changed, and repeats are harmless. */
async function* transactionPages(
  context: ConnectorContext,
  access: AddeparAccess,
  from: CalendarDate,
  again: Cursor,
  after: Cursor | null,
): AsyncGenerator<SourcePage, void, undefined> {
  const reply = await runTransactionQuery(context, access, { from, to: context.today });
  const reader = createTransactionReader(context, reply);
  const size = askedCount(context, 'pageSize', ROWS_PER_PAGE, 20_000);
  for (let start = 0; start === 0 || start < reply.rows.length; start += size) {
    const part = reply.rows.slice(start, start + size);
    yield {
      next: start + part.length < reply.rows.length ? again : after,
      raw: reply.raw,
      contentType: reply.contentType,
      accounts: [],
      securities: [],
      holdings: [],
      ...reader.read(part, start),
      transactionsFrom: from,
      expected: null,
    };
  }
  reader.report();
}

/** What stays the same when the query is repeated and nothing moved. */
const rowKey = (row: TreeRow): string => `${row.account?.id ?? ''}:${row.securityId ?? ''}${row.pointer}`;
