import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { timeTicks } from './time-ticks.ts';
import './timeline.css';

export interface TimeSpan {
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** What happened, as a bar; its outcome is said by height and filling as well as by colour. */
export interface TimeBar extends TimeSpan {
  readonly key: string;
  readonly outcome: 'running' | 'failed' | 'cancelled' | 'completed';
  /** The whole of it in words. */
  readonly label: string;
}

const LANE = 26;
const AXIS = 18;
const LABEL_WIDTH = 56;
const NARROWEST = 3;
/** How far from a bar the pointer may be. */
const REACH = 8;

const HEIGHT: Readonly<Record<TimeBar['outcome'], number>> = { running: 12, failed: 20, cancelled: 8, completed: 10 };

const across =
  ({ from, to }: TimeSpan, width: number) =>
  (at: number) =>
    Math.round(((Math.min(to, Math.max(from, at)) - from) / (to - from)) * width * 10) / 10;

/** Marks and dates over lanes of the same width. */
export const TimeAxis = ({ span, width }: { readonly span: TimeSpan; readonly width: number }) => {
  const x = across(span, width);
  return (
    <svg className="time-axis" width={width} height={AXIS} aria-hidden>
      {timeTicks(span.from, span.to, Math.max(2, Math.floor(width / LABEL_WIDTH))).map(({ at, label }) => (
        <g key={at} transform={`translate(${x(at)} 0)`}>
          <line y1={AXIS - 4} y2={AXIS} className="time-lane__mark" />
          {x(at) > width - LABEL_WIDTH / 2 ? null : (
            <text x={x(at) < LABEL_WIDTH / 2 ? 0 : undefined} y={10} textAnchor={x(at) < LABEL_WIDTH / 2 ? 'start' : 'middle'}>
              {label}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
};

const Bar = ({ bar, x, current }: { readonly bar: TimeBar; readonly x: (at: number) => number; readonly current: boolean }) => {
  const left = x(bar.from);
  const wide = Math.max(NARROWEST, Math.round((x(bar.to) - left) * 10) / 10);
  const tall = HEIGHT[bar.outcome];
  return (
    <>
      {current ? <rect x={left - 3} y={1} width={wide + 6} height={LANE - 2} rx={3} className="time-lane__current" /> : null}
      <rect
        x={left}
        y={(LANE - tall) / 2}
        width={wide}
        height={tall}
        rx={1}
        className={`time-lane__bar time-lane__bar--${bar.outcome}`}
      />
    </>
  );
};

/**
 * What happened over a span of time, oldest first. As a slider over its bars it is walked with the arrow keys, Home and End;
 * Enter or a press opens one. `onAt` hears the words of the bar that is looked at, null for none.
 */
export const TimeLane = ({
  label,
  bars,
  span,
  width,
  open,
  onOpen,
  onAt,
}: {
  readonly label: string;
  readonly bars: readonly TimeBar[];
  readonly span: TimeSpan;
  readonly width: number;
  /** Key of the bar that is open. */
  readonly open: string | null;
  readonly onOpen: (key: string) => void;
  readonly onAt: (words: string | null) => void;
}) => {
  const [at, setAt] = useState<number | null>(null);
  const x = across(span, width);
  const last = bars.length - 1;
  const opened = bars.findIndex(({ key }) => key === open);
  const shown = Math.min(last, at ?? (opened < 0 ? last : opened));

  const look = (place: number | null): void => {
    setAt(place);
    onAt(place === null ? null : (bars[place]?.label ?? null));
  };
  const near = (event: PointerEvent<HTMLDivElement>): number | null => {
    const pointer = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const distance = ({ from, to }: TimeBar): number =>
      Math.max(x(from) - pointer, pointer - Math.max(x(to), x(from) + NARROWEST), 0);
    const found = bars.reduce<number | null>((best, bar, place) => {
      const before = best === null ? undefined : bars[best];
      return distance(bar) <= REACH && (before === undefined || distance(bar) < distance(before)) ? place : best;
    }, null);
    return found;
  };
  const onKey = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: shown - 1, ArrowRight: shown + 1, Home: 0, End: last }[event.key];
    const bar = bars[shown];
    if (to !== undefined) look(Math.min(last, Math.max(0, to)));
    else if ((event.key === 'Enter' || event.key === ' ') && bar !== undefined) onOpen(bar.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  if (bars.length === 0) return <span className="quiet">Nothing in this time</span>;
  return (
    <div
      className="time-lane"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={1}
      aria-valuemax={bars.length}
      aria-valuenow={shown + 1}
      aria-valuetext={bars[shown]?.label ?? ''}
      onKeyDown={onKey}
      onFocus={() => look(shown)}
      onBlur={() => look(null)}
      onPointerMove={(event) => look(near(event))}
      onPointerLeave={() => look(null)}
      onPointerUp={(event) => {
        const bar = bars[near(event) ?? -1];
        if (bar !== undefined && event.button === 0) onOpen(bar.key);
      }}
    >
      <svg width={width} height={LANE} aria-hidden>
        <line x1={0} x2={width} y1={LANE / 2} y2={LANE / 2} className="time-lane__base" />
        {bars.map((bar, place) => (
          <Bar key={bar.key} bar={bar} x={x} current={place === at || (at === null && bar.key === open)} />
        ))}
      </svg>
    </div>
  );
};

/** The form of a bar, for a legend. */
export const BarSample = ({ outcome }: { readonly outcome: TimeBar['outcome'] }) => (
  <svg width={8} height={20} aria-hidden>
    <rect
      x={1}
      y={(20 - HEIGHT[outcome]) / 2}
      width={6}
      height={HEIGHT[outcome]}
      rx={1}
      className={`time-lane__bar time-lane__bar--${outcome}`}
    />
  </svg>
);
