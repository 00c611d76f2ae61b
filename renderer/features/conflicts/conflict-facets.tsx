import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { ConflictRow } from '../../../shared/contract/conflicts.ts';
import { useQuery } from '../../api/use-query.ts';
import {
  CONFLICT_STATUS_NAME,
  FIELD_NAME,
  nameOf,
  REASON_NAME,
  SEVERITY_NAME,
  STREAM_NAME,
  TYPE_NAME,
} from '../../format/words.ts';
import { CountedFacet } from '../../grid/counted-facet.tsx';
import type { GridHandle } from '../../grid/grid-handle.ts';
import type { ConflictGridColumn } from './columns.tsx';
import type { SourceKey } from './decision.ts';
import { toQuestion, withoutColumn, type View } from './views.ts';

const FACETS = ['severity', 'stream', 'field', 'reason', 'connectionId', 'type', 'status'] as const;
type FacetColumn = (typeof FACETS)[number];

const TITLE: Readonly<Record<FacetColumn, string>> = {
  severity: 'Severity',
  stream: 'About',
  field: 'Field',
  reason: 'Reason',
  connectionId: 'Source in dispute',
  type: 'Security type',
  status: 'Status',
};
const NAMES: Readonly<Record<Exclude<FacetColumn, 'connectionId'>, Readonly<Record<string, string>>>> = {
  severity: SEVERITY_NAME,
  stream: STREAM_NAME,
  field: FIELD_NAME,
  reason: REASON_NAME,
  type: TYPE_NAME,
  status: CONFLICT_STATUS_NAME,
};

export interface ConflictFacetsProps {
  readonly grid: GridHandle<ConflictRow, ConflictGridColumn>;
  readonly view: View;
  readonly order: readonly SourceKey[];
}

const Facet = ({ column, grid, view, order }: ConflictFacetsProps & { readonly column: FacetColumn }) => {
  const filters = useStore(grid.store, (state) => state.filters);
  const search = useStore(grid.store, (state) => state.search);
  // Counted without the column's own filter, so that its other values stay in sight.
  const question = useMemo(() => {
    const own = { filters: filters.filter((filter) => filter.column !== column), search };
    return toQuestion(view, own.filters, own.search);
  }, [filters, search, view, column]);
  const { data } = useQuery('conflicts.facets', question, { keep: true });
  const name = (value: string): string =>
    column === 'connectionId'
      ? (order.find((source) => source.connectionId === value)?.name ?? value)
      : nameOf(NAMES[column], value);
  return <CountedFacet grid={grid} column={column} title={TITLE[column]} counts={data?.facets[column]} nameOf={name} />;
};

/** Counts of what matches by severity, what it is about, field, reason, source, type and status; each filters. */
export const ConflictFacets = (props: ConflictFacetsProps) => (
  <>
    {FACETS.map((column) => (
      <Facet key={column} column={column} {...props} />
    ))}
  </>
);

/** How many conflicts each view would show under the present filters; undefined until counted. */
export const useViewCounts = ({ grid }: Pick<ConflictFacetsProps, 'grid'>): Readonly<Record<View, number>> | undefined => {
  const filters = useStore(grid.store, (state) => state.filters);
  const search = useStore(grid.store, (state) => state.search);
  const question = useMemo(() => withoutColumn(toQuestion('all', filters, search), 'status'), [filters, search]);
  const { data } = useQuery('conflicts.facets', question, { keep: true });
  if (data === undefined) return undefined;
  const of = (status: string): number => data.facets.status?.find((entry) => entry.value === status)?.count ?? 0;
  return { undecided: of('open') + of('review'), settled: of('settled'), healed: of('healed'), all: data.total };
};
