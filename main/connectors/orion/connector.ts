import { z } from 'zod';
import { calendarDate, type CalendarDate } from '../../../shared/model/date.ts';
import { jsonAnswer, readFrame } from '../answers.ts';
import type { Connector, ConnectorContext, Cursor, SourcePage } from '../connector.ts';
import { cursorExpired, decodeCursor, encodeCursor } from '../cursors.ts';
import { optionalField } from '../fields.ts';
import { jsonList } from '../json.ts';
import { PERFORMANCE_MONTHS_FIELD } from '../periods.ts';
import { createPlatformClient, type ConnectorPorts } from '../platform-client.ts';
import { orRefused, refusedStream } from '../or-refused.ts';
import { createRateBudget } from '../rate-budget.ts';
import { askedCount, trimmedBase } from '../settings.ts';
import { createLaterStages, EMPTY_PAGE, isLaterStage, LATER_STAGES, wantsStream } from '../streams.ts';
import { askedWindow, BEGINNING, TRANSACTION_DAYS_FIELD, TRANSACTION_TYPE_FIELD, TRANSACTIONS_REFUSED } from '../transactions.ts';
import { PERFORMANCE_FORM_FIELD } from './performance.ts';
import { benchmarkPages, performancePages } from './return-pages.ts';
import { createOrionReader, type OrionRecords } from './positions.ts';
import { ORION_START, orionPages, type OrionPage, type OrionPosition } from './paging.ts';
import { createOrionSession, ORION, ORION_CREDENTIALS } from './session.ts';
import { createOrionTaxLots, LOTS_REFUSED } from './tax-lots.ts';
import { createOrionTransactions } from './transactions.ts';

const cursorSchema = z.object({
  stage: z.enum(['accounts', 'assets', ...LATER_STAGES]),
  skip: z.int().nonnegative(),
  last: z.string().nullable(),
  back: z.int().nonnegative(),
  /** From where transactions are read, so that a resumed pass keeps its window; null for none and for all. */
  since: z.iso.date().nullish(),
});

type Stage = z.infer<typeof cursorSchema>['stage'];

/** Orion publishes no limits; a thousand calls a minute is our own. */
const RATE_BUDGETS = [{ requests: 1000, windowMs: 60_000 }] as const;
const PAGE_SIZE = 5000;
/** The largest page seen is 50,000; re-read records at a page's edge come on top. */
const MAX_PAGE_SIZE = 40_000;

const budgetKey: Connector['budgetKey'] = (facts) => `${trimmedBase(facts)} ${facts.credentials['clientId'] ?? ''}`;

export function createOrion(ports: ConnectorPorts): Connector {
  const budget = createRateBudget(RATE_BUDGETS, () => ports.clock.monotonicMs(), ports.requests);

  const open = (context: ConnectorContext) =>
    createOrionSession(
      context,
      createPlatformClient({
        platform: ORION,
        context,
        ports,
        budget,
        maxBudgetWaitMs: 60_000,
        budgetKey: budgetKey(context),
      }),
    );

  return {
    platform: 'orion',
    name: ORION,
    defaultBaseUrl: 'https://api.orionadvisor.com/api/v1',
    credentials: ORION_CREDENTIALS,
    settings: [
      optionalField(
        'currency',
        'Currency',
        'Currency of all amounts; Orion names none. Empty: each position is in the currency of its security.',
      ),
      optionalField('timeOffset', 'Time offset', 'Offset of Orion’s times, such as -06:00. Default Z (UTC).'),
      optionalField('pageSize', 'Page size', 'Positions per request, up to 40,000. Default 5,000.'),
      TRANSACTION_DAYS_FIELD,
      TRANSACTION_TYPE_FIELD,
      PERFORMANCE_MONTHS_FIELD,
      PERFORMANCE_FORM_FIELD,
    ],
    rateBudgets: RATE_BUDGETS,
    budgetKey,

    test: async (context) => {
      const doing = 'list accounts';
      const response = await open(context).get('/Portfolio/Accounts?$top=1&$skip=0', doing, context.signal);
      const found = readFrame(ORION, jsonList, jsonAnswer(ORION, response, doing), 'list').length;
      return found === 0 ? 'Signed in. This user sees no accounts.' : 'Signed in and able to read accounts.';
    },

    async *pull(context, cursor) {
      yield* pull(context, cursor, open(context));
    },
  };
}

