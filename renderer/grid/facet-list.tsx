import { Check, ChevronDown, ChevronRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { useRuntime } from '../app/runtime.tsx';
import { SEVERITY_TONE, type Severity } from '../components/badge.tsx';
import { formatCount } from '../format/amount.ts';
import type { GridHandle } from './grid-handle.ts';
import { setColumnFilters } from './grid-store.ts';
import './facet-list.css';

export interface FacetValue {
  readonly value: string;
  readonly label: string;
  readonly count: number;
  readonly icon?: ReactNode;
}

const SHOWN = 7;
const NONE: readonly string[] = [];

/** Values of one column with their counts as quiet bars; pressing one filters by it, pressing more adds them. */
export const FacetList = <R, C extends string>({
  grid,
  column,
  title,
  values,
}: {
  readonly grid: GridHandle<R, C>;
  readonly column: C;
  readonly title: string;
  /** Undefined until counted. */
  readonly values: readonly FacetValue[] | undefined;
}) => {
  const [open, setOpen] = useState(true);
  const [all, setAll] = useState(false);
  const filter = useStore(grid.store, (state) =>
    state.filters.find(
      (candidate) => candidate.column === column && (candidate.operator === 'in' || candidate.operator === 'is'),
    ),
  );
  const chosen = filter === undefined ? NONE : typeof filter.value === 'string' ? [filter.value] : filter.value;
  const toggle = (value: string): void => {
    const next = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
    setColumnFilters(grid.store, column, next.length === 0 ? [] : [{ column, operator: 'in', value: next }]);
  };
  const most = Math.max(1, ...(values ?? []).map((value) => value.count));
  const folded = !all && (values?.length ?? 0) > SHOWN + 1;
  const shown = folded ? values?.filter((value, index) => index < SHOWN || chosen.includes(value.value)) : values;
  return (
    <section className="facet">
      <h2 className="facet__head">
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? <ChevronDown size={12} aria-hidden /> : <ChevronRight size={12} aria-hidden />}
          {title}
        </button>
      </h2>
      {open ? (
        <ul>
          {shown?.map(({ value, label, count, icon }) => (
            <li key={value}>
              <button type="button" className="facet__value" aria-pressed={chosen.includes(value)} onClick={() => toggle(value)}>
                <span className="facet__bar" style={{ inlineSize: `${Math.ceil((count * 100) / most)}%` }} />
                <span className="facet__mark">
                  {chosen.includes(value) ? <Check size={12} strokeWidth={3} aria-hidden /> : icon}
                </span>
                <span className="facet__label truncate" title={label}>
                  {label}
                </span>
                <span className="facet__count">{formatCount(count)}</span>
              </button>
            </li>
          ))}
          {values?.length === 0 ? <li className="facet__none quiet">None</li> : null}
          {folded || all ? (
            <li>
              <button type="button" className="facet__more" onClick={() => setAll(!all)}>
                {all ? 'Show fewer' : `Show all ${values?.length ?? 0}`}
              </button>
            </li>
          ) : null}
        </ul>
      ) : null}
    </section>
  );
};

/** A quiet mark in the colour of a severity; the word stands beside it. */
export const SeverityDot = ({ severity }: { readonly severity: string }) => (
  <span className={`facet-dot facet-dot--${SEVERITY_TONE[severity as Severity]}`} aria-hidden />
);

/** Adds values that are chosen but match nothing now, so that they can be let go where they were chosen. */
export const withChosen = (
  values: readonly FacetValue[] | undefined,
  chosen: readonly string[],
  nameOf: (value: string) => string,
): readonly FacetValue[] | undefined =>
  values === undefined
    ? undefined
    : [
        ...values,
        ...chosen
          .filter((value) => values.every((known) => known.value !== value))
          .map((value) => ({ value, label: nameOf(value), count: 0 })),
      ];

/** Whether the facets beside a grid stand open, remembered under its id. */
export const useFacetsOpen = (id: string): readonly [boolean, () => void] => {
  const { memory } = useRuntime();
  const key = `facets.${id}`;
  const [open, setOpen] = useState(() => memory.read(key) !== false);
  const toggle = (): void => {
    setOpen(!open);
    memory.write(key, !open);
  };
  return [open, toggle];
};

/** The column of facets on the left of a grid, and the grid. */
export const FacetedRows = ({
  facets,
  children,
  label,
}: {
  readonly facets: ReactNode | null;
  readonly children: ReactNode;
  readonly label: string;
}) => (
  <div className="faceted">
    {facets === null ? null : (
      <aside className="faceted__facets" aria-label={label}>
        {facets}
      </aside>
    )}
    <div className="faceted__rows">{children}</div>
  </div>
);
