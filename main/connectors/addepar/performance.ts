import { z } from 'zod';
import type { CalendarDate } from '../../../shared/model/date.ts';
import { refusal } from '../answers.ts';
import {
  ConnectorError,
  type ConnectorContext,
  type PerformanceRecord,
  type QuarantinedRecord,
  type ReturnPeriod,
} from '../connector.ts';
import { createJsonCutter } from '../json-cut.ts';
import { jsonDecimal, jsonId, jsonList, jsonText, toDec, toIdText, type LosslessJson } from '../json.ts';
import { askedMonths, IMPLAUSIBLE_RETURN, isPlausibleReturn, periodKey, rollingPeriods } from '../periods.ts';
import type { PlatformClient } from '../platform-client.ts';
import { createQuarantine } from '../quarantine.ts';
import { setting } from '../settings.ts';
import { ADDEPAR, type AddeparAccess } from './access.ts';
import { awaitJob, jobIdOf, submitJob } from './portfolio-job.ts';
import { DOING, readReply, sendQuery, wholeFirm, type PortfolioReply } from './portfolio-query.ts';
import { RETURN_KEY, type ReturnAsk } from './return-columns.ts';

/** One node of the tree that stands for an account. */
export interface AccountNode {
  readonly id: string;
  readonly pointer: string;
  readonly columns: Readonly<Record<string, unknown>>;
}

const node = z.object({
  grouping: jsonText.nullish(),
  entity_id: jsonId.nullish(),
  columns: z.record(z.string(), z.unknown()).nullish(),
  children: jsonList.nullish(),
});

/** The accounts of a tree that is grouped by holding account alone; an account may stand within another. */
export function* accountNodes(total: LosslessJson, pointer: string): Generator<AccountNode, void, undefined> {
  const read = node.safeParse(total);
  if (!read.success) return;
  const { grouping, entity_id: id, columns, children } = read.data;
  if (id != null && grouping === 'holding_account') yield { id: toIdText(id), pointer, columns: columns ?? {} };
  for (const [index, child] of (children ?? []).entries()) yield* accountNodes(child, `${pointer}/children/${index}`);
}

export interface ReturnQuery {
  readonly periods: readonly ReturnPeriod[];
  /** Closes whose values are asked for: beginnings and ends of the months. */
  readonly closes: readonly CalendarDate[];
}

/** What one pass asks for on a day. Values are asked for with the first query alone. */
export function returnQuery(context: ConnectorContext, asOf: CalendarDate): ReturnQuery {
  const months = askedMonths(context, asOf);
  const closes = new Set(months.flatMap(({ from, to }) => (from === null ? [] : [from, to])));
  return { periods: [...months, ...rollingPeriods(asOf)], closes: [...closes] };
}

/** Runs one portfolio query over all accounts for one treatment of fees: a column a period, then the values at the closes. */
export async function runReturnQuery(
  context: ConnectorContext,
  access: AddeparAccess,
  client: PlatformClient,
  given: { readonly asOf: CalendarDate; readonly currency: string | null; readonly query: ReturnQuery; readonly ask: ReturnAsk },
): Promise<PortfolioReply> {
  const { asOf, currency, query, ask } = given;
  const converted = currency === null ? {} : { currency };
  const attributes = {
    columns: [
      ...query.periods.map(({ from, to }) => ({
        key: RETURN_KEY,
        arguments: { ...ask.arguments, ...converted, period: from === null ? 'since inception' : `${from} to ${to}` },
      })),
      ...query.closes.map((at) => ({ key: 'value', arguments: { ...converted, time_point: at } })),
    ],
    groupings: [{ key: 'holding_account' }],
    ...wholeFirm(context),
    start_date: query.closes[0] ?? asOf,
    end_date: asOf,
    hide_previous_holdings: true,
  };
  const useJobs = setting(context, 'useJobs', 'no') === 'yes';
  const response = await (useJobs ? submitJob(access, attributes) : sendQuery(access, attributes));
  // An attribute that needs a licence the firm does not have answers 400.
  if (response.status === 400) throw new ConnectorError('forbidden', refusal(ADDEPAR, response, DOING).message);
  return useJobs ? awaitJob(access, client, jobIdOf(response)) : readReply(response);
}

/** Turns accounts of one reply into returns. Periods an account did not see in full come as null and make no record. */
export function createReturnReader(reply: PortfolioReply, { periods, closes }: ReturnQuery, ask: ReturnAsk) {
  const { columns } = reply;
  const asked = [...periods.map(() => RETURN_KEY), ...closes.map(() => 'value')];
  // The same key asked twice gets a number, so columns are told apart by their place.
  if (columns.length !== asked.length || !asked.every((key, place) => columns[place]?.key.startsWith(key)))
    throw new ConnectorError('bad_response', 'Addepar’s portfolio query did not answer the columns that were asked for.');
  const quarantine = createQuarantine(createJsonCutter(reply.text));
  const amountAt = (values: AccountNode['columns'], place: number) => {
    const read = jsonDecimal.nullish().safeParse(values[columns[place]?.key ?? '']);
    return read.success ? (read.data == null ? null : toDec(read.data)) : undefined;
  };

  return (nodes: readonly AccountNode[]): { performance: PerformanceRecord[]; quarantined: readonly QuarantinedRecord[] } => {
    const performance: PerformanceRecord[] = [];
    for (const { id, pointer, columns: values } of nodes) {
      const valueAt = (date: CalendarDate | null) => {
        const close = closes.findIndex((known) => known === date);
        return close < 0 ? null : (amountAt(values, periods.length + close) ?? null);
      };
      for (const [place, period] of periods.entries()) {
        const rate = amountAt(values, place);
        const column = columns[place];
        if (rate === null || column === undefined) continue;
        const externalId = `${id}:${periodKey(period)}:${ask.fees ?? 'unsaid'}`;
        if (rate === undefined || !isPlausibleReturn(rate)) {
          const problem = rate === undefined ? 'should be a number' : IMPLAUSIBLE_RETURN;
          quarantine.add(externalId, `columns.${column.key} ${problem}.`, `columns.${column.key}`, pointer);
          continue;
        }
        performance.push({
          externalId,
          accountExternalId: id,
          period,
          method: 'twr',
          fees: ask.fees,
          annualised: false,
          rate,
          beginValue: valueAt(period.from),
          endValue: valueAt(period.to),
          netFlows: null,
          currency: column.currency,
          place: pointer,
        });
      }
    }
    return { performance, quarantined: quarantine.take() };
  };
}
