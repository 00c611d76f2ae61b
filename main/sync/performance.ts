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
import { mergeVersions, type VersionedTable } from './versioned-rows.ts';

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
  window: { column: 'period_to', index: 'source_performance_by_connection' },
  noun: 'returns',
};
const BENCHMARKS: VersionedTable = {
  name: 'source_benchmarks',
  content: ['name'],
  links: [],
  window: { column: 'external_id', index: 'source_benchmarks_current' },
  noun: 'benchmarks',
};
const BENCHMARK_RETURNS: VersionedTable = {
  name: 'source_benchmark_returns',
  content: [...PERIOD, 'benchmark_external_id', 'annualised', 'rate'],
  links: [],
  window: { column: 'period_to', index: 'source_benchmark_returns_by_connection' },
  noun: 'returns of benchmarks',
};
const ASSIGNMENTS: VersionedTable = {
  name: 'source_benchmark_assignments',
  content: ['account_external_id', 'benchmark_external_id'],
  links: ['account_id'],
  window: { column: 'external_id', index: 'source_benchmark_assignments_current' },
  noun: 'assignments of benchmarks',
};

/** Every external id is at or after the empty text: a list that is complete is complete from there. */
const ALL = '';

export interface PerformanceMerge {
  readonly connectionId: number;
  readonly operationId: number;
  readonly staged: ReturnType<typeof createStagedPerformance>;
  readonly acceptShrink: boolean;
  readonly accountFor: (externalId: string) => Linked;
}

/** Versions the returns, benchmarks and assignments a pass carried, as it does transactions. */
export function mergePerformance(db: WritableDb, { staged, accountFor, ...pass }: PerformanceMerge): void {
  mergeVersions(db, RETURNS, {
    ...pass,
    from: staged.returnsFrom(),
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
    })),
  });
  const from = staged.benchmarksFrom();
  const listed = { ...pass, from: from === null ? null : ALL };
  mergeVersions(db, BENCHMARKS, {
    ...listed,
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
    from,
    rows: staged.benchmarkReturns.map(({ record: r, payloadId }) => ({
      externalId: r.externalId,
      content: [...periodContent(r.period), r.benchmarkExternalId, Number(r.annualised), r.rate],
      links: noLinks,
      payloadId,
      place: r.place,
    })),
  });
  mergeVersions(db, ASSIGNMENTS, {
    ...listed,
    rows: staged.assignments.map(({ record, payloadId }) => ({
      externalId: `${record.accountExternalId}:${record.benchmarkExternalId}`,
      content: [record.accountExternalId, record.benchmarkExternalId],
      links: () => [accountFor(record.accountExternalId)],
      payloadId,
      place: record.place,
    })),
  });
}
