import { describe, expect, it } from 'vitest';
import { contract, type CallInput } from '../../shared/contract/index.ts';
import { BREAK_COLUMNS } from '../../shared/contract/reconciliation.ts';
import { reconciliationReads } from '../../main/reconciliation/reads.ts';
import { createTestBook } from './book.ts';

/** Four breaks: two of Alder (quantity 100 against 90, value 18000 against 16200), missing Beech, cash 1000 against 900. */
function bookWithBreaks() {
  const book = createTestBook();
  const orion = book.connection('orion', 'Orion');
  const account = book.account('Birchwood family trust', [orion], 'Birchwood household');
  const alder = book.security('Alder 50%_off', { ticker: 'ALD', cusip: '037833100' });
  const value = { quantity: '100', price: '180', marketValue: '18000' };
  book.record(orion, book.holding(account, alder, value), { quantity: '90', price: '180', marketValue: '16200' });
  book.holding(account, book.security('Beech', { type: 'etf' }), { quantity: '5', marketValue: '123456.5' });
  const cash = { price: '1' };
  book.record(
    orion,
    book.holding(account, book.security('US dollar', { type: 'cash' }), { ...cash, quantity: '1000', marketValue: '1000' }),
    {
      ...cash,
      quantity: '900',
      marketValue: '900',
    },
  );
  const id = book.run();
  const find = (input: Omit<CallInput<'reconciliation.breaks'>, 'id'>) => book.page({ id, ...input }).rows.map((b) => b.field);
  return { book, id, find };
}

describe('the page of breaks', () => {
  it('shows the most urgent first', () => {
    const { find } = bookWithBreaks();
    // 123456.5 critical; 1800 medium twice (10 x 180 and 18000 - 16200), in the order found; 100 low
    expect(find({})).toEqual(['presence', 'quantity', 'marketValue', 'cash']);
  });

  it('answers windows that do not overlap, with the total of what matches', () => {
    const { book, id } = bookWithBreaks();
    const first = book.page({ id, limit: 3 });
    const second = book.page({ id, limit: 3, offset: 3 });
    expect([first.total, first.rows.length, second.total, second.rows.length]).toEqual([4, 3, 4, 1]);
    expect(new Set([...first.rows, ...second.rows].map((b) => b.id)).size).toBe(4);
  });

  it('filters amounts as exact numbers', () => {
    const { find } = bookWithBreaks();
    const filter = (column: 'impact' | 'difference' | 'clearway', operator: 'atLeast' | 'atMost' | 'is', value: string) =>
      find({ filters: [{ column, operator, value }] });
    expect(filter('impact', 'atLeast', '123456.5')).toEqual(['presence']);
    expect(filter('impact', 'atLeast', '123456.50000001')).toEqual([]);
    expect(filter('impact', 'atMost', '100')).toEqual(['cash']);
    expect(filter('difference', 'is', '-10')).toEqual(['quantity']);
    expect(filter('clearway', 'atLeast', '1000')).toEqual(['marketValue', 'cash']);
  });

  it('filters words, ids and yes or no', () => {
    const { find } = bookWithBreaks();
    expect(find({ filters: [{ column: 'class', operator: 'in', value: ['missing', 'cash'] }] })).toEqual(['presence', 'cash']);
    expect(find({ filters: [{ column: 'severity', operator: 'is', value: 'critical' }] })).toEqual(['presence']);
    expect(find({ filters: [{ column: 'fixable', operator: 'is', value: 'true' }] })).toEqual([]);
    expect(find({ filters: [{ column: 'ageDays', operator: 'atLeast', value: '1' }] })).toEqual([]);
    expect(find({ filters: [{ column: 'accountId', operator: 'is', value: '1' }] })).toHaveLength(4);
    expect(find({ filters: [{ column: 'cusip', operator: 'notBlank' }] })).toEqual(['quantity', 'marketValue']);
    expect(find({ filters: [{ column: 'portfolio', operator: 'contains', value: 'birch' }] })).toHaveLength(4);
    expect(() => find({ filters: [{ column: 'severity', operator: 'is', value: 'dreadful' }] })).toThrow(
      '"dreadful" is not a value of this column.',
    );
  });

  it('takes the wildcards of LIKE as they are written', () => {
    const { find } = bookWithBreaks();
    expect(find({ search: '50%_off' })).toEqual(['quantity', 'marketValue']);
    expect(find({ search: '%' })).toEqual(['quantity', 'marketValue']);
    expect(find({ search: 'beech 5' })).toEqual(['presence']);
  });

  it('can be sorted and filtered by every column of the contract', () => {
    const { find } = bookWithBreaks();
    for (const column of BREAK_COLUMNS) {
      expect(find({ sort: [{ column, direction: 'desc' }] })).toHaveLength(4);
      expect(
        find({ filters: [{ column, operator: 'blank' }] }).length + find({ filters: [{ column, operator: 'notBlank' }] }).length,
      ).toBe(4);
    }
  });

  it('sorts amounts as numbers', () => {
    const { book, id } = bookWithBreaks();
    const rows = book.page({ id, sort: [{ column: 'clearway', direction: 'asc' }] }).rows;
    expect(rows.map((b) => b.clearway)).toEqual(['100', '1000', '18000', 'held']);
  });

  it('knows no run that is not there', () => {
    const { book } = bookWithBreaks();
    expect(() => book.page({ id: '99' })).toThrow('There is no such reconciliation run.');
    expect(() => book.page({ id: 'x' })).toThrow('There is no such reconciliation run.');
  });
});

describe('facets and summaries', () => {
  it('count what matches, most frequent first', () => {
    const { book, id } = bookWithBreaks();
    const read = (input: object) =>
      contract['reconciliation.facets'].output.parse(
        reconciliationReads['reconciliation.facets'](book.db, contract['reconciliation.facets'].input.parse({ id, ...input })),
      );
    const all = read({});
    expect(all.total).toBe(4);
    expect(all.facets.class).toEqual([
      { value: 'quantity', label: 'Quantity', count: 2 },
      { value: 'cash', label: 'Cash', count: 1 },
      { value: 'missing', label: 'Missing', count: 1 },
    ]);
    expect(all.facets.severity.map((f) => `${f.value} ${f.count}`)).toEqual(['medium 2', 'critical 1', 'low 1']);
    expect(all.facets.type.map((f) => `${f.label} ${f.count}`)).toEqual(['Stock 2', 'Cash 1', 'ETF 1']);
    expect(read({ filters: [{ column: 'class', operator: 'is', value: 'cash' }] }).facets.side).toEqual([
      { value: 'Orion', label: 'Orion', count: 1 },
    ]);
  });

  it('summarise runs, newest first', () => {
    const { book, id } = bookWithBreaks();
    const second = book.run();
    const { items } = contract['reconciliation.runs'].output.parse(
      reconciliationReads['reconciliation.runs'](book.db, { limit: 50 }),
    );
    expect(items.map((r) => r.id)).toEqual([second, id]);
    expect(items[1]).toMatchObject({ by: 'analyst', compared: 3, matched: 0, breaks: 4, open: 4, error: null });
    expect(reconciliationReads['reconciliation.runs'](book.db, { limit: 1 }).items).toHaveLength(1);
  });
});
