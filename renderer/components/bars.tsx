import type { CSSProperties } from 'react';
import { formatCount } from '../format/amount.ts';
import { Link } from '../router/link.tsx';
import type { Tone } from './badge.tsx';
import './bars.css';

export interface Bar {
  readonly label: string;
  readonly count: number;
  readonly tone: Tone;
  /** The list behind the number. */
  readonly to: string;
}

/** Counts side by side: name, bar, number; each leads to its list. The answer to the question in `label`. */
export const Bars = ({ label, bars }: { readonly label: string; readonly bars: readonly Bar[] }) => {
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  return (
    <div className="bars">
      <h3 className="bars__title">{label}</h3>
      <ul aria-label={label}>
        {bars.map((bar) => (
          <li key={bar.label}>
            <Link to={bar.to} className="bars__row" label={`${bar.label} ${formatCount(bar.count)}`}>
              <span className="bars__label truncate">{bar.label}</span>{' '}
              <span className="bars__track" aria-hidden>
                <span
                  className={`bars__bar bars__bar--${bar.tone}`}
                  style={{ '--share': String(bar.count / most) } as CSSProperties}
                />
              </span>
              <span className="num">{formatCount(bar.count)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
};
