import { CheckCircle2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Output } from '../../../shared/contract/index.ts';
import { SEVERITY_TONE, type Tone } from '../../components/badge.tsx';
import { Bars } from '../../components/bars.tsx';
import { formatCount } from '../../format/amount.ts';
import { BREAK_CLASS_NAME, FIELD_NAME, SEVERITY_NAME } from '../../format/words.ts';
import type { GridFilter } from '../../grid/column.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';

const AGE_TONE: readonly Tone[] = ['plain', 'plain', 'plain', 'wait', 'bad'];
const MAX_KINDS = 6;
const KIND_NAME: Readonly<Record<string, string>> = { ...FIELD_NAME, ...BREAK_CLASS_NAME };

export interface WorkloadProps {
  readonly title: string;
  readonly path: string;
  readonly work: Output<'overview.get'>['conflicts'];
  /** Column of `byKind` in the list behind. */
  readonly kindColumn: string;
  readonly kindLabel: string;
  readonly ageFilters: (band: number) => readonly GridFilter[];
  readonly note?: ReactNode;
  /** Said when nothing is open; null when nobody has looked yet. */
  readonly done: string | null;
  /** How to look, said when `done` is null. */
  readonly start?: ReactNode;
}

const OPEN: GridFilter = { column: 'status', operator: 'is', value: 'open' };

/** Open work of one sort: how much, how severe, how old, of what kind; each number leads to its list. */
export const Workload = ({ title, path, work, kindColumn, kindLabel, ageFilters, note, done, start }: WorkloadProps) => {
  const link = (filters: readonly GridFilter[]): string => gridLink(path, [OPEN, ...filters]);
  return (
    <section className="workload" aria-label={title}>
      <header className="workload__head">
        <h2>{title}</h2>
        <Link to={link([])} className="workload__total" label={`${title}: ${formatCount(work.open)}`}>
          {formatCount(work.open)}
        </Link>
        {note === undefined ? null : <span className="secondary">{note}</span>}
      </header>
      {work.open === 0 && done === null ? (
        <p>{start}</p>
      ) : work.open === 0 ? (
        <p className="badge badge--good">
          <CheckCircle2 size={14} aria-hidden />
          <span>{done}</span>
        </p>
      ) : (
        <div className="workload__bars">
          <Bars
            label="How severe"
            bars={work.bySeverity.map(({ severity, count }) => ({
              label: SEVERITY_NAME[severity],
              count,
              tone: SEVERITY_TONE[severity],
              to: link([{ column: 'severity', operator: 'is', value: severity }]),
            }))}
          />
          <Bars
            label="How old, in business days"
            bars={work.byAge.map(({ label, count }, band) => ({
              label,
              count,
              tone: AGE_TONE[band] ?? 'plain',
              to: link(ageFilters(band)),
            }))}
          />
          <Bars
            label={kindLabel}
            bars={work.byKind.slice(0, MAX_KINDS).map(({ value, label, count }) => ({
              label: KIND_NAME[value] ?? label,
              count,
              tone: 'plain',
              to: link([{ column: kindColumn, operator: 'is', value }]),
            }))}
          />
        </div>
      )}
    </section>
  );
};