async function* pull(
  context: ConnectorContext,
  cursor: Cursor | null,
  session: ReturnType<typeof createOrionSession>,
): AsyncGenerator<SourcePage, void, undefined> {
  const from = cursor === null ? { stage: 'accounts' as const, ...ORION_START } : decodeCursor(cursorSchema, cursor);
  const window = askedWindow(context);
  const since = from.since == null ? window : calendarDate(from.since);
  const cursorAt = (stage: Stage, at: OrionPosition): Cursor =>
    encodeCursor({ stage, ...at, since: since === 'all' || since === 'none' ? null : since });
  const reader = createOrionReader(context);
  const top = askedCount(context, 'pageSize', PAGE_SIZE, MAX_PAGE_SIZE);
  const pages = (path: string, doing: string, start = ORION_START) =>
    orionPages(session, { path, doing, top }, start, context.signal, (message) => context.log(message));
  const sourcePage = (page: OrionPage, records: OrionRecords, next: Cursor | null): SourcePage => ({
    next,
    raw: page.raw,
    contentType: page.contentType,
    ...records,
    transactions: [],
    expected: null,
  });

  for await (const page of pages('/Portfolio/Clients', 'list households')) reader.readClients(page);

  const accounts: string[] = [];
  // On resume the accounts are read again, because positions must know them, but only new pages are handed out.
  for await (const page of pages('/Portfolio/Accounts', 'list accounts')) {
    const records = reader.readAccounts(page);
    for (const { externalId } of records.accounts) accounts.push(externalId);
    if (from.stage !== 'accounts' || page.from.skip < from.skip || page.items.length === 0) continue;
    yield sourcePage(page, records, page.next ? cursorAt('accounts', page.next) : cursorAt('assets', ORION_START));
  }

  const route = '/Portfolio/Assets?hasValue=true&includeCostBasis=true';
  const stages = createLaterStages(
    (stage) => (stage === 'transactions' ? since !== 'none' : wantsStream(context, stage)),
    from.stage,
  );
  const after = (stage: Stage): Cursor | null => {
    const next = stages.after(stage);
    return next === null ? null : cursorAt(next, ORION_START);
  };
  if (!isLaterStage(from.stage))
    for await (const page of pages(route, 'list positions', from.stage === 'assets' ? from : ORION_START)) {
      yield sourcePage(page, reader.readAssets(page), page.next ? cursorAt('assets', page.next) : after('assets'));
    }
  if (stages.isDue('tax_lots')) {
    const asked = pages('/Portfolio/OrionUnrealized', 'list tax lots', from.stage === 'tax_lots' ? from : ORION_START);
    const next = (at: OrionPosition | null): Cursor | null => (at ? cursorAt('tax_lots', at) : after('tax_lots'));
    yield* orRefused(ORION, LOTS_REFUSED, lotPages(context, asked, next), after('tax_lots'));
  }
  if (since !== 'none' && stages.isDue('transactions'))
    yield* orRefused(
      ORION,
      TRANSACTIONS_REFUSED,
      transactionPages(context, since, pages, from.stage === 'transactions' ? from : ORION_START, (at) =>
        at === null ? after('transactions') : cursorAt('transactions', at),
      ),
      after('transactions'),
    );
  const stageOf = (stage: 'performance' | 'benchmarks') => ({
    accounts,
    // The accounts are part of the place: requests are counted over them.
    cursorAt: (done: number) => cursorAt(stage, { skip: done, last: accounts.at(-1) ?? null, back: accounts.length }),
    after: after(stage),
  });
  const returnsDone = from.stage === 'performance' ? from.skip : 0;
  if (returnsDone > 0 && (from.last !== accounts.at(-1) || from.back !== accounts.length))
    throw cursorExpired('Orion’s list of accounts changed since the sync stopped. The pass starts again.');
  if (stages.isDue('performance'))
    yield* orRefused(
      ORION,
      refusedStream('performance'),
      performancePages(context, session, stageOf('performance'), returnsDone),
      after('performance'),
    );
  if (stages.isDue('benchmarks'))
    yield* orRefused(ORION, refusedStream('benchmarks'), benchmarkPages(context, session, stageOf('benchmarks')));
}

/** Every open tax lot of the tenant. */
async function* lotPages(
  context: ConnectorContext,
  pages: AsyncIterable<OrionPage>,
  next: (at: OrionPosition | null) => Cursor | null,
): AsyncGenerator<SourcePage, void, undefined> {
  const read = createOrionTaxLots(context);
  for await (const page of pages)
    yield { ...EMPTY_PAGE, next: next(page.next), raw: page.raw, contentType: page.contentType, ...read(page) };
}

/**
 * Transactions edited since a date. One of a trade date in the window cannot have been entered before that date, so from
 * there on the list is complete; older ones come along when somebody changed them.
 */
async function* transactionPages(
  context: ConnectorContext,
  since: CalendarDate | 'all',
  pages: (path: string, doing: string, start?: OrionPosition) => AsyncGenerator<OrionPage, void, undefined>,
  start: OrionPosition,
  nextAt: (at: OrionPosition | null) => Cursor | null,
): AsyncGenerator<SourcePage, void, undefined> {
  const reader = createOrionTransactions(context);
  const path = `/Portfolio/Transactions?status=Complete${since === 'all' ? '' : `&editedStartDate=${since}`}`;
  for await (const page of pages(path, 'list transactions', start)) {
    yield {
      ...EMPTY_PAGE,
      next: nextAt(page.next),
      raw: page.raw,
      contentType: page.contentType,
      ...reader.read(page),
      transactionsFrom: since === 'all' ? BEGINNING : since,
    };
  }
  reader.report();
}
