import type { CalendarDate } from '../../../shared/model/date.ts';
import type { ConnectorContext, Cursor, QuarantinedRecord, SourcePage } from '../connector.ts';
import type { PlatformClient } from '../platform-client.ts';
import { askedMonths } from '../periods.ts';
import { EMPTY_PAGE } from '../streams.ts';
import type { AddeparAccess } from './access.ts';
import { readBenchmarkReplies } from './benchmarks.ts';
import { accountNodes, createReturnReader, returnQuery, runReturnQuery } from './performance.ts';
import { discoverReturns } from './return-columns.ts';

export interface ReturnStage {
  readonly asOf: CalendarDate;
  readonly currency: string | null;
  /** Where a pass that stops in the middle goes on: it hands all of the stage out again, and repeats are harmless. */
  readonly again: Cursor;
  /** Where it goes on behind the stage. */
  readonly after: Cursor | null;
}

/** Accounts of a stored page: each has a few dozen returns. */
const ACCOUNTS_PER_PAGE = 200;

/** Returns of every account: one query for each treatment of fees that Addepar can tell apart. */
export async function* performancePages(
  context: ConnectorContext,
  access: AddeparAccess,
  client: PlatformClient,
  { asOf, currency, again, after }: ReturnStage,
): AsyncGenerator<SourcePage, void, undefined> {
  const asks = await discoverReturns(context, access);
  const query = returnQuery(context, asOf);
  for (const ask of asks) {
    const asked = { ...query, closes: ask === asks[0] ? query.closes : [] };
    const reply = await runReturnQuery(context, access, client, { asOf, currency, query: asked, ask });
    const read = createReturnReader(reply, asked, ask);
    const nodes = [...accountNodes(reply.total, reply.pointer)];
    for (let start = 0; start === 0 || start < nodes.length; start += ACCOUNTS_PER_PAGE) {
      const isLast = ask === asks.at(-1) && start + ACCOUNTS_PER_PAGE >= nodes.length;
      yield {
        ...EMPTY_PAGE,
        next: isLast ? after : again,
        raw: reply.raw,
        contentType: reply.contentType,
        ...read(nodes.slice(start, start + ACCOUNTS_PER_PAGE)),
        // Only with the last page is all of it said, whatever a resumed pass is refused.
        ...(isLast ? { performanceFrom: query.periods[0]?.to ?? asOf } : {}),
      };
    }
  }
}

/** Benchmarks of the firm with what they apply to and their monthly returns. */
export async function* benchmarkPages(
  context: ConnectorContext,
  access: AddeparAccess,
  { asOf, again, after }: ReturnStage,
): AsyncGenerator<SourcePage, void, undefined> {
  const { replies, left } = await readBenchmarkReplies(context, access, asOf);
  const from = askedMonths(context, asOf)[0]?.to ?? asOf;
  const quarantined = left.map((externalId): QuarantinedRecord => ({
    externalId,
    reason: 'The daily returns of this benchmark were not read: Addepar allows too few requests for all that are in use.',
    path: 'daily_returns',
    raw: '',
  }));
  for (const [index, { raw, contentType, list, returns, assignments }] of replies.entries()) {
    const isLast = index === replies.length - 1;
    yield {
      ...EMPTY_PAGE,
      next: isLast ? after : again,
      raw,
      contentType,
      benchmarks: { list: list ?? [], returns: returns ?? [], assignments: assignments ?? [] },
      // With some left out the pass does not list all there are.
      ...(isLast && left.length === 0 ? { benchmarksFrom: from } : {}),
      quarantined: isLast ? quarantined : [],
    };
  }
}
