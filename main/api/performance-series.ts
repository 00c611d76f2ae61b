import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import { addDays, type CalendarDate } from '../../shared/model/date.ts';
import { ZERO, type Dec } from '../../shared/model/decimal.ts';
import { cumulative } from '../../shared/model/linked-returns.ts';
import type { FeeTreatment } from '../../shared/model/performance.ts';
import { annualised, excess, newestRun } from '../core/returns.ts';
import type { ReadDb } from '../store/handles.ts';

interface Month {
  readonly key: string;
  readonly kind: 'account' | 'benchmark';
  readonly name: string;
  readonly source: string;
  readonly connectionId: number;
  readonly fees: FeeTreatment | null;
  readonly from: CalendarDate | null;
  readonly to: CalendarDate;
  readonly rate: Dec;
}

type Series = Output<'performance.series'>;
type Line = Series['lines'][number];

const ACCOUNT_MONTHS = `SELECT 'account:' || r.connection_id || ':' || r.account_external_id || ':' || coalesce(r.fees, '') || ':' || r.method AS key,
    'account' AS kind, c.name AS name, c.name AS source, r.connection_id AS connectionId, r.fees, r.period_from AS "from",
    r.period_to AS "to", r.rate
  FROM account_links l JOIN source_performance r ON r.connection_id = l.connection_id AND r.account_external_id = l.external_id
    JOIN connections c ON c.id = r.connection_id
  WHERE l.account_id = ? AND r.valid_to_op IS NULL AND r.kind = 'month' AND r.method = 'twr' AND r.annualised = 0
  ORDER BY c.survivorship_rank, r.connection_id, r.fees DESC`;

const BENCHMARK_MONTHS = `SELECT 'benchmark:' || r.connection_id || ':' || r.benchmark_external_id AS key, 'benchmark' AS kind, b.name, c.name AS source,
    r.connection_id AS connectionId, NULL AS fees, r.period_from AS "from", r.period_to AS "to", r.rate
  FROM account_links l
    JOIN source_benchmark_assignments s ON s.connection_id = l.connection_id AND s.account_external_id = l.external_id AND s.valid_to_op IS NULL
    JOIN source_benchmarks b ON b.connection_id = s.connection_id AND b.external_id = s.benchmark_external_id AND b.valid_to_op IS NULL
    JOIN source_benchmark_returns r ON r.connection_id = b.connection_id AND r.benchmark_external_id = b.external_id
    JOIN connections c ON c.id = r.connection_id
  WHERE l.account_id = ? AND r.valid_to_op IS NULL AND r.kind = 'month' AND r.annualised = 0
  ORDER BY c.survivorship_rank, r.connection_id, b.name`;

const closesMonth = (date: CalendarDate | null): boolean => date !== null && addDays(date, 1).endsWith('-01');
/** The month an account was opened in is no full month, and would count as one when the return is put per year. */
const isFull = ({ from, to }: Month): boolean => closesMonth(from) && closesMonth(to);

const latestOf = (dates: readonly CalendarDate[]): CalendarDate | null =>
  dates.reduce<CalendarDate | null>((latest, date) => (latest === null || date > latest ? date : latest), null);

/** A line from the months behind the common beginning. */
function lineOf(months: readonly Month[], from: CalendarDate): Line | null {
  const [first] = months;
  const last = months.at(-1);
  if (!first || !last) return null;
  const totals = cumulative(months.map(({ rate }) => rate));
  const total = totals.at(-1) ?? ZERO;
  return {
    key: first.key,
    kind: first.kind,
    name: first.name,
    source: first.source,
    connectionId: String(first.connectionId),
    fees: first.fees,
    points: [{ date: from, value: ZERO }, ...months.map(({ to }, place) => ({ date: to, value: totals[place] ?? ZERO }))],
    months: months.length,
    total,
    perYear: annualised(total, months.length),
    excess: null,
  };
}

/**
 * Lines over one common span, so that they can be compared: each begins at zero at the newest beginning of all. What lies
 * before a gap of a line is left out.
 */
export function performanceSeries(db: ReadDb, { id }: HandlerInput<'performance.series'>): Series {
  const account = db.prepare('SELECT name FROM accounts WHERE id = ?').pluck().get(Number(id)) as string | undefined;
  if (account === undefined)
    throw new AppError('not_found', 'There is no such account. It may have been removed; refresh the list.');
  const said = [ACCOUNT_MONTHS, BENCHMARK_MONTHS].flatMap((sql) => db.prepare(sql).all(Number(id)) as Month[]);
  const months = said.filter(isFull);
  const runs = [...Map.groupBy(months, ({ key }) => key).values()].map((group) => newestRun(group));
  const from = latestOf(runs.flatMap(([first]) => first?.from ?? []));
  if (from === null) return { account, from: null, lines: [] };
  const lines = runs.flatMap((run) => {
    const line = lineOf(
      run.filter((month) => month.from !== null && month.from >= from),
      from,
    );
    return line === null || run[0]?.from === null ? [] : [line];
  });
  const benchmarkOf = (line: Line): Line | undefined => {
    const own = lines.filter((other) => other.kind === 'benchmark' && other.connectionId === line.connectionId);
    return own.length === 1 && own[0]?.points.at(-1)?.date === line.points.at(-1)?.date ? own[0] : undefined;
  };
  return {
    account,
    from,
    lines: lines.map((line) => {
      const benchmark = line.kind === 'account' ? benchmarkOf(line) : undefined;
      return benchmark ? { ...line, excess: excess(line.total, benchmark.total) } : line;
    }),
  };
}
