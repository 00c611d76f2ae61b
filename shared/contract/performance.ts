import { z } from 'zod';
import { PLATFORMS } from '../model/holding.ts';
import { FEE_TREATMENTS, PERIOD_KINDS, RETURN_METHODS } from '../model/performance.ts';
import { gridPage, gridRequest } from './grid.ts';
import { query } from './procedure.ts';
import { calendarDate, count, currency, decimal, id, instant } from './values.ts';

export const PERFORMANCE_COLUMNS = [
  'account',
  'accountNumber',
  'period',
  'from',
  'to',
  'percent',
  'fees',
  'method',
  'beginValue',
  'endValue',
  'netFlows',
  'currency',
  'source',
  'accountId',
  'connectionId',
] as const;

export const performanceRow = z.object({
  id,
  account: z.string(),
  /** Null while the account of the source is not linked to one of the book. */
  accountId: id.nullable(),
  accountNumber: z.string(),
  period: z.enum(PERIOD_KINDS),
  /** From the close of this day; null when the source does not say. */
  from: calendarDate.nullable(),
  to: calendarDate,
  /** A fraction: 0.05 is five percent. */
  rate: decimal,
  /** Whether `rate` is per year; else it is for the whole period. */
  annualised: z.boolean(),
  method: z.enum(RETURN_METHODS),
  /** Null where the source does not say. */
  fees: z.enum(FEE_TREATMENTS).nullable(),
  beginValue: decimal.nullable(),
  endValue: decimal.nullable(),
  netFlows: decimal.nullable(),
  currency: currency.nullable(),
  source: z.string(),
  connectionId: id,
});
export type PerformanceRow = z.infer<typeof performanceRow>;

const seriesLine = z.object({
  key: z.string(),
  kind: z.enum(['account', 'benchmark']),
  /** Name of the benchmark; of the source for the account itself. */
  name: z.string(),
  source: z.string(),
  connectionId: id,
  fees: z.enum(FEE_TREATMENTS).nullable(),
  /** Running total since the common beginning, after each month; starts with zero at the beginning. */
  points: z.array(z.object({ date: calendarDate, value: decimal })),
  months: count,
  total: decimal,
  /** `total` per year; null for less than a year. */
  perYear: decimal.nullable(),
  /** `total` less that of the benchmark of the same source over the same months; null where there is none. */
  excess: decimal.nullable(),
});

export const performance = {
  'performance.page': query({
    summary: 'Returns of accounts as each source reports them',
    http: { method: 'GET', path: '/performance' },
    input: gridRequest(PERFORMANCE_COLUMNS),
    output: gridPage(performanceRow),
    errors: [],
    access: 'viewer',
  }),
  'performance.get': query({
    summary: 'One return: every fact, where it came from, and what its source said before',
    http: { method: 'GET', path: '/performance/:id' },
    input: z.strictObject({ id }),
    output: z.object({
      row: performanceRow,
      platform: z.enum(PLATFORMS),
      externalId: z.string(),
      receivedAt: instant,
      operationId: id,
      /** False once the source took it back. */
      current: z.boolean(),
      /** Earlier versions of the same record, newest first. */
      versions: z.array(z.object({ row: performanceRow, receivedAt: instant, operationId: id })),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'performance.series': query({
    summary: 'Cumulative return of an account by source, gross and net, and of its benchmarks, from monthly returns',
    http: { method: 'GET', path: '/accounts/:id/performance' },
    input: z.strictObject({ id }),
    output: z.object({
      account: z.string(),
      /** The close that all lines begin at; null where no source reports full months. */
      from: calendarDate.nullable(),
      lines: z.array(seriesLine),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'portfolios.performance': query({
    summary: 'Returns of the accounts of one portfolio',
    http: { method: 'GET', path: '/portfolios/:id/performance' },
    input: gridRequest(PERFORMANCE_COLUMNS).extend({ id }),
    output: gridPage(performanceRow),
    errors: ['not_found'],
    access: 'viewer',
  }),
};
