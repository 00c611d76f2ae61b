import { useStore } from 'zustand';
import { SEVERITY_NAME } from '../format/words.ts';
import { FacetList, SeverityDot, withChosen } from './facet-list.tsx';
import type { GridHandle } from './grid-handle.ts';

const SEVERITY_ORDER = Object.keys(SEVERITY_NAME);

/** The counted values of one column under their names: severities in their order and marked, a status only where there are several. */
export const CountedFacet = <R, C extends string>({
  grid,
  column,
  title,
  counts,
  nameOf,
}: {
  readonly grid: GridHandle<R, C>;
  readonly column: C;
  readonly title: string;
  /** Undefined until counted. */
  readonly counts: readonly { readonly value: string; readonly count: number }[] | undefined;
  readonly nameOf: (value: string) => string;
}) => {
  const filters = useStore(grid.store, (state) => state.filters);
  const chosen = filters.filter((filter) => filter.column === column).flatMap((filter) => filter.value);
  const counted = counts?.map(({ value, count }) => ({
    value,
    label: nameOf(value),
    count,
    ...(column === 'severity' ? { icon: <SeverityDot severity={value} /> } : {}),
  }));
  const sorted =
    column === 'severity'
      ? counted?.toSorted((a, b) => SEVERITY_ORDER.indexOf(a.value) - SEVERITY_ORDER.indexOf(b.value))
      : counted;
  if (column === 'status' && (counted?.length ?? 0) < 2 && chosen.length === 0) return null;
  return <FacetList grid={grid} column={column} title={title} values={withChosen(sorted, chosen, nameOf)} />;
};
