import { ArrowLeftRight } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { TransactionRow } from '../../../shared/contract/transactions.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { StateView } from '../../components/state-view.tsx';
import { counted } from '../../format/amount.ts';
import { setColumnFilters } from '../../grid/grid-store.ts';
import { ListFrame } from '../../grid/list-frame.tsx';
import type { Selection } from '../../grid/selection.ts';
import { useGrid } from '../../grid/use-grid.ts';
import { LINK_COLUMNS, TRANSACTION_GRID, type TransactionColumn } from './columns.ts';
import { statusTotals, type Totals } from './totals.ts';
import { TransactionDetail } from './transaction-detail.tsx';

const NOUN = ['transaction', 'transactions'] as const;
const NO_TOTALS: Totals = [];

const Nothing = () => {
  const { router } = useRuntime();
  return (
    <StateView
      icon={<ArrowLeftRight size={20} aria-hidden />}
      title="No transactions yet"
      actions={
        <Button look="primary" onPress={() => router.go('/connections')}>
          Open connections
        </Button>
      }
    >
      Transactions appear here after a sync or an imported custodian file. How many days back a sync reads is a setting of the
      connection.
    </StateView>
  );
};

const Transactions = () => {
  const { client } = useRuntime();
  const [totals, setTotals] = useState<Totals>(NO_TOTALS);
  const [unmapped, setUnmapped] = useState(0);
  const grid = useGrid<TransactionRow, TransactionColumn, Output<'transactions.page'>>({
    id: 'transactions',
    columns: TRANSACTION_GRID,
    fetchPage: (request, signal) => client.call('transactions.page', request, signal),
    rowId: (row) => row.id,
    topics: ['operations', 'connections', 'imports'],
    noun: NOUN,
    onPage: (page) => {
      setTotals(page.totals);
      setUnmapped(page.unmapped);
    },
    linkColumns: LINK_COLUMNS,
  });
  return (
    <Page
      title="Transactions"
      fill
      detail={
        unmapped === 0 ? undefined : (
          <Button
            look="quiet"
            onPress={() => setColumnFilters(grid.store, 'type', [{ column: 'type', operator: 'is', value: 'other' }])}
          >
            {counted(unmapped, 'transaction')} of a type that is not mapped
          </Button>
        )
      }
    >
      <ListFrame
        grid={grid}
        label="Transactions"
        searchLabel="Search transactions"
        empty={<Nothing />}
        totals={useCallback(
          (selection: Selection, known: ReadonlyMap<string, TransactionRow>) => statusTotals(totals, selection, known),
          [totals],
        )}
        width={460}
        pane={(id) => <TransactionDetail key={id} id={id} />}
        paneLabel="Transaction"
        hint="Choose a transaction to see where it comes from."
      />
    </Page>
  );
};

export const transactionsScreen: Screen = {
  id: 'transactions',
  path: '/transactions',
  title: 'Transactions',
  icon: ArrowLeftRight,
  key: 't',
  component: Transactions,
};
