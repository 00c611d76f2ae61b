import { Boxes } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { TaxLotRow } from '../../../shared/contract/tax-lots.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { StateView } from '../../components/state-view.tsx';
import { counted, type Scale } from '../../format/amount.ts';
import { setColumnFilters } from '../../grid/grid-store.ts';
import { ListFrame } from '../../grid/list-frame.tsx';
import type { Selection } from '../../grid/selection.ts';
import { useGrid } from '../../grid/use-grid.ts';
import { LINK_COLUMNS, TAX_LOT_GRID, type TaxLotColumn } from './columns.tsx';
import { TaxLotDetail } from './tax-lot-detail.tsx';
import { statusTotals, type Totals } from './totals.ts';

const NOUN = ['tax lot', 'tax lots'] as const;
const NO_TOTALS: Totals = [];

const Nothing = () => {
  const { router } = useRuntime();
  return (
    <StateView
      icon={<Boxes size={20} aria-hidden />}
      title="No tax lots yet"
      actions={
        <Button look="primary" onPress={() => router.go('/connections')}>
          Open connections
        </Button>
      }
    >
      Open tax lots appear here after a sync with Orion. Addepar, Black Diamond and custodian files do not tell lots apart.
    </StateView>
  );
};

/** In whole units, the exact amounts in the tooltips: the line stands beside the title. */
const WHOLE: Scale = { min: 0, max: 0 };

/** Short and long are told apart, because they are taxed apart. */
const GainByTerm = ({ totals }: { readonly totals: Totals }) =>
  totals.length === 0 ? null : (
    <>
      Gain short-term / long-term{' '}
      {totals.map(({ currency, shortTermGain, longTermGain }) => (
        <span key={currency} className="lots__gain">
          <Amount value={shortTermGain} scale={WHOLE} /> / <Amount value={longTermGain} scale={WHOLE} /> {currency}
        </span>
      ))}
    </>
  );

const TaxLots = () => {
  const { client } = useRuntime();
  const [totals, setTotals] = useState<Totals>(NO_TOTALS);
  const [differing, setDiffering] = useState(0);
  const grid = useGrid<TaxLotRow, TaxLotColumn, Output<'taxLots.page'>>({
    id: 'tax-lots',
    columns: TAX_LOT_GRID,
    fetchPage: (request, signal) => client.call('taxLots.page', request, signal),
    rowId: (row) => row.id,
    topics: ['operations', 'connections'],
    noun: NOUN,
    onPage: (page) => {
      setTotals(page.totals);
      setDiffering(page.differing);
    },
    linkColumns: LINK_COLUMNS,
  });
  return (
    <Page
      title="Tax lots"
      fill
      detail={
        <>
          {differing === 0 ? null : (
            <Button
              look="quiet"
              onPress={() => setColumnFilters(grid.store, 'sum', [{ column: 'sum', operator: 'is', value: 'differs' }])}
            >
              {counted(differing, 'position')} whose lots do not add up
            </Button>
          )}
          <GainByTerm totals={totals} />
        </>
      }
    >
      <ListFrame
        grid={grid}
        label="Tax lots"
        searchLabel="Search tax lots"
        empty={<Nothing />}
        totals={useCallback(
          (selection: Selection, known: ReadonlyMap<string, TaxLotRow>) => statusTotals(totals, selection, known),
          [totals],
        )}
        width={460}
        pane={(id) => <TaxLotDetail key={id} id={id} />}
        paneLabel="Tax lot"
        hint="Choose a lot to see it among the lots of its position."
      />
    </Page>
  );
};

export const taxLotsScreen: Screen = {
  id: 'tax-lots',
  path: '/tax-lots',
  title: 'Tax lots',
  icon: Boxes,
  key: 'l',
  component: TaxLots,
};
