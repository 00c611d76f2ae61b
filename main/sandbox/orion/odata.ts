import { cmp, tryDec } from '../../../shared/model/decimal.ts';
import { MAX_PAGE, OrionError, wholeNumber, type Params } from './request.ts';

const MEMBER = /"(\w+)":("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^,}]+)/g;

/** Members of one flat row as name and JSON text: numbers keep their digits. */
export const membersOf = (row: string): ReadonlyMap<string, string> =>
  new Map(
    [...row.matchAll(MEMBER)].map((match) => [(match[1] ?? '').toLowerCase(), match[0].slice((match[1] ?? '').length + 3)]),
  );

const CONDITION = /^\s*(\w+)\s+(eq|gt|lt)\s+('(?:[^']|'')*'|\S+)\s*$/i;

function compare(left: string | undefined, right: string): number | null {
  if (left === undefined || left === 'null') return right === 'null' ? 0 : null;
  const [a, b] = [tryDec(left), tryDec(right)];
  if (a !== null && b !== null) return cmp(a, b);
  const [textA, textB] = [
    left.startsWith('"') ? String(JSON.parse(left)) : left,
    right.startsWith("'") ? right.slice(1, -1).replaceAll("''", "'") : right,
  ];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}

function readFilter(filter: string): (row: string) => boolean {
  const conditions = filter.split(/\s+and\s+/i).map((part) => {
    const match = CONDITION.exec(part);
    if (!match) throw new OrionError(400, `Cannot read the filter ${JSON.stringify(part)}`);
    return { name: (match[1] ?? '').toLowerCase(), operator: (match[2] ?? '').toLowerCase(), value: match[3] ?? '' };
  });
  return (row) => {
    const members = membersOf(row);
    return conditions.every(({ name, operator, value }) => {
      const order = compare(members.get(name), value);
      return order !== null && (operator === 'eq' ? order === 0 : operator === 'gt' ? order > 0 : order < 0);
    });
  };
}

function readOrder(orderBy: string): (a: string, b: string) => number {
  const [name = '', direction = 'asc'] = orderBy.trim().split(/\s+/);
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  return (a, b) =>
    sign *
    (compare(membersOf(a).get(name.toLowerCase()), (membersOf(b).get(name.toLowerCase()) ?? 'null').replaceAll(/^"|"$/g, "'")) ??
      0);
}

export interface PageBounds {
  readonly top: number;
  readonly skip: number;
}
export const pageBounds = (params: Params): PageBounds => ({
  top: Math.min(wholeNumber(params, 'top') ?? MAX_PAGE, MAX_PAGE),
  skip: wholeNumber(params, 'skip') ?? 0,
});

/** True when the rows have to be looked at one by one before a page can be cut. */
export const needsRows = (params: Params): boolean => params.has('filter') || params.has('orderby') || params.has('select');

/** Applies `$filter` (eq, gt, lt, joined by and), `$orderby`, `$skip`, `$top` and `$select`, and writes the bare array. */
export function arrayText(rows: readonly string[], params: Params): string {
  const filter = params.get('filter');
  const orderBy = params.get('orderby');
  const select = params.get('select');
  let kept = filter === undefined ? rows : rows.filter(readFilter(filter));
  if (orderBy !== undefined) kept = kept.toSorted(readOrder(orderBy));
  const { top, skip } = pageBounds(params);
  kept = kept.slice(skip, skip + top);
  if (select === undefined) return `[${kept.join(',')}]`;
  const names = new Set(select.split(',').map((name) => name.trim().toLowerCase()));
  const chosen = kept.map(
    (row) =>
      `{${[...row.matchAll(MEMBER)]
        .filter((match) => names.has((match[1] ?? '').toLowerCase()))
        .map((match) => match[0])
        .join(',')}}`,
  );
  return `[${chosen.join(',')}]`;
}
