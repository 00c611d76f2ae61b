import { Layers } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { HoldingRow } from '../../../shared/contract/book.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Breadcrumb, type Crumb } from '../../components/breadcrumb.tsx';
import { Button } from '../../components/button.tsx';
import { Segmented } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { StateView } from '../../components/state-view.tsx';
import { DataGrid } from '../../grid/data-grid.tsx';
import { filtersOf, gridLink } from '../../grid/grid-link.ts';
import { GridToolbar } from '../../grid/grid-toolbar.tsx';
import type { GridFilter } from '../../grid/column.ts';
import { ListFrame } from '../../grid/list-frame.tsx';
import type { Selection } from '../../grid/selection.ts';
import { useGrid } from '../../grid/use-grid.ts';
import { useGridStatus } from '../../grid/use-grid-status.ts';
import { useParam, usePlace } from '../../router/use-place.ts';
import {
  GROUP_GRID,
  GROUPINGS,
  HOLDING_GRID,
  LINK_COLUMNS,
  type Grouping,
  type GroupKey,
  type HoldingColumn,
  type HoldingGroup,
} from './columns.ts';
import { HoldingDetail } from './holding-detail.tsx';
import { statusTotals } from './totals.ts';

type Totals = Output<'holdings.page'>['totals'];

const LINK_IDS = Object.keys(LINK_COLUMNS);
const NO_TOTALS: Totals = [];
const isGrouping = (text: string | null): text is Grouping => (GROUPINGS as readonly (string | null)[]).includes(text);

/** The address of the list with this grouping and exactly these filters. */
const holdingsLink = (group: Grouping, filters: readonly GridFilter[], search = ''): string =>
  `${gridLink('/holdings', filters, search)}${group === 'none' ? '' : `&group=${group}`}`;

const GroupSwitch = ({ group }: { readonly group: Grouping }) => {
  const { router } = useRuntime();
  const change = (next: Grouping): void => {
    const now = filtersOf(router.store.getState().search, [...HOLDING_GRID.map((column) => column.id), ...LINK_IDS]);
    router.go(holdingsLink(next, now?.filters ?? [], now?.search ?? ''));
  };
  return (
    <Segmented
      label="Group by"
      value={group}
      options={[
        { value: 'none', label: 'Positions' },
        { value: 'portfolio', label: 'Portfolios' },
        { value: 'account', label: 'Accounts' },
        { value: 'security', label: 'Securities' },
      ]}
      onChange={change}
    />
  );
};

const Nothing = () => {
  const { router } = useRuntime();
  return (
    <StateView
      icon={<Layers size={20} aria-hidden />}
      title="The book is empty"
      actions={
        <Button look="primary" onPress={() => router.go('/connections?add=1')}>
          Add a connection
        </Button>
      }
    >
      Positions appear here after the first sync or the first imported custodian file.
    </StateView>
  );
};

const Positions = () => {
  const { client } = useRuntime();
  const [totals, setTotals] = useState<Totals>(NO_TOTALS);
  const grid = useGrid<HoldingRow, HoldingColumn, Output<'holdings.page'>>({
    id: 'holdings',
    columns: HOLDING_GRID,
    fetchPage: (request, signal) => client.call('holdings.page', request, signal),
    rowId: (row) => row.id,
    topics: ['holdings', 'conflicts'],
    noun: NOUN,
    onPage: (page) => setTotals(page.totals),
    linkColumns: LINK_COLUMNS,
  });
  return (
    <ListFrame
      grid={grid}
      label="Positions"
      searchLabel="Search positions"
      empty={<Nothing />}
      start={<GroupSwitch group="none" />}
      totals={useCallback(
        (selection: Selection, known: ReadonlyMap<string, HoldingRow>) => statusTotals(totals, selection, known),
        [totals],
      )}
      width={540}
      pane={(id) => <HoldingDetail key={id} id={id} />}
      paneLabel="Position"
      hint="Choose a position to see where its values come from."
    />
  );
};

