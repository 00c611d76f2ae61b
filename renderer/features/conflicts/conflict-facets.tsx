import { useMemo } from 'react';
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
import { statusCount, useOtherFilters } from '../../grid/other-filters.ts';
import type { ConflictGridColumn } from './columns.tsx';
import type { SourceKey } from './decision.ts';
import { toQuestion, type View } from './views.ts';

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
  const { filters, search } = useOtherFilters(grid, column);
  const question = useMemo(() => toQuestion(view, filters, search), [filters, search, view]);
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
  const { filters, search } = useOtherFilters(grid, 'status');
  const question = useMemo(() => toQuestion('all', filters, search), [filters, search]);
  const { data } = useQuery('conflicts.facets', question, { keep: true });
  if (data === undefined) return undefined;
  return {
    undecided: statusCount(data, 'open', 'review'),
    settled: statusCount(data, 'settled'),
    healed: statusCount(data, 'healed'),
    all: data.total,
  };
};
