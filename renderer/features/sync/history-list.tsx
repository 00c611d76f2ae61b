import { History } from 'lucide-react';
import { useStore } from 'zustand';
import { HISTORY_COLUMNS, type HistoryRow } from '../../../shared/contract/sync-history.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { StatusTotal } from '../../app/status.ts';
import { Button } from '../../components/button.tsx';
import { StateView } from '../../components/state-view.tsx';
import { nameOf, OPERATION_STATUS_NAME } from '../../format/words.ts';
import { CountedFacet } from '../../grid/counted-facet.tsx';
import { DataGrid } from '../../grid/data-grid.tsx';
import { FacetedRows } from '../../grid/facet-list.tsx';
import type { GridHandle } from '../../grid/grid-handle.ts';
import { GridToolbar, SelectionBar } from '../../grid/grid-toolbar.tsx';
import { useCopy } from '../../grid/use-copy.ts';
import { useGrid } from '../../grid/use-grid.ts';
import { useGridStatus } from '../../grid/use-grid-status.ts';
import { HISTORY_GRID, LINK_COLUMNS, type HistoryColumn } from './columns.tsx';

export type Facets = Output<'sync.history'>['facets'];
type HistoryGrid = GridHandle<HistoryRow, HistoryColumn>;
type Asked = (typeof HISTORY_COLUMNS)[number];

const NOUN = ['operation', 'operations'] as const;
/** Operations are not summed. */
const NO_TOTALS: readonly StatusTotal[] = [];
const isAsked = (column: string): column is Asked => (HISTORY_COLUMNS as readonly string[]).includes(column);

/** Only columns that the contract knows are asked for; the others are worked out here. */
const known = <T extends { readonly column: HistoryColumn }>(all: readonly T[]): (T & { column: Asked })[] =>
  all.flatMap((one) => (isAsked(one.column) ? [{ ...one, column: one.column }] : []));

/** The grid of all operations; `onFacets` hears the counts that come with its rows. */
export const useHistory = (onFacets: (facets: Facets) => void): HistoryGrid => {
  const { client } = useRuntime();
  return useGrid<HistoryRow, HistoryColumn, Output<'sync.history'>>({
    id: 'sync-history',
    columns: HISTORY_GRID,
    fetchPage: ({ sort, filters, ...request }, signal) =>
      client.call('sync.history', { ...request, sort: known(sort), filters: known(filters) }, signal),
    rowId: (row) => row.id,
    topics: ['operations', 'connections'],
    noun: NOUN,
    onPage: (page) => onFacets(page.facets),
    linkColumns: LINK_COLUMNS,
  });
};

/** Every operation there was, narrowed by outcome, connection and time. */
export const HistoryList = ({
  grid,
  facets,
  onOpen,
}: {
  readonly grid: HistoryGrid;
  /** Undefined until counted. */
  readonly facets: Facets | undefined;
  readonly onOpen: (operationId: string) => void;
}) => {
  const copy = useCopy(grid);
  useGridStatus(grid, NO_TOTALS);
  const loaded = useStore(grid.store, (state) => state.total !== null);
  const names = new Map(facets?.connectionId.map(({ value, label }) => [value, label]));
  return (
    <section className="sync__history" aria-label="History">
      <GridToolbar grid={grid} searchLabel="Search operations" start={<h2 className="sync__title">History</h2>} />
      <FacetedRows
        label="Counts"
        facets={
          loaded ? (
            <>
              <CountedFacet
                grid={grid}
                column="status"
                title="Outcome"
                counts={facets?.status}
                nameOf={(value) => nameOf(OPERATION_STATUS_NAME, value)}
              />
              <CountedFacet
                grid={grid}
                column="connectionId"
                title="Connection"
                counts={facets?.connectionId}
                nameOf={(value) => names.get(value) ?? 'A connection'}
              />
            </>
          ) : null
        }
      >
        <DataGrid
          grid={grid}
          label="History of operations"
          onOpen={(row) => onOpen(row.id)}
          empty={
            <StateView icon={<History size={20} aria-hidden />} title="Nothing has been synced yet" inline>
              Every sync and every import stands here once it has begun.
            </StateView>
          }
        />
        <SelectionBar grid={grid}>
          <Button onPress={copy}>Copy rows</Button>
        </SelectionBar>
      </FacetedRows>
    </section>
  );
};
