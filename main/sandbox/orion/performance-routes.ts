import type { FastifyInstance } from 'fastify';
import { addDays, calendarDate, type CalendarDate } from '../../../shared/model/date.ts';
import type { Fixed } from '../firm/fixed.ts';
import { BENCHMARK_NAMES, type FirmReturns } from '../firm/returns.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { accountId, accountOfId } from './ids.ts';
import { decimalNumber } from './number-text.ts';
import { OrionError, readDate } from './request.ts';

/** Periods by bit, as the platform numbers them, with the first day of each. */
const RANGES: readonly {
  readonly bit: number;
  readonly name: string;
  /** The close the period begins at; null for inception. */
  readonly from: (end: CalendarDate) => CalendarDate | null;
}[] = [
  { bit: 1, name: 'MTD', from: (end) => addDays(calendarDate(`${end.slice(0, 7)}-01`), -1) },
  { bit: 2, name: 'QTD', from: (end) => addDays(calendarDate(`${end.slice(0, 4)}-${quarterMonth(end)}-01`), -1) },
  { bit: 4, name: 'YTD', from: (end) => addDays(calendarDate(`${end.slice(0, 4)}-01-01`), -1) },
  { bit: 8, name: 'OneYear', from: (end) => yearsBefore(end, 1) },
  { bit: 16, name: 'ThreeYear', from: (end) => yearsBefore(end, 3) },
  { bit: 32, name: 'FiveYear', from: (end) => yearsBefore(end, 5) },
  { bit: 128, name: 'Inception', from: () => null },
];
const quarterMonth = (date: CalendarDate): string =>
  String(Math.floor((Number(date.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0');
const yearsBefore = (date: CalendarDate, years: number): CalendarDate => {
  const year = String(Number(date.slice(0, 4)) - years);
  const day = date.slice(5) === '02-29' ? '02-28' : date.slice(5);
  return calendarDate(`${year}-${day}`);
};

type Body = Readonly<Record<string, unknown>>;
const BENCHMARK_PREFIX = 191_530;

/** Performance of accounts: one entry per account and treatment of fees, with a summary per date range. */
export function registerPerformanceRoutes(
  server: FastifyInstance,
  prefix: string,
  state: PlatformState,
  returns: FirmReturns,
): void {
  const { firm } = state.book;

  const summary = (name: string, from: CalendarDate, to: CalendarDate, rate: Fixed, gross: boolean): string =>
    // The first day of the period, as people write it: the day after the close it begins at.
    `{"pkGroup":0,"pkDateRange":0,"dateRangeName":"${name}","performance":${decimalNumber(rate)},"startDate":"${addDays(from, 1)}T00:00:00","endDate":"${to}T00:00:00","annualize":false,"daysInPeriod":0,"error":null,"overflow":false,"calcGrossOfFees":${gross}}`;

  const entry = (account: number, end: CalendarDate, periods: number, gross: boolean, style: string): string => {
    const inception = returns.inception(account);
    const spans = RANGES.filter(({ bit }) => (periods & bit) !== 0)
      .map(({ name, from }) => ({ name, from: from(end) ?? inception }))
      .filter(({ from }) => from >= inception && from < end);
    const summaries = spans.flatMap(({ name, from }) => {
      const rate = returns.ofAccount(account, from, end, gross ? 'gross' : 'net');
      return rate === null ? [] : [summary(name, from, end, rate, gross)];
    });
    const benchmark = returns.benchmarkOf(account);
    const measured = spans.map(({ name, from }) => summary(name, from, end, returns.ofBenchmark(benchmark, from, end), true));
    const benchmarks =
      style === 'BenchmarkSummary'
        ? `{"fkKey":"${BENCHMARK_PREFIX + benchmark}_P","bmType":"Index","name":${quoted(BENCHMARK_NAMES[benchmark] ?? '')},"inceptionDate":null,"rebalanceFrequency":null,"summaries":[${measured.join(',')}],"details":[],"statistics":[]}`
        : '';
    const id = accountId(account);
    return `{"pkGroup":${id},"fkParentGroup":null,"fkEntity":${id},"grouping":"Account","fkGroupEntity":${id},"name":${quoted(firm.accounts[account]?.name ?? '')},"inceptionDate":"${inception}T00:00:00","calcGrossOfFees":${gross},"includeAccruedInt":true,"portfolios":[],"summaries":[${style === 'PortfolioSummary' ? summaries.join(',') : ''}],"details":[],"benchmarks":[${benchmarks}],"statistics":[],"assetGroupAssignments":[]}`;
  };

  server.post(`${prefix}/Reporting/Performance/Verbose`, (request, reply) => {
    const body = typeof request.body === 'object' && request.body !== null ? (request.body as Body) : {};
    if (String(body['entity']).toLowerCase() !== 'account')
      throw new OrionError(400, 'Only the entity Account is available here');
    const ids = Array.isArray(body['entityIds']) ? body['entityIds'].map(Number) : [];
    const end = body['endDate'] == null ? firm.date(state.day()) : readDate(String(body['endDate']));
    const periods = Number(body['periods'] ?? 0);
    const fees = String(body['feeCalculationMethod'] ?? 'NetOfFees');
    const style = String(body['returnStyle'] ?? 'PortfolioSummary');
    const rows: string[] = [];
    for (const id of ids) {
      const account = accountOfId(id);
      if (!firm.accounts[account]) throw new OrionError(404, `Account ${id} was not found`);
      if (fees !== 'GrossOfFees') rows.push(entry(account, end, periods, false, style));
      if (fees !== 'NetOfFees') rows.push(entry(account, end, periods, true, style));
    }
    return reply.type('application/json; charset=utf-8').send(`[${rows.join(',')}]`);
  });
}
