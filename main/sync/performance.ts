import type { CalendarDate } from '../../shared/model/date.ts';
import type {
  BenchmarkAssignment,
  BenchmarkRecord,
  BenchmarkReturnRecord,
  PerformanceRecord,
  ReturnPeriod,
} from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import type { Linked } from './identity.ts';
import type { StagedPerformance } from './staged-page.ts';
import { mergeVersions, type Covered, type RecordTies, type VersionedTable } from './versioned-rows.ts';

interface Carried<R> {
  readonly record: R;
  readonly payloadId: number;
}

/** Gathers what the pages of one pass say of returns and benchmarks. */
export function createStagedPerformance() {
  const returns: Carried<PerformanceRecord>[] = [];
  const benchmarks: Carried<BenchmarkRecord>[] = [];
  const benchmarkReturns: Carried<BenchmarkReturnRecord>[] = [];
  const assignments: Carried<BenchmarkAssignment>[] = [];
  let returnsFrom: CalendarDate | null = null;
  let benchmarksFrom: CalendarDate | null = null;
  // A pass that was resumed with another window is complete only where both are.
  const later = (known: CalendarDate | null, named: CalendarDate | undefined): CalendarDate | null =>
    named === undefined || (known !== null && known >= named) ? known : named;
  return {
    returns,
    benchmarks,
    benchmarkReturns,
    assignments,
    returnsFrom: () => returnsFrom,
    benchmarksFrom: () => benchmarksFrom,
    add(page: StagedPerformance, payloadId: number): void {
      returnsFrom = later(returnsFrom, page.performanceFrom);
      benchmarksFrom = later(benchmarksFrom, page.benchmarksFrom);
      for (const record of page.performance ?? []) returns.push({ record, payloadId });
      for (const record of page.benchmarks?.list ?? []) benchmarks.push({ record, payloadId });
      for (const record of page.benchmarks?.returns ?? []) benchmarkReturns.push({ record, payloadId });
      for (const record of page.benchmarks?.assignments ?? []) assignments.push({ record, payloadId });
    },
  };
}

const PERIOD = ['kind', 'period_from', 'period_to'];
const periodContent = ({ kind, from, to }: ReturnPeriod) => [kind, from, to];
const noLinks = () => [];

const RETURNS: VersionedTable = {
  name: 'source_performance',
  content: [
    ...PERIOD,
    'account_external_id',
    'method',
    'fees',
    'annualised',
    'rate',
    'begin_value',
    'end_value',
    'net_flows',
    'currency',
  ],
  links: ['account_id'],
  noun: 'returns',
};
const BENCHMARKS: VersionedTable = {
  name: 'source_benchmarks',
  content: ['name'],
  links: [],
  noun: 'benchmarks',
};
const BENCHMARK_RETURNS: VersionedTable = {
  name: 'source_benchmark_returns',
  content: [...PERIOD, 'benchmark_external_id', 'annualised', 'rate'],
  links: [],
  noun: 'returns of benchmarks',
};
const ASSIGNMENTS: VersionedTable = {
  name: 'source_benchmark_assignments',
  content: ['account_external_id', 'benchmark_external_id'],
  links: ['account_id'],
  noun: 'assignments of benchmarks',
};

const since = (index: string, from: CalendarDate | null): Covered | null =>
  from === null ? null : { index, where: 'period_to >= ?', params: [from] };

/** Periods that are over: their return is one number that every source should agree on. The others move on with each report. */
const CLOSED: ReadonlySet<string> = new Set(['month', 'quarter', 'year']);

export interface PerformanceMerge {
  readonly connectionId: number;
  readonly operationId: number;
  readonly staged: ReturnType<typeof createStagedPerformance>;
  readonly acceptShrink: boolean;
  /** Whether the pass named this record or account but could not read it. */
  readonly isSetAside: (externalId: string) => boolean;
  readonly accountFor: (externalId: string) => Linked;
  readonly ties: RecordTies;
}

/** Versions the returns, benchmarks and assignments a pass carried, and ties returns of closed periods to the book's. */
export function mergePerformance(db: WritableDb, { staged, accountFor, ties, ...pass }: PerformanceMerge): void {
  const currencyOf = createAccountCurrencies(db);
  mergeVersions(db, RETURNS, {
    ...pass,
    ties,
    covered: since('source_performance_by_connection', staged.returnsFrom()),
    rows: staged.returns.map(({ record: r, payloadId }) => ({
      externalId: r.externalId,
      content: [
        ...periodContent(r.period),
        r.accountExternalId,
        r.method,
        r.fees,
        Number(r.annualised),
        r.rate,
        r.beginValue,
        r.endValue,
        r.netFlows,
        r.currency,
      ],
      links: () => [accountFor(r.accountExternalId)],
      payloadId,
      place: r.place,
      record: () => {
        const accountId = accountFor(r.accountExternalId);
        if (accountId === null || !CLOSED.has(r.period.kind)) return null;
        const { kind, from, to } = r.period;
        return {
          accountId,
          securityId: null,
          key: [kind, to, r.method, r.fees ?? 'unsaid', r.annualised ? 'a year' : 'whole'].join(' '),
          kind: [r.method, r.fees].filter((part) => part !== null).join(' '),
          date: to,
          from,
          return: r.rate,
          currency: r.currency ?? currencyOf(accountId),
          asOf: to,
        };
      },
    })),
  });
  const from = staged.benchmarksFrom();
  const listed = (index: string) => ({ ...pass, covered: from === null ? null : { index, where: '1', params: [] } });
  mergeVersions(db, BENCHMARKS, {
    ...listed('source_benchmarks_current'),
    rows: staged.benchmarks.map(({ record, payloadId }) => ({
      externalId: record.externalId,
      content: [record.name],
      links: noLinks,
      payloadId,
      place: record.place,
    })),
  });
  mergeVersions(db, BENCHMARK_RETURNS, {
    ...pass,
    covered: since('source_benchmark_returns_by_connection', from),
    rows: staged.benchmarkReturns.map(({ record: r, payloadId }) => ({
      externalId: r.externalId,
      content: [...periodContent(r.period), r.benchmarkExternalId, Number(r.annualised), r.rate],
      links: noLinks,
      payloadId,
      place: r.place,
    })),
  });
  mergeVersions(db, ASSIGNMENTS, {
    ...listed('source_benchmark_assignments_current'),
    rows: staged.assignments.map(({ record, payloadId }) => ({
      externalId: `${record.accountExternalId}:${record.benchmarkExternalId}`,
      content: [record.accountExternalId, record.benchmarkExternalId],
      links: () => [accountFor(record.accountExternalId)],
      payloadId,
      place: record.place,
    })),
  });
}

function createAccountCurrencies(db: WritableDb): (accountId: number) => string {
  const currencies = new Map(db.prepare('SELECT id, currency FROM accounts').raw().all() as [number, string][]);
  return (accountId) => currencies.get(accountId) ?? 'USD';
}
