import { useMemo } from 'react';
import type { BreakRow } from '../../../shared/contract/reconciliation.ts';
import { useQuery } from '../../api/use-query.ts';
import { BREAK_CLASS_NAME, BREAK_STATUS_NAME, FIELD_NAME, nameOf, SEVERITY_NAME, TYPE_NAME } from '../../format/words.ts';
import { CountedFacet } from '../../grid/counted-facet.tsx';
import type { GridHandle } from '../../grid/grid-handle.ts';
import { statusCount, useOtherFilters } from '../../grid/other-filters.ts';
import { BREAK_VIEW_NAME, BREAK_VIEWS, toBreakQuestion, type BreakColumn, type BreakView } from './questions.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Segmented } from '../../components/field.tsx';
import { formatCount } from '../../format/amount.ts';
import { setColumnFilters } from '../../grid/grid-store.ts';

const FACETS = ['severity', 'class', 'side', 'field', 'type', 'status'] as const;
type FacetColumn = (typeof FACETS)[number];

const TITLE: Readonly<Record<FacetColumn, string>> = {
  severity: 'Severity',
  class: 'Class',
  side: 'Side',
  field: 'Field',
  type: 'Security type',
  status: 'Status',
};
const NAMES: Readonly<Record<FacetColumn, Readonly<Record<string, string>>>> = {
  severity: SEVERITY_NAME,
  class: BREAK_CLASS_NAME,
  side: {},
  field: FIELD_NAME,
  type: TYPE_NAME,
  status: BREAK_STATUS_NAME,
};

export interface BreakFacetsProps {
  readonly grid: GridHandle<BreakRow, BreakColumn>;
  readonly runId: string;
  readonly view: BreakView;
}

const Facet = ({ column, grid, runId, view }: BreakFacetsProps & { readonly column: FacetColumn }) => {
  const { filters, search } = useOtherFilters(grid, column);
  const question = useMemo(() => ({ id: runId, ...toBreakQuestion(view, filters, search) }), [filters, search, view, runId]);
  const { data } = useQuery('reconciliation.facets', question, { keep: true });
  const name = (value: string): string => (column === 'side' ? value : nameOf(NAMES[column], value));
  return <CountedFacet grid={grid} column={column} title={TITLE[column]} counts={data?.facets[column]} nameOf={name} />;
};

/** Counts of what matches by severity, class, side, field, type and status; each filters. */
export const BreakFacets = (props: BreakFacetsProps) => (
  <>
    {FACETS.map((column) => (
      <Facet key={column} column={column} {...props} />
    ))}
  </>
);

/** Open, closed or all breaks of the run, each with its count under the present filters. */
export const BreakViewTabs = ({ grid, runId, view }: BreakFacetsProps) => {
  const { router } = useRuntime();
  const { filters, search } = useOtherFilters(grid, 'status');
  const question = useMemo(() => ({ id: runId, ...toBreakQuestion('all', filters, search) }), [filters, search, runId]);
  const { data } = useQuery('reconciliation.facets', question, { keep: true });
  const counts: Readonly<Record<BreakView, number>> = {
    open: statusCount(data, 'open'),
    closed: statusCount(data, 'fixed', 'accepted'),
    all: data?.total ?? 0,
  };
  const change = (next: BreakView): void => {
    setColumnFilters(grid.store, 'status', []);
    router.set({ show: next === 'open' ? null : next });
  };
  return (
    <Segmented
      label="Which breaks"
      value={view}
      options={BREAK_VIEWS.map((value) => ({
        value,
        label: data === undefined ? BREAK_VIEW_NAME[value] : `${BREAK_VIEW_NAME[value]} ${formatCount(counts[value])}`,
      }))}
      onChange={change}
    />
  );
};
