import { ArrowDown, ArrowUp, Filter } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { IHeaderParams } from 'ag-grid-community';
import { useStore } from 'zustand';
import type { GridColumn } from './column.ts';
import type { GridStore } from './grid-store.ts';

interface HeaderCellParams<R> extends IHeaderParams<R> {
  readonly gridColumn: GridColumn<R>;
  readonly store: GridStore<R>;
}

const useSort = <R,>(column: IHeaderParams<R>['column']) => {
  const read = () => ({ direction: column.getSort() ?? null, place: column.getSortIndex() ?? null });
  const [sort, setSort] = useState(read);
  useEffect(() => {
    const onChange = (): void => setSort(read);
    column.addEventListener('sortChanged', onChange);
    return () => column.removeEventListener('sortChanged', onChange);
  });
  return sort;
};

/** A column head: press to sort (Shift adds), the funnel or Alt+Down to filter. */
export const HeaderCell = <R,>({ column, displayName, gridColumn, store, progressSort, enableSorting }: HeaderCellParams<R>) => {
  const sort = useSort(column);
  const funnel = useRef<HTMLButtonElement>(null);
  const filtered = useStore(store, (state) => state.filters.some((filter) => filter.column === gridColumn.id));
  const open = (): void => {
    if (funnel.current) store.setState({ filterOpen: { column: gridColumn.id, anchor: funnel.current } });
  };
  return (
    <div className="head" data-filtered={filtered}>
      <button
        type="button"
        tabIndex={-1}
        className="head__label"
        disabled={enableSorting !== true}
        onClick={(event) => progressSort(event.shiftKey)}
      >
        <span className="truncate">{displayName}</span>
        {sort.direction === 'asc' ? <ArrowUp size={12} aria-hidden /> : null}
        {sort.direction === 'desc' ? <ArrowDown size={12} aria-hidden /> : null}
        {sort.place !== null && sort.direction !== null ? (
          <sup className="head__place">{sort.place > 0 ? sort.place + 1 : ''}</sup>
        ) : null}
      </button>
      {gridColumn.filterable === false ? null : (
        <button
          ref={funnel}
          type="button"
          tabIndex={-1}
          className="head__filter"
          aria-label={`Filter by ${displayName}`}
          onClick={open}
        >
          <Filter size={12} aria-hidden {...(filtered ? { fill: 'currentColor' } : {})} />
        </button>
      )}
    </div>
  );
};
