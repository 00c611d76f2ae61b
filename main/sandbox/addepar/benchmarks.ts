import { addDays, previousBusinessDay, type CalendarDate } from '../../../shared/model/date.ts';
import { BENCHMARK_NAMES, type FirmReturns } from '../firm/returns.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { FEE_TYPES } from './account-figures.ts';
import { AddeparError } from './errors.ts';
import { accountEntityId } from './ids.ts';
import { javaNumber } from './number-text.ts';
import { pageAfter, pageText, type Query } from './paging.ts';

const FIRST_BENCHMARK = 571;
const HISTORY_DAYS = 1_000;
const STRATEGY = 11;

/** Attributes, their arguments, benchmarks and what they apply to, as JSON text. */
export interface Benchmarks {
  attribute(key: string): string;
  arguments(key: string): string;
  page(query: Query): string;
  imported(id: string): string;
  strategies(query: Query): string;
}

const TWR_ARGUMENTS: readonly (readonly [key: string, attributes: string])[] = [
  ['period', '"default_value":"CURRENT","arg_type":"time_period"'],
  ['excluded_fee_types', `"values":${JSON.stringify(FEE_TYPES)},"default_value":[],"arg_type":"multi_discrete"`],
  ['adjusted', '"values":[true,false],"default_value":false'],
  ['accrued', '"values":["all","none"],"default_value":"all","arg_type":"discrete"'],
  ['currency', '"values":["NATIVE_CURRENCY","USD"],"default_value":"USD","arg_type":"discrete"'],
  ['annualized_default_false', '"values":[true,false],"default_value":false'],
];

export function createBenchmarks(state: PlatformState, returns: FirmReturns): Benchmarks {
  const { firm } = state.book;

  const known = (key: string): void => {
    if (key !== 'time_weighted_return') throw new AddeparError(404, `There is no attribute ${key}`);
  };
  const isBusinessDay = (day: CalendarDate): boolean => previousBusinessDay(addDays(day, 1)) === day;
  /** What a business day closes: a weekend at the end of a month belongs to the Friday before it. */
  const closeOf = (day: CalendarDate): CalendarDate => {
    let last = day;
    for (let next = addDays(day, 1); next.slice(0, 7) === day.slice(0, 7) && !isBusinessDay(next); next = addDays(next, 1))
      last = next;
    return addDays(last, 1).slice(0, 7) === day.slice(0, 7) ? day : last;
  };
  const dailyReturns = (benchmark: number): string => {
    const rows: string[] = [];
    const last = firm.date(state.day());
    let before: CalendarDate = closeOf(previousBusinessDay(addDays(last, -HISTORY_DAYS)));
    for (let day = addDays(before, 1); day <= last; day = addDays(day, 1)) {
      if (!isBusinessDay(day)) continue;
      const close = closeOf(day);
      rows.push(`{"date":"${day}","value":${javaNumber(returns.ofBenchmark(benchmark, before, close))}}`);
      before = close;
    }
    return rows.join(',');
  };

  return {
    attribute(key) {
      known(key);
      const refs = TWR_ARGUMENTS.map(([id]) => `{"type":"arguments","id":"${id}"}`).join(',');
      return `{"data":{"id":"${key}","type":"attributes","attributes":{"output_type":"Percent","usage":["columns"],"display_name":"TWR","category":"Performance Metrics"},"relationships":{"arguments":{"data":[${refs}]}},"links":{"self":"/v1/attributes/${key}"}},"included":[]}`;
    },
    arguments(key) {
      known(key);
      const rows = TWR_ARGUMENTS.map(
        ([id, attributes]) =>
          `{"id":"${id}","type":"arguments","attributes":{${attributes}},"links":{"self":"/v1/arguments/${id}"}}`,
      );
      return `{"data":[${rows.join(',')}],"included":[],"links":{"next":null}}`;
    },
    page: (query) =>
      pageText(
        '/benchmarks',
        query,
        BENCHMARK_NAMES.map((name, index) => ({
          id: FIRST_BENCHMARK + index,
          text: `{"id":"${FIRST_BENCHMARK + index}","type":"benchmarks","attributes":{"name":${quoted(name)},"benchmark_type":"IMPORTED"},"links":{"self":"/v1/benchmarks/${FIRST_BENCHMARK + index}"}}`,
        })).filter(({ id }) => id > pageAfter(query)),
      ),
    imported(id) {
      const benchmark = Number(id) - FIRST_BENCHMARK;
      if (BENCHMARK_NAMES[benchmark] === undefined) throw new AddeparError(404, `There is no imported benchmark ${id}`);
      return `{"data":{"id":"${id}","type":"imported_benchmark_data","attributes":{"daily_returns":[${dailyReturns(benchmark)}]}},"included":[]}`;
    },
    strategies(query) {
      const associations = firm.accounts.map(
        ({ index }) =>
          `{"rules":[{"attribute":"bottom_level_holding_account","value":${accountEntityId(index)},"type":"FINANCIAL_ENTITY"}],"benchmarks":[${FIRST_BENCHMARK + returns.benchmarkOf(index)}]}`,
      );
      const text = `{"id":"${STRATEGY}","type":"benchmark_associations_strategies","attributes":{"matching_type":"PATH","benchmark_associations":[${associations.join(',')}],"display_name":"Account benchmarks"},"links":{"self":"/v1/benchmark_associations_strategies/${STRATEGY}"}}`;
      return pageText('/benchmark_associations_strategies', query, pageAfter(query) < STRATEGY ? [{ id: STRATEGY, text }] : []);
    },
  };
}
