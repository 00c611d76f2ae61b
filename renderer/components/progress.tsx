import { formatCount } from '../format/amount.ts';
import './progress.css';

/** A bar with its number beside it. `total` null: how much there is, is not known yet. */
export const Progress = ({
  label,
  done,
  total,
}: {
  readonly label: string;
  readonly done: number;
  readonly total: number | null;
}) => (
  <progress
    className="progress"
    aria-label={label}
    max={total === null ? undefined : Math.max(total, 1)}
    value={total === null ? undefined : Math.min(done, total)}
    title={total === null ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`}
  />
);
