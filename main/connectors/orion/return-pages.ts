import { previousBusinessDay, type CalendarDate } from '../../../shared/model/date.ts';
import type { ConnectorContext, Cursor, ReturnPeriod, SourcePage } from '../connector.ts';
import { askedMonths, rollingPeriods } from '../periods.ts';
import { EMPTY_PAGE } from '../streams.ts';
import { askPerformance, createPerformanceReader } from './performance.ts';
import type { OrionSession } from './session.ts';

/** Orion computes returns when it is asked, so no request is about the whole firm. */
const ACCOUNTS_PER_REQUEST = 500;

export interface OrionReturnStage {
  readonly accounts: readonly string[];
  /** Where a pass goes on after so many requests of the stage. */
  readonly cursorAt: (done: number) => Cursor;
  readonly after: Cursor | null;
}

interface Ask {
  readonly accounts: readonly string[];
  readonly periods: readonly ReturnPeriod[];
}

const parts = (accounts: readonly string[]): readonly (readonly string[])[] =>
  Array.from({ length: Math.max(1, Math.ceil(accounts.length / ACCOUNTS_PER_REQUEST)) }, (_, part) =>
    accounts.slice(part * ACCOUNTS_PER_REQUEST, (part + 1) * ACCOUNTS_PER_REQUEST),
  );

function periodsOf(context: ConnectorContext): {
  months: readonly ReturnPeriod[];
  rolling: readonly ReturnPeriod[];
  from: CalendarDate;
} {
  const asOf = previousBusinessDay(context.today);
  const months = askedMonths(context, asOf);
  return { months, rolling: rollingPeriods(asOf), from: months[0]?.to ?? asOf };
}

/** Returns of every account: the periods up to the last business day, then month by month what was the month to date on its last day. */
export async function* performancePages(
  context: ConnectorContext,
  session: OrionSession,
  { accounts, cursorAt, after }: OrionReturnStage,
  done: number,
): AsyncGenerator<SourcePage, void, undefined> {
  const { months, rolling, from } = periodsOf(context);
  const reader = createPerformanceReader(context);
  const asks = parts(accounts).flatMap((part): Ask[] => [
    { accounts: part, periods: rolling },
    ...months.map((month) => ({ accounts: part, periods: [month] })),
  ]);
  for (const [index, ask] of asks.entries()) {
    if (index < done) continue;
    const reply = await askPerformance(session, context.signal, { ...ask, of: 'accounts' });
    const isLast = index === asks.length - 1;
    yield {
      ...EMPTY_PAGE,
      next: isLast ? after : cursorAt(index + 1),
      raw: reply.raw,
      contentType: reply.contentType,
      ...reader.accounts(reply, ask),
      // Only with the last page is all of it said, whatever a resumed pass is refused.
      ...(isLast ? { performanceFrom: from } : {}),
    };
  }
}

/**
 * Which benchmark each account is measured by, then the months of each benchmark, asked for through one account that has it.
 * A pass that stops in the middle asks for all of it again, because it must know those accounts; repeats are harmless.
 */
export async function* benchmarkPages(
  context: ConnectorContext,
  session: OrionSession,
  { accounts, cursorAt, after }: OrionReturnStage,
): AsyncGenerator<SourcePage, void, undefined> {
  const { months, rolling, from } = periodsOf(context);
  const reader = createPerformanceReader(context);
  const holders = new Map<string, string>();
  const ask = async (asked: Ask, isLast: boolean, withAssignments: boolean): Promise<SourcePage> => {
    const reply = await askPerformance(session, context.signal, { ...asked, of: 'benchmarks' });
    const { list, returns, assignments, quarantined } = reader.benchmarks(reply, asked);
    for (const { accountExternalId, benchmarkExternalId } of assignments)
      if (!holders.has(benchmarkExternalId)) holders.set(benchmarkExternalId, accountExternalId);
    return {
      ...EMPTY_PAGE,
      next: isLast ? after : cursorAt(0),
      raw: reply.raw,
      contentType: reply.contentType,
      benchmarks: { list, returns, assignments: withAssignments ? assignments : [] },
      ...(isLast ? { benchmarksFrom: from } : {}),
      quarantined,
    };
  };
  const all = parts(accounts);
  for (const [index, part] of all.entries())
    yield await ask({ accounts: part, periods: rolling }, index === all.length - 1 && months.length === 0, true);
  const through = [...new Set(holders.values())];
  for (const [index, month] of months.entries())
    yield await ask({ accounts: through, periods: [month] }, index === months.length - 1, false);
}
