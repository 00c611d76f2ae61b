import { useState } from 'react';
import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { chartDates, LineChart, LineSample, valueOn, type ChartLine } from '../../components/line-chart.tsx';
import { FailureView, Skeleton, useSlow } from '../../components/state-view.tsx';
import { formatPercent } from '../../format/amount.ts';
import { formatDate } from '../../format/time.ts';
import { FEES_NAME } from '../../format/words.ts';

type Line = Output<'performance.series'>['lines'][number];
interface Drawn extends ChartLine {
  readonly line: Line;
}

const TONES = ['first', 'second', 'third'] as const;

/** What tells the lines of one chart apart: the source by colour, net, gross and benchmark by stroke. */
function drawn(lines: readonly Line[]): readonly Drawn[] {
  const sources = [...new Set(lines.map(({ connectionId }) => connectionId))];
  return lines.map((line) => {
    const isBenchmark = line.kind === 'benchmark';
    const fees = line.fees === null ? '' : `, ${FEES_NAME[line.fees].toLowerCase()}`;
    return {
      line,
      key: line.key,
      label: isBenchmark ? `${line.name}, ${line.source}` : `${line.name}${fees}`,
      tone: isBenchmark ? 'quiet' : (TONES[sources.indexOf(line.connectionId)] ?? 'third'),
      stroke: isBenchmark ? 'dotted' : line.fees === 'gross' ? 'dashed' : 'solid',
      points: line.points,
    };
  });
}

/** Gross lines and the second telling of a benchmark wait in the legend: the first look is net against benchmark. */
const hiddenAtFirst = (lines: readonly Drawn[]): ReadonlySet<string> =>
  new Set(
    lines
      .filter(({ line }, place) =>
        line.kind === 'benchmark'
          ? lines.slice(0, place).some((other) => other.line.kind === 'benchmark' && other.line.name === line.name)
          : line.fees === 'gross' && lines.some((other) => other.line.fees === 'net'),
      )
      .map(({ key }) => key),
  );

const percent = (value: Line['perYear']): string => (value === null ? '–' : formatPercent(value));

const Figures = ({ lines, of }: { readonly lines: readonly Drawn[]; readonly of: string }) => (
  <table className="table table--pane returns__figures">
    <caption className="visually-hidden">{of}</caption>
    <thead>
      <tr>
        <th scope="col">Line</th>
        <th scope="col" className="num">
          Total
        </th>
        <th scope="col" className="num">
          Per year
        </th>
        <th scope="col" className="num">
          Over benchmark
        </th>
      </tr>
    </thead>
    <tbody>
      {lines.map(({ key, label, line }) => (
        <tr key={key}>
          <td>{label}</td>
          <td className="num">{percent(line.total)}</td>
          <td className="num">{percent(line.perYear)}</td>
          <td className="num">{percent(line.excess)}</td>
        </tr>
      ))}
    </tbody>
  </table>
);

const MonthTable = ({ lines, dateOf }: { readonly lines: readonly Drawn[]; readonly dateOf: (date: string) => string }) => (
  <div className="returns__scroll" tabIndex={0} role="region" aria-label="Cumulative returns as a table">
    <table className="table table--pane">
      <thead>
        <tr>
          <th scope="col">Close of</th>
          {lines.map(({ key, label }) => (
            <th key={key} scope="col" className="num">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {chartDates(lines)
          .toReversed()
          .map((date) => (
            <tr key={date}>
              <td>{dateOf(date)}</td>
              {lines.map((line) => (
                <td key={line.key} className="num">
                  {percent(valueOn(line, date))}
                </td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  </div>
);

const Chart = ({ series }: { readonly series: Output<'performance.series'> }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const lines = drawn(series.lines);
  const [hidden, setHidden] = useState(() => hiddenAtFirst(lines));
  const [at, setAt] = useState<string | null>(null);
  const [asTable, setAsTable] = useState(false);
  const visible = lines.filter(({ key }) => !hidden.has(key));
  const dateOf = (date: string): string => formatDate(date, dates);
  const shownAt = at ?? chartDates(lines).at(-1) ?? '';
  const toggle = (key: string): void => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  };
  if (series.from === null || lines.length === 0)
    return <p className="quiet">No source reports full months of this account, so there is nothing to draw yet.</p>;
  return (
    <>
      <p className="returns__span secondary">
        Cumulative from the close of {dateOf(series.from)}, where the shortest history begins, linked from monthly returns.
      </p>
      {asTable ? (
        <MonthTable lines={visible} dateOf={dateOf} />
      ) : visible.length === 0 ? (
        <p className="returns__none quiet">All lines are switched off. Press a name below to draw it.</p>
      ) : (
        <LineChart label="Cumulative return by month" lines={visible} at={at} onAt={setAt} formatDate={dateOf} />
      )}
      <div className="returns__legend">
        <ul aria-label="Lines">
          {lines.map((line) => {
            const value = valueOn(line, shownAt);
            return (
              <li key={line.key}>
                <button
                  type="button"
                  className="returns__switch"
                  aria-pressed={!hidden.has(line.key)}
                  onClick={() => toggle(line.key)}
                >
                  <LineSample line={line} />
                  <span className="truncate" title={line.label}>
                    {line.label}
                  </span>
                  <span className="num">{value === null ? '–' : formatPercent(value)}</span>
                </button>
              </li>
            );
          })}
        </ul>
        <p className="returns__at quiet">At the close of {dateOf(shownAt)}</p>
        <Button look="quiet" onPress={() => setAsTable(!asTable)}>
          {asTable ? 'Show the chart' : 'Show as a table'}
        </Button>
      </div>
      <Figures lines={lines} of={`Returns of ${series.account} since ${dateOf(series.from)}`} />
    </>
  );
};

/** The running total of an account’s returns by source, gross and net, beside its benchmarks: chart, legend, figures, table. */
export const CumulativeChart = ({ accountId }: { readonly accountId: string }) => {
  const query = useQuery('performance.series', { id: accountId });
  const slow = useSlow(query.data === undefined && query.failure === null);
  if (query.data === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return <div className="returns__waiting">{slow ? <Skeleton lines={8} /> : null}</div>;
  }
  return (
    <>
      {query.failure ? <FailureView failure={query.failure} onRetry={query.refetch} inline /> : null}
      <Chart key={accountId} series={query.data} />
    </>
  );
};
