import { describe, expect, it } from 'vitest';
import { dec } from '../../shared/model/decimal.ts';
import { contract } from '../../shared/contract/index.ts';
import { statusTotals } from '../../renderer/features/holdings/totals.ts';
import { HOLDING_GRID } from '../../renderer/features/holdings/columns.ts';
import { cellText, type GridColumn, type GridFilter } from '../../renderer/grid/column.ts';
import { neutralise, toTsv } from '../../renderer/grid/copy.ts';
import { pageRequest } from '../../renderer/grid/datasource.ts';
import { draftOf, EMPTY_DRAFT, filtersOfDraft, readAmount } from '../../renderer/grid/filter-draft.ts';
import { filterWords } from '../../renderer/grid/filter-words.ts';
import { filtersOf, gridLink } from '../../renderer/grid/grid-link.ts';
import { chooseAll, chooseRows, createGridStore, setColumnFilters } from '../../renderer/grid/grid-store.ts';
import { choose, chosenCount, EVERYTHING, isChosen, NOTHING } from '../../renderer/grid/selection.ts';
import { HOLDINGS } from './fixture/book.ts';

describe('selection', () => {
  it('of some counts ids; of everything counts what is left out', () => {
    const some = choose(choose(NOTHING, 'a', true), 'b', true);
    expect(chosenCount(some, 500)).toBe(2);
    const all = choose(EVERYTHING, 'a', false);
    // 500 match, one is taken out.
    expect(chosenCount(all, 500)).toBe(499);
    expect([isChosen(all, 'a'), isChosen(all, 'z')]).toEqual([false, true]);
  });

  it('is let go when the question changes, so that nothing unseen stays chosen', () => {
    const store = createGridStore<{ id: string }>();
    chooseRows(store, [{ id: 'a', row: { id: 'a' } }], true);
    setColumnFilters(store, 'type', [{ column: 'type', operator: 'is', value: 'bond' }]);
    expect(chosenCount(store.getState().selection, 10)).toBe(0);
  });

  it('sums exactly what is chosen, also when everything but some is', () => {
    const store = createGridStore<{ currency: string; marketValue: ReturnType<typeof dec> }>();
    const row = (amount: string) => ({ currency: 'USD', marketValue: dec(amount) });
    const totals = [{ currency: 'USD', marketValue: dec('1000.1'), costBasis: dec('1'), positions: 3 }];
    chooseRows(
      store,
      [
        { id: 'a', row: row('0.1') },
        { id: 'b', row: row('0.2') },
      ],
      true,
    );
    // 0.1 + 0.2 = 0.30, exactly
    expect(statusTotals(totals, store.getState().selection, store.getState().known)).toEqual([
      { label: 'Selected', amount: '0.30', currency: 'USD' },
    ]);
    chooseAll(store);
    chooseRows(store, [{ id: 'a', row: row('0.1') }], false);
    // 1000.1 - 0.1 = 1000.00
    expect(statusTotals(totals, store.getState().selection, store.getState().known)).toEqual([
      { label: 'Selected', amount: '1,000.00', currency: 'USD' },
    ]);
  });
});

describe('filters', () => {
  const filters: GridFilter[] = [
    { column: 'type', operator: 'in', value: ['stock', 'bond'] },
    { column: 'account', operator: 'contains', value: 'a~b|c & d' },
    { column: 'marketValue', operator: 'atLeast', value: '-1000.5' },
  ];
  const columns = HOLDING_GRID.map((column) => column.id as string);

  it('survive the way through an address', () => {
    const search = new URLSearchParams(gridLink('/holdings', filters, 'elm').split('?')[1]);
    expect(filtersOf(search, columns)).toEqual({ filters, search: 'elm' });
  });

  it('of an address that names none clear the list; an address without any leaves it', () => {
    expect(filtersOf(new URLSearchParams(gridLink('/holdings').split('?')[1]), columns)).toEqual({ filters: [], search: '' });
    expect(filtersOf(new URLSearchParams('id=h1'), columns)).toBeNull();
  });

  it('with an unknown column or operator are left out', () => {
    expect(filtersOf(new URLSearchParams('f=secret~is~1&f=type~drop~1'), columns)).toEqual({ filters: [], search: '' });
  });

  it('are what the contract accepts', () => {
    const request = pageRequest(
      { offset: 0, limit: 200 },
      { sort: [{ column: 'marketValue', direction: 'desc' }], filters, search: '' },
    );
    expect(contract['holdings.page'].input.safeParse(request).success).toBe(true);
  });

  it('read amounts as people type them and refuse what is no number', () => {
    expect(readAmount(' 1,234.50 ')).toBe('1234.5');
    expect(readAmount('\u22125')).toBe('-5');
    expect(readAmount('12a')).toBeNull();
    expect(filtersOfDraft('price', 'amount', { ...EMPTY_DRAFT, from: 'cheap' })).toEqual({
      filters: [],
      errors: { from: 'Write a number, such as 1,250.50.' },
    });
  });

  it('up to a day include that day, and show as that day again', () => {
    const { filters: made } = filtersOfDraft('openedAt', 'instant', { ...EMPTY_DRAFT, from: '2026-11-17', to: '2026-11-18' });
    expect(made.map((filter) => filter.value)).toEqual(['2026-11-17', '2026-11-18T23:59:59.999Z']);
    expect(draftOf(made)).toMatchObject({ from: '2026-11-17', to: '2026-11-18' });
  });

  it('read as words on their chips', () => {
    expect(filters.map((filter) => filterWords(filter, HOLDING_GRID))).toEqual([
      'Type: Stock, Bond',
      'Account contains a~b|c & d',
      'Market value at least \u22121,000.5',
    ]);
    expect(filterWords({ column: 'accountId', operator: 'is', value: 'a1' }, HOLDING_GRID, { accountId: 'One account' })).toBe(
      'One account',
    );
  });
});

describe('copying', () => {
  const columns: readonly GridColumn<{ name: string; amount: string }>[] = [
    { id: 'name', header: 'Name', kind: 'text', value: (row) => row.name, width: 1 },
    { id: 'amount', header: 'Amount', kind: 'amount', value: (row) => row.amount, width: 1 },
  ];

  it('takes exact values, makes formulas harmless and leaves negative numbers alone', () => {
    expect(
      toTsv(columns, [
        { name: '=cmd|x', amount: '-1234.56789' },
        { name: 'a\tb', amount: '2' },
      ]),
    ).toBe("Name\tAmount\n'=cmd|x\t-1234.56789\na b\t2");
    expect(neutralise('plain')).toBe('plain');
  });
});

describe('cells of holdings', () => {
  it('never show fewer digits than they have without the exact value beside', () => {
    for (const row of HOLDINGS.slice(0, 400)) {
      for (const column of HOLDING_GRID.filter(({ kind }) => kind === 'amount')) {
        const { text, exact } = cellText(column, row, 'iso');
        const digits = (value: string): string => value.replace(/[,\u2212-]/g, '').replace(/\.?0+$/, '');
        const value = column.value(row);
        if (value === null) expect(text).toBe('–');
        else if (exact === null)
          expect(digits(text.includes('.') ? text : `${text}.0`)).toBe(
            digits(String(value).includes('.') ? String(value) : `${value}.0`),
          );
        else expect(exact.replaceAll(',', '')).toBe(String(value));
      }
    }
  });
});
