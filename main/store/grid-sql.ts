import { AppError } from '../../shared/contract/errors.ts';
import { tryDec } from '../../shared/model/decimal.ts';
import type { ReadDb } from './handles.ts';
import { toE8 } from './e8.ts';
import { remembered, rememberedIds } from './memo.ts';

/**
 * A column a grid may filter and sort by. `sql` is written by us; nothing of a request ever becomes SQL text.
 * `decimal` expects `sql` to be an exact scaled integer (`toE8`). `values` maps words of the contract to stored codes.
 */
export interface GridColumn {
  readonly sql: string;
  readonly kind: 'text' | 'decimal' | 'integer';
  readonly sortSql?: string;
  readonly values?: Readonly<Record<string, string | number>>;
}

export interface GridFilterRequest {
  readonly search: string;
  readonly filters: readonly { readonly column: string; readonly operator: string; readonly value: string | readonly string[] }[];
}
export interface GridOrderRequest {
  readonly sort: readonly { readonly column: string; readonly direction: 'asc' | 'desc' }[];
}

export interface GridWhere {
  /** A condition to stand after WHERE or AND; never empty. */
  readonly where: string;
  readonly params: readonly (string | number | bigint)[];
}

type Param = string | number | bigint;

const escapeLike = (text: string): string => `%${text.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;

/** Any of the columns contains the text. SQLite's LIKE stops reading at a zero character, and then matches too much. */
const part = (columns: readonly string[], text: string): GridWhere =>
  text.includes('\0')
    ? { where: '(0)', params: [] }
    : { where: `(${columns.map((c) => `${c} LIKE ? ESCAPE '\\'`).join(' OR ')})`, params: columns.map(() => escapeLike(text)) };

function scaled(text: string): bigint {
  const value = tryDec(text);
  if (value === null)
    throw new AppError('invalid_input', `"${text.slice(0, 40)}" is not a number. Use digits and a point, such as 1250.5.`);
  return toE8(value);
}

function bound(column: GridColumn, value: string): Param {
  if (column.values) {
    const code = Object.hasOwn(column.values, value) ? column.values[value] : undefined;
    if (code === undefined) throw new AppError('invalid_input', `"${value.slice(0, 40)}" is not a value of this column.`);
    return code;
  }
  if (column.kind === 'decimal') return scaled(value);
  if (column.kind === 'integer') {
    if (!/^-?\d{1,15}$/.test(value)) throw new AppError('invalid_input', `"${value.slice(0, 40)}" is not a whole number.`);
    return Number(value);
  }
  return value;
}

function condition(column: GridColumn, operator: string, value: string | readonly string[]): GridWhere {
  const one = typeof value === 'string' ? value : (value[0] ?? '');
  switch (operator) {
    case 'blank':
      return { where: `(${column.sql} IS NULL)`, params: [] };
    case 'notBlank':
      return { where: `(${column.sql} IS NOT NULL)`, params: [] };
    case 'contains':
      if (column.kind === 'decimal' || column.values)
        throw new AppError('invalid_input', 'This column is not text, so it cannot be searched for a part of it.');
      return part([column.sql], one);
    case 'atLeast':
      return { where: `(${column.sql} >= ?)`, params: [bound(column, one)] };
    case 'atMost':
      return { where: `(${column.sql} <= ?)`, params: [bound(column, one)] };
    case 'is':
      return { where: `(${column.sql} = ?)`, params: [bound(column, one)] };
    default: {
      const list = typeof value === 'string' ? [value] : value;
      if (list.length === 0) return { where: '(0)', params: [] };
      return { where: `(${column.sql} IN (${list.map(() => '?').join(', ')}))`, params: list.map((v) => bound(column, v)) };
    }
  }
}

function columnOf(columns: Readonly<Record<string, GridColumn>>, name: string): GridColumn {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (!column) throw new AppError('invalid_input', `This list cannot be filtered or sorted by ${name}.`);
  return column;
}

/** The WHERE condition of a grid request: columns and operators come from the map, values are always bound. */
export function gridWhere(
  columns: Readonly<Record<string, GridColumn>>,
  request: GridFilterRequest,
  searchColumns: readonly string[],
): GridWhere {
  const parts = request.filters.map((f) => condition(columnOf(columns, f.column), f.operator, f.value));
  for (const word of request.search.split(/\s+/).filter(Boolean).slice(0, 8)) parts.push(part(searchColumns, word));
  return parts.length === 0
    ? { where: '1', params: [] }
    : { where: parts.map((p) => p.where).join(' AND '), params: parts.flatMap((p) => [...p.params]) };
}

/** The ORDER BY list of a grid request, made total by `tieBreak` so that pages never overlap. */
export function gridOrder(columns: Readonly<Record<string, GridColumn>>, request: GridOrderRequest, tieBreak: string): string {
  const order = request.sort.map((s) => {
    const column = columnOf(columns, s.column);
    return `${column.sortSql ?? column.sql} ${s.direction === 'desc' ? 'DESC' : 'ASC'} NULLS LAST`;
  });
  return [...order, tieBreak].join(', ');
}

/** `from` without its joins when neither condition nor order mentions a joined table: joins of a list never drop rows. */
export const fromFor = (from: string, first: string, alias: string, ...sql: readonly string[]): string =>
  sql.every((text) => (text.match(/\b[a-z]\.(?=[a-z])/g) ?? []).every((name) => name === `${alias}.`))
    ? `${first} ${alias}`
    : from;

export interface GridList {
  /** First table with its alias and the joins behind it. */
  readonly from: string;
  readonly table: string;
  readonly alias: string;
  /** Columns of a row. */
  readonly row: string;
  readonly condition: string;
  readonly order: string;
}

/** For keys of what is remembered: JSON has no whole numbers of 64 bits. */
export const paramsKey = (params: readonly Param[]): string =>
  JSON.stringify(params, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

/** Whether a request neither sorts nor narrows. */
export const isPlain = ({ sort, filters, search }: GridFilterRequest & GridOrderRequest): boolean =>
  sort.length === 0 && filters.length === 0 && search === '';

/** Up to here skipping rows of an index costs less than keeping the whole list. */
const FEW_SKIPPED = 2000;

const matchingIds = ({ from, table, alias, condition, order }: GridList): string =>
  `SELECT ${alias}.id FROM ${fromFor(from, table, alias, condition, order)} WHERE ${condition} ORDER BY ${order}`;

interface Window {
  readonly limit: number;
  readonly offset: number;
}

function idsOf(db: ReadDb, sql: string, params: readonly Param[]): number[] {
  return db
    .prepare(sql)
    .pluck()
    .all(...params) as number[];
}

/** Ids are found first: the joins of a row then run for one page, not for everything that is skipped. */
const rowsOf = <R>(db: ReadDb, { from, table, alias, row }: GridList, ids: readonly number[]): R[] =>
  db
    .prepare(
      `SELECT ${row} FROM json_each(?) page CROSS JOIN ${from.replace(`${table} ${alias}`, `${table} ${alias} ON ${alias}.id = page.value`)} ORDER BY page.key`,
    )
    .all(JSON.stringify(ids)) as R[];

/** One page of a list that is short, or that writes change which do not count (book-version.ts). */
export const pageNow = <R>(db: ReadDb, list: GridList, params: readonly Param[], { limit, offset }: Window): R[] =>
  rowsOf(db, list, idsOf(db, `${matchingIds(list)} LIMIT ? OFFSET ?`, [...params, limit, offset]));

/**
 * One page of a list of the book with the number of all its rows. `indexed`: an index gives this order and nearly everything
 * matches, so that the first pages are found at once; otherwise the whole list is put in order once and kept.
 */
export function pageOf<R>(
  db: ReadDb,
  list: GridList & { readonly indexed: boolean },
  params: readonly Param[],
  window: Window,
): { readonly rows: R[]; readonly total: number } {
  const { limit, offset } = window;
  if (list.indexed && offset <= FEW_SKIPPED) return { rows: pageNow(db, list, params, window), total: countOf(db, list, params) };
  const matching = matchingIds(list);
  const ids = rememberedIds(db, `${matching} ${paramsKey(params)}`, () => idsOf(db, matching, params));
  return { rows: rowsOf(db, list, [...ids.subarray(offset, offset + limit)]), total: ids.length };
}

type Counted = Pick<GridList, 'from' | 'table' | 'alias' | 'condition'>;
const countQuery = ({ from, table, alias, condition }: Counted): string =>
  `SELECT count(*) FROM ${fromFor(from, table, alias, condition)} WHERE ${condition}`;

/** How many rows match. */
export const countNow = (db: ReadDb, list: Counted, params: readonly Param[]): number =>
  db
    .prepare(countQuery(list))
    .pluck()
    .get(...params) as number;

/** How many rows match, remembered until the book changes. */
export const countOf = (db: ReadDb, list: Counted, params: readonly Param[]): number =>
  remembered(db, `${countQuery(list)} ${paramsKey(params)}`, () => countNow(db, list, params));
