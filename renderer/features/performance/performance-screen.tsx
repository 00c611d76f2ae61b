import { ChartLine } from 'lucide-react';
import type { PerformanceRow } from '../../../shared/contract/performance.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import type { StatusTotal } from '../../app/status.ts';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Split } from '../../components/split.tsx';
import { StateView } from '../../components/state-view.tsx';
import { DataGrid } from '../../grid/data-grid.tsx';
import { GridToolbar, SelectionBar } from '../../grid/grid-toolbar.tsx';
import { useCopy } from '../../grid/use-copy.ts';
import { useGrid } from '../../grid/use-grid.ts';
import { useGridStatus } from '../../grid/use-grid-status.ts';
import { useParam } from '../../router/use-place.ts';
import { LINK_COLUMNS, PERFORMANCE_GRID, type PerformanceColumn } from './columns.ts';
import { PerformanceDetail } from './performance-detail.tsx';

const NOUN = ['return', 'returns'] as const;
/** Returns are not summed. */
const NO_TOTALS: readonly StatusTotal[] = [];

const Nothing = () => {
  const { router } = useRuntime();
  return (
    <StateView
      icon={<ChartLine size={20} aria-hidden />}
      title="No returns yet"
      actions={
        <Button look="primary" onPress={() => router.go('/connections')}>
          Open connections
        </Button>
      }
    >
      Returns and benchmarks appear here after a sync with Addepar or Orion. How many months a sync reads is a setting of the
      connection.
    </StateView>
  );
};

const Performance = () => {
  const { client, router } = useRuntime();
  const id = useParam('id');
  const grid = useGrid<PerformanceRow, PerformanceColumn, Output<'performance.page'>>({
    id: 'performance',
    columns: PERFORMANCE_GRID,
    fetchPage: (request, signal) => client.call('performance.page', request, signal),
    rowId: (row) => row.id,
    topics: ['operations', 'connections'],
    noun: NOUN,
    linkColumns: LINK_COLUMNS,
  });
  const copy = useCopy(grid);
  useGridStatus(grid, NO_TOTALS);
  return (
    <Page title="Performance" fill>
      <Split
        id="performance"
        width={560}
        pane={id === null ? null : <PerformanceDetail id={id} />}
        paneLabel="Performance of an account"
        hint="Choose a return to see how its account has done."
        onClose={() => router.set({ id: null })}
      >
        <GridToolbar grid={grid} searchLabel="Search returns" />
        <DataGrid
          grid={grid}
          label="Returns"
          onOpen={(row) => router.set({ id: row.id }, { replace: id !== null })}
          empty={<Nothing />}
        />
        <SelectionBar grid={grid}>
          <Button onPress={copy}>Copy rows</Button>
        </SelectionBar>
      </Split>
    </Page>
  );
};

export const performanceScreen: Screen = {
  id: 'performance',
  path: '/performance',
  title: 'Performance',
  icon: ChartLine,
  key: 'p',
  component: Performance,
};
