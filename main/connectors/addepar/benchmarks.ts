import { z } from 'zod';
import { addDays, previousBusinessDay, tryCalendarDate, type CalendarDate } from '../../../shared/model/date.ts';
import type { Dec } from '../../../shared/model/decimal.ts';
import { linked } from '../../../shared/model/linked-returns.ts';
import { jsonAnswer, readFrame } from '../answers.ts';
import type {
  BenchmarkAssignment,
  BenchmarkRecord,
  BenchmarkReturnRecord,
  ConnectorContext,
  ReturnPeriod,
} from '../connector.ts';
import { jsonDecimal, jsonId, jsonText, toDec, toIdText, type LosslessJson } from '../json.ts';
import { askedMonths, isPlausibleReturn, periodKey } from '../periods.ts';
import { ADDEPAR, JSON_API, addeparPages, type AddeparAccess } from './access.ts';

/** Each costs a request of the firm’s 50 in 15 minutes. */
const MOST_IMPORTED = 20;

const benchmark = z.object({
  id: jsonId,
  attributes: z.object({ name: jsonText.nullish(), display_name: jsonText.nullish(), benchmark_type: jsonText.nullish() }),
});

export interface ListedBenchmarks {
  readonly list: readonly BenchmarkRecord[];
  /** Ids of those whose daily returns the firm provides: only theirs can be read. */
  readonly imported: readonly string[];
}

/** Reads one page of the list of benchmarks. */
export function readBenchmarks(items: readonly LosslessJson[]): ListedBenchmarks {
  const list: BenchmarkRecord[] = [];
  const imported: string[] = [];
  for (const [index, item] of items.entries()) {
    const read = benchmark.safeParse(item);
    if (!read.success) continue;
    const externalId = toIdText(read.data.id);
    const { name, display_name: displayName, benchmark_type: type } = read.data.attributes;
    list.push({ externalId, name: name?.trim() || displayName?.trim() || `Benchmark ${externalId}`, place: `/data/${index}` });
    if (type?.toLowerCase() === 'imported') imported.push(externalId);
  }
  return { list, imported };
}

const strategy = z.object({
  attributes: z.object({
    benchmark_associations: z.array(
      z.object({
        rules: z.array(z.object({ attribute: jsonText, value: jsonId })),
        benchmarks: z.array(jsonId),
      }),
    ),
  }),
});

/** Reads one page of association strategies: what is tied to an account by its entity id. Other rules are about securities. */
export function readAssociations(items: readonly LosslessJson[]): readonly BenchmarkAssignment[] {
  return items.flatMap((item, index) => {
    const read = strategy.safeParse(item);
    if (!read.success) return [];
    return read.data.attributes.benchmark_associations.flatMap(({ rules, benchmarks }, association) => {
      const [rule] = rules;
      if (rules.length !== 1 || rule?.attribute !== 'bottom_level_holding_account') return [];
      const place = `/data/${index}/attributes/benchmark_associations/${association}`;
      return benchmarks.map((id) => ({
        accountExternalId: toIdText(rule.value),
        benchmarkExternalId: toIdText(id),
        place,
      }));
    });
  });
}

const daily = z.object({
  data: z.object({ attributes: z.object({ daily_returns: z.array(z.object({ date: jsonText, value: jsonDecimal })) }) }),
});

interface Day {
  readonly date: CalendarDate;
  readonly rate: Dec;
}

const coversMonth = (days: readonly Day[], { from, to }: ReturnPeriod): boolean => {
  const first = days[0]?.date;
  const last = days.at(-1)?.date;
  if (first === undefined || last === undefined || from === null) return false;
  // Five days leave room for a holiday at either end, and none for a month that begins or ends in the middle.
  return first <= addDays(from, 5) && last >= addDays(previousBusinessDay(addDays(to, 1)), -4);
};

/** Links daily returns to those of full months; a month that the days do not cover from end to end is left out. */
export function monthlyReturns(
  benchmarkExternalId: string,
  days: readonly Day[],
  months: readonly ReturnPeriod[],
): readonly BenchmarkReturnRecord[] {
  const ordered = days.toSorted((a, b) => (a.date < b.date ? -1 : 1));
  return months.flatMap((period) => {
    const within = ordered.filter(({ date }) => date <= period.to && (period.from === null || date > period.from));
    if (!coversMonth(within, period) || !within.every(({ rate }) => isPlausibleReturn(rate))) return [];
    return {
      externalId: `${benchmarkExternalId}:${periodKey(period)}`,
      benchmarkExternalId,
      period,
      annualised: false,
      rate: linked(within.map(({ rate }) => rate)),
      place: '/data/attributes/daily_returns',
    };
  });
}

export interface BenchmarkReply {
  readonly raw: Uint8Array;
  readonly contentType: string;
  readonly list?: readonly BenchmarkRecord[];
  readonly returns?: readonly BenchmarkReturnRecord[];
  readonly assignments?: readonly BenchmarkAssignment[];
}

export interface BenchmarkReplies {
  readonly replies: readonly BenchmarkReply[];
  /** Ids of benchmarks in use whose daily returns were left out, because each costs one of few requests. */
  readonly left: readonly string[];
}

/** Benchmarks, what they are tied to, and the monthly returns of those whose daily returns the firm provides. */
export async function readBenchmarkReplies(
  context: ConnectorContext,
  access: AddeparAccess,
  asOf: CalendarDate,
): Promise<BenchmarkReplies> {
  const replies: BenchmarkReply[] = [];
  const months = askedMonths(context, asOf);
  const imported: string[] = [];
  for await (const page of addeparPages(access, '/v1/benchmarks?page[limit]=500', 'list benchmarks')) {
    const read = readBenchmarks(page.items);
    imported.push(...read.imported);
    replies.push({ raw: page.raw, contentType: page.contentType, list: read.list });
  }
  const used = new Set<string>();
  for await (const page of addeparPages(
    access,
    '/v1/benchmark_associations_strategies?page[limit]=500',
    'list what benchmarks apply to',
  )) {
    const assignments = readAssociations(page.items);
    for (const { benchmarkExternalId } of assignments) used.add(benchmarkExternalId);
    replies.push({ raw: page.raw, contentType: page.contentType, assignments });
  }
  const wanted = imported.filter((id) => used.has(id));
  for (const id of wanted.slice(0, MOST_IMPORTED)) {
    const doing = 'read the daily returns of a benchmark';
    const response = await access.get(`/v1/imported_benchmark_data/${encodeURIComponent(id)}`, doing);
    const answer = jsonAnswer(ADDEPAR, response, doing);
    const days = readFrame(ADDEPAR, daily, answer, 'daily returns').data.attributes.daily_returns.flatMap(({ date, value }) => {
      const read = tryCalendarDate(date);
      return read === null ? [] : [{ date: read, rate: toDec(value) }];
    });
    replies.push({
      raw: response.body,
      contentType: response.headers['content-type'] ?? JSON_API,
      returns: monthlyReturns(id, days, months),
    });
  }
  return { replies, left: wanted.slice(MOST_IMPORTED) };
}
