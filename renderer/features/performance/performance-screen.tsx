import { ChartLine } from 'lucide-react';
import type { PerformanceRow } from '../../../shared/contract/performance.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import type { StatusTotal } from '../../app/status.ts';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { StateView } from '../../components/state-view.tsx';
import { ListFrame } from '../../grid/list-frame.tsx';
import { useGrid } from '../../grid/use-grid.ts';
import { LINK_COLUMNS, PERFORMANCE_GRID, type PerformanceColumn } from './columns.ts';
import { PerformanceDetail } from './performance-detail.tsx';

const NOUN = ['return', 'returns'] as const;
/** Returns are not summed. */
const noTotals = (): readonly StatusTotal[] => [];

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
  const { client } = useRuntime();
  const grid = useGrid<PerformanceRow, PerformanceColumn, Output<'performance.page'>>({
    id: 'performance',
    columns: PERFORMANCE_GRID,
    fetchPage: (request, signal) => client.call('performance.page', request, signal),
    rowId: (row) => row.id,
    topics: ['operations', 'connections'],
    noun: NOUN,
    linkColumns: LINK_COLUMNS,
  });
  return (
    <Page title="Performance" fill>
      <ListFrame
        grid={grid}
        label="Returns"
        searchLabel="Search returns"
        empty={<Nothing />}
        totals={noTotals}
        width={560}
        pane={(id) => <PerformanceDetail id={id} />}
        paneLabel="Performance of an account"
        hint="Choose a return to see how its account has done."
      />
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
