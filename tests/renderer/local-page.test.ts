import { describe, expect, it } from 'vitest';
import { localPage } from '../../renderer/grid/local-page.ts';
import type { GridColumn, PageRequest } from '../../renderer/grid/column.ts';

interface Line {
  readonly name: string;
  readonly amount: string | null;
}
const COLUMNS: readonly GridColumn<Line, 'name' | 'amount'>[] = [
  { id: 'name', header: 'Name', kind: 'text', value: (row) => row.name, width: 100 },
  { id: 'amount', header: 'Amount', kind: 'amount', value: (row) => row.amount, width: 100 },
];
const LINES: readonly Line[] = [
  { name: 'Birch', amount: '1000' },
  { name: 'Elm', amount: '9.5' },
  { name: 'Birch and elm', amount: null },
  { name: 'Cedar', amount: '-20' },
];
const ask = (request: Partial<PageRequest<'name' | 'amount'>>) => {
  const page = localPage(LINES, COLUMNS, { offset: 0, limit: 100, sort: [], filters: [], search: '', ...request });
  return { names: page.rows.map((row) => row.name), total: page.total };
};

describe('rows of a file as a grid asks for them', () => {
  it('come in windows with the whole count', () => {
    expect(ask({ offset: 1, limit: 2 })).toEqual({ names: ['Elm', 'Birch and elm'], total: 4 });
  });

  it('are sorted by value, not by text, and those without a value come last either way', () => {
    expect(ask({ sort: [{ column: 'amount', direction: 'asc' }] }).names).toEqual(['Cedar', 'Elm', 'Birch', 'Birch and elm']);
    expect(ask({ sort: [{ column: 'amount', direction: 'desc' }] }).names).toEqual(['Birch', 'Elm', 'Cedar', 'Birch and elm']);
  });

  it('are filtered by every operator', () => {
    const by = (
      operator: PageRequest<'name'>['filters'][number]['operator'],
      column: 'name' | 'amount',
      value: string | string[],
    ) => ask({ filters: [{ column, operator, value }] }).names;
    expect(by('is', 'name', 'Elm')).toEqual(['Elm']);
    expect(by('in', 'name', ['Elm', 'Cedar'])).toEqual(['Elm', 'Cedar']);
    expect(by('contains', 'name', 'ELM')).toEqual(['Elm', 'Birch and elm']);
    expect(by('atLeast', 'amount', '9.5')).toEqual(['Birch', 'Elm']);
    expect(by('atMost', 'amount', '9.5')).toEqual(['Elm', 'Cedar']);
    expect(by('blank', 'amount', '')).toEqual(['Birch and elm']);
    expect(by('notBlank', 'amount', '')).toEqual(['Birch', 'Elm', 'Cedar']);
  });

  it('are searched by all words, in any column', () => {
    expect(ask({ search: 'birch elm' }).names).toEqual(['Birch and elm']);
    expect(ask({ search: 'birch 1000' }).names).toEqual(['Birch']);
  });
});
