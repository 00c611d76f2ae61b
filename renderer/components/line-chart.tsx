import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Dec } from '../../shared/model/decimal.ts';
import { formatPercent } from '../format/amount.ts';
import { chartScale, percentDigits, pixelsDown } from './chart-scale.ts';
import './line-chart.css';

export interface ChartLine {
  readonly key: string;
  readonly label: string;
  readonly tone: 'first' | 'second' | 'third' | 'quiet';
  readonly stroke: 'solid' | 'dashed' | 'dotted';
  /** Fractions by date, oldest first. */
  readonly points: readonly { readonly date: string; readonly value: Dec }[];
}

const HEIGHT = 208;
const TOP = 10;
const LEFT = 48;
const RIGHT = 10;
const BOTTOM = 22;
/** Room for a date under the axis. */
const DATE_WIDTH = 84;

export const chartDates = (lines: readonly ChartLine[]): readonly string[] =>
  [...new Set(lines.flatMap(({ points }) => points.map(({ date }) => date)))].toSorted();
export const valueOn = (line: ChartLine, date: string): Dec | null =>
  line.points.find((point) => point.date === date)?.value ?? null;

/** A line’s stroke as a sample, for its legend. */
export const LineSample = ({ line: { tone, stroke } }: { readonly line: Pick<ChartLine, 'tone' | 'stroke'> }) => (
  <svg className="chart__sample" width={22} height={8} aria-hidden>
    <line x1={1} x2={21} y1={4} y2={4} className={`chart__line chart__line--${tone} chart__line--${stroke}`} />
  </svg>
);

const useWidth = () => {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(480);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(240, Math.round(entry?.contentRect.width ?? 480))));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width] as const;
};

/**
 * Percentages over time. The crosshair follows the pointer and, as a slider over the dates, the arrow keys, Home and End;
 * `at` is the date it stands on, null for none.
 */
export const LineChart = ({
  label,
  lines,
  at,
  onAt,
  formatDate,
}: {
  readonly label: string;
  readonly lines: readonly ChartLine[];
  readonly at: string | null;
  readonly onAt: (date: string | null) => void;
  readonly formatDate: (date: string) => string;
}) => {
  const [ref, width] = useWidth();
  const dates = chartDates(lines);
  const scale = chartScale(lines.flatMap(({ points }) => points.map(({ value }) => value)));
  const across = width - LEFT - RIGHT;
  const down = HEIGHT - TOP - BOTTOM;
  const last = dates.length - 1;
  const x = (place: number): number => LEFT + Math.round((place * across * 10) / Math.max(1, last)) / 10;
  const y = (value: Dec): Dec => pixelsDown(scale, value, down);
  const place = at === null ? -1 : dates.indexOf(at);
  const every = Math.max(1, Math.ceil(last / Math.max(1, Math.floor(across / DATE_WIDTH))));

  const onPointer = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    const near = Math.round(((event.clientX - box.left - LEFT) / Math.max(1, across)) * last);
    onAt(dates[Math.min(last, Math.max(0, near))] ?? null);
  };
  const onKey = (event: KeyboardEvent): void => {
    const from = place < 0 ? last : place;
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key];
    if (to === undefined) {
      if (event.key === 'Escape' && at !== null) {
        event.stopPropagation();
        onAt(null);
      }
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    onAt(dates[Math.min(last, Math.max(0, to))] ?? null);
  };
  const shown = place < 0 ? last : place;
  const spoken = [
    formatDate(dates[shown] ?? ''),
    ...lines.flatMap((line) => {
      const value = valueOn(line, dates[shown] ?? '');
      return value === null ? [] : `${line.label} ${formatPercent(value)}`;
    }),
  ].join(', ');

  return (
    <div
      ref={ref}
      className="chart"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, last)}
      aria-valuenow={Math.max(0, shown)}
      aria-valuetext={spoken}
      onPointerMove={onPointer}
      onPointerLeave={() => onAt(null)}
      onKeyDown={onKey}
      onBlur={() => onAt(null)}
    >
      <svg width={width} height={HEIGHT} aria-hidden>
        {scale.ticks.map((tick) => (
          <g key={tick} transform={`translate(0 ${TOP})`}>
            <line
              x1={LEFT}
              x2={width - RIGHT}
              y1={y(tick)}
              y2={y(tick)}
              className={tick === '0' ? 'chart__grid chart__grid--zero' : 'chart__grid'}
            />
            <text x={LEFT - 8} y={y(tick)} dy="0.32em" className="chart__mark chart__mark--value">
              {formatPercent(tick, percentDigits(scale))}
            </text>
          </g>
        ))}
        {dates.map((date, index) =>
          (last - index) % every === 0 ? (
            <text
              key={date}
              x={x(index)}
              y={HEIGHT - 6}
              className={`chart__mark ${index === last ? 'chart__mark--last' : index === 0 ? 'chart__mark--first' : ''}`}
            >
              {date.slice(0, 7)}
            </text>
          ) : null,
        )}
        <g transform={`translate(0 ${TOP})`}>
          {place < 0 ? null : <line x1={x(place)} x2={x(place)} y1={0} y2={down} className="chart__cross" />}
          {lines.map((line) => (
            <polyline
              key={line.key}
              points={line.points.map(({ date, value }) => `${x(dates.indexOf(date))},${y(value)}`).join(' ')}
              className={`chart__line chart__line--${line.tone} chart__line--${line.stroke}`}
            />
          ))}
          {lines.map((line) => {
            const value = place < 0 ? null : valueOn(line, dates[place] ?? '');
            return value === null ? null : (
              <circle key={line.key} cx={x(place)} cy={y(value)} r={3} className={`chart__dot chart__line--${line.tone}`} />
            );
          })}
        </g>
      </svg>
    </div>
  );
};