const NOUN = ['position', 'positions'] as const;
const GROUP_NOUN = {
  portfolio: ['portfolio', 'portfolios'],
  account: ['account', 'accounts'],
  security: ['security', 'securities'],
} as const;
const DRILL: Readonly<Record<GroupKey, { readonly column: string; readonly next: Grouping }>> = {
  portfolio: { column: 'portfolioId', next: 'account' },
  account: { column: 'accountId', next: 'none' },
  security: { column: 'securityId', next: 'none' },
};

const Groups = ({ by }: { readonly by: GroupKey }) => {
  const { client, router } = useRuntime();
  const grid = useGrid<HoldingGroup, HoldingColumn>({
    id: `holdings-${by}`,
    columns: GROUP_GRID[by],
    fetchPage: (request, signal) => client.call('holdings.groups', { ...request, by }, signal),
    rowId: (row) => `${row.key ?? 'none'} ${row.currency}`,
    topics: ['holdings', 'conflicts'],
    noun: GROUP_NOUN[by],
    linkColumns: LINK_COLUMNS,
  });
  const { filters, search } = useStore(grid.store);
  const all = useQuery(
    'holdings.page',
    useMemo(
      () => ({
        limit: 1,
        search,
        filters: filters.map(({ column, operator, value }) => ({
          column: column as HoldingColumn,
          operator,
          value: typeof value === 'string' ? value : [...value],
        })),
      }),
      [filters, search],
    ),
    { keep: true },
  );
  const totals = all.data?.totals ?? NO_TOTALS;
  useGridStatus(
    grid,
    useMemo(() => statusTotals(totals, { mode: 'some', ids: new Set() }, new Map()), [totals]),
  );
  const open = (row: HoldingGroup): void => {
    const { column, next } = DRILL[by];
    const kept = grid.store.getState().filters.filter((filter) => filter.column !== column);
    router.go(
      holdingsLink(next, [
        ...kept,
        row.key === null ? { column: by, operator: 'blank', value: '' } : { column, operator: 'is', value: row.key },
      ]),
    );
  };
  return (
    <>
      <GridToolbar grid={grid} searchLabel="Search positions" start={<GroupSwitch group={by} />} />
      <DataGrid grid={grid} label={`Positions by ${by}`} onOpen={open} empty={<Nothing />} selectable={false} />
    </>
  );
};

/** Where the list stands between the whole book and one account or security, from the filters of the address. */
const useCrumbs = (): readonly Crumb[] => {
  const { search } = usePlace();
  const fixed = useMemo(
    () =>
      (filtersOf(search, LINK_IDS)?.filters ?? []).filter(
        (filter) => filter.operator === 'is' && filter.column !== 'connectionId',
      ),
    [search],
  );
  const sample = useQuery(
    'holdings.page',
    fixed.length === 0
      ? null
      : {
          limit: 1,
          filters: fixed.map((filter) => ({
            column: filter.column as HoldingColumn,
            operator: 'is' as const,
            value: String(filter.value),
          })),
        },
  );
  const row = sample.data?.rows[0];
  if (fixed.length === 0 || row === undefined) return [];
  const names: Readonly<Record<string, string>> = {
    portfolioId: row.portfolio,
    accountId: row.account,
    securityId: row.security,
  };
  const steps = ['portfolioId', 'accountId', 'securityId'].flatMap((column) =>
    fixed.filter((filter) => filter.column === column),
  );
  return [
    { label: 'All holdings', to: holdingsLink('portfolio', []) },
    ...steps.map((step, index): Crumb => {
      const label = names[step.column] ?? step.column;
      if (index === steps.length - 1) return { label };
      return { label, to: holdingsLink(step.column === 'portfolioId' ? 'account' : 'none', steps.slice(0, index + 1)) };
    }),
  ];
};

const Holdings = () => {
  const asked = useParam('group');
  const group: Grouping = isGrouping(asked) ? asked : 'none';
  const crumbs = useCrumbs();
  return (
    <Page
      title="Holdings"
      fill
      detail={crumbs.length === 0 ? undefined : <Breadcrumb label="Where this list stands" crumbs={crumbs} />}
    >
      {group === 'none' ? <Positions /> : <Groups key={group} by={group} />}
    </Page>
  );
};

export const holdingsScreen: Screen = {
  id: 'holdings',
  path: '/holdings',
  title: 'Holdings',
  icon: Layers,
  key: 'h',
  component: Holdings,
};
