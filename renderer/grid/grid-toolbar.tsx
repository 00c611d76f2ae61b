import { ListFilter, Rows3, X } from 'lucide-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { DENSITIES, type Density } from '../app/preferences.ts';
import { useRuntime } from '../app/runtime.tsx';
import { Button, IconButton } from '../components/button.tsx';
import { SearchField } from '../components/field.tsx';
import { Menu } from '../components/menu.tsx';
import { formatCount } from '../format/amount.ts';
import { ColumnsButton } from './columns-button.tsx';
import { filterWords } from './filter-words.ts';
import type { GridHandle } from './grid-handle.ts';
import { chooseAll, chooseNone, removeFilter, setFilters, setSearch } from './grid-store.ts';
import { chosenCount } from './selection.ts';

const SEARCH_AFTER_MS = 200;
const DENSITY_NAME: Readonly<Record<Density, string>> = { compact: 'Compact', regular: 'Regular', comfortable: 'Comfortable' };

const Search = <R, C extends string>({ grid, label }: { readonly grid: GridHandle<R, C>; readonly label: string }) => {
  const { clock } = useRuntime();
  const search = useStore(grid.store, (state) => state.search);
  const [text, setText] = useState(search);
  useEffect(() => setText(search), [search]);
  const cancel = useRef<() => void>(() => undefined);
  const change = (next: string): void => {
    setText(next);
    cancel.current();
    cancel.current = clock.after(next === '' ? 0 : SEARCH_AFTER_MS, () => setSearch(grid.store, next.trim()));
  };
  return <SearchField label={label} value={text} onChange={change} />;
};

const AddFilter = <R, C extends string>({ grid }: { readonly grid: GridHandle<R, C> }) => {
  const anchor = useRef<HTMLSpanElement>(null);
  const choices = grid.definition.columns
    .filter((column) => column.filterable !== false)
    .map((column) => ({
      id: column.id,
      label: column.header,
      run: () =>
        anchor.current ? grid.store.setState({ filterOpen: { column: column.id, anchor: anchor.current } }) : undefined,
    }));
  return (
    <span ref={anchor}>
      <Menu label="Filter by" groups={[{ id: 'columns', label: 'Filter by', choices }]}>
        <Button icon={<ListFilter size={14} aria-hidden />}>Filter</Button>
      </Menu>
    </span>
  );
};

const Chips = <R, C extends string>({ grid }: { readonly grid: GridHandle<R, C> }) => {
  const filters = useStore(grid.store, (state) => state.filters);
  const { columns, linkColumns } = grid.definition;
  if (filters.length === 0) return null;
  return (
    <ul className="chips" aria-label="Filters in force">
      {filters.map((filter) => {
        const words = filterWords(filter, columns, linkColumns);
        const editable = columns.some((column) => column.id === filter.column);
        return (
          <li key={`${filter.column}${filter.operator}`} className="chip">
            {editable ? (
              <button
                type="button"
                className="chip__text"
                onClick={(event) => grid.store.setState({ filterOpen: { column: filter.column, anchor: event.currentTarget } })}
              >
                {words}
              </button>
            ) : (
              <span className="chip__text">{words}</span>
            )}
            <button
              type="button"
              className="chip__remove"
              aria-label={`Remove filter: ${words}`}
              onClick={() => removeFilter(grid.store, filter)}
            >
              <X size={12} aria-hidden />
            </button>
          </li>
        );
      })}
      {filters.length > 1 ? (
        <li>
          <button type="button" className="chip__clear" onClick={() => setFilters(grid.store, [], grid.store.getState().search)}>
            Clear all
          </button>
        </li>
      ) : null}
    </ul>
  );
};

const DensityMenu = () => {
  const { preferences } = useRuntime();
  const density = useStore(preferences, (state) => state.density);
  return (
    <Menu
      label="Row height"
      groups={[
        {
          id: 'density',
          label: 'Row height',
          choices: DENSITIES.map((choice) => ({
            id: choice,
            label: DENSITY_NAME[choice],
            checked: choice === density,
            run: () => preferences.setState({ density: choice }),
          })),
        },
      ]}
    >
      <IconButton label="Row height">
        <Rows3 size={16} aria-hidden />
      </IconButton>
    </Menu>
  );
};

/** Says how many rows are chosen, offers all that match, and lets go. `children`: what can be done with them. */
export const SelectionBar = <R, C extends string>({
  grid,
  children,
}: {
  readonly grid: GridHandle<R, C>;
  readonly children?: ReactNode;
}) => {
  const selection = useStore(grid.store, (state) => state.selection);
  const total = useStore(grid.store, (state) => state.total) ?? 0;
  const count = chosenCount(selection, total);
  if (count === 0) return null;
  return (
    <div className="selection-bar">
      <strong>{formatCount(count)} selected</strong>
      {count < total ? (
        <Button look="quiet" onPress={() => chooseAll(grid.store)}>
          Select all {formatCount(total)} that match
        </Button>
      ) : null}
      <Button look="quiet" onPress={() => chooseNone(grid.store)}>
        Clear selection
      </Button>
      <span className="selection-bar__actions">{children}</span>
    </div>
  );
};

/** Search, filters as chips, columns and row height above a grid. `start` and `children` are the screen's own controls. */
export const GridToolbar = <R, C extends string>({
  grid,
  searchLabel,
  start,
  children,
}: {
  readonly grid: GridHandle<R, C>;
  readonly searchLabel: string;
  readonly start?: ReactNode;
  readonly children?: ReactNode;
}) => (
  <div className="grid-toolbar">
    {start}
    <Search grid={grid} label={searchLabel} />
    <AddFilter grid={grid} />
    <Chips grid={grid} />
    <span className="grid-toolbar__end">
      {children}
      <ColumnsButton grid={grid} />
      <DensityMenu />
    </span>
  </div>
);
