import { tryCalendarDate, type CalendarDate } from '../../../shared/model/date.ts';
import { readFigureArguments, type FigureArguments } from './account-figures.ts';
import { AddeparError } from './errors.ts';

export const COLUMN_NAMES = {
  value: 'Value',
  shares: 'Shares',
  price_per_share: 'Price Per Share',
  cost_basis: 'Cost Basis',
  cusip: 'CUSIP',
  isin: 'ISIN',
  sedol: 'SEDOL',
  ticker_symbol: 'Ticker Symbol',
  currency: 'Currency',
  model_type: 'Model Type',
  asset_class: 'Asset Class',
  node_id: 'Entity ID',
  account_number: 'Account Number',
  financial_service: 'Financial Service',
  time_weighted_return: 'TWR',
} as const;
export type ColumnKey = keyof typeof COLUMN_NAMES;
export const GROUPING_NAMES = {
  top_level_owner: 'Top Level Owner',
  holding_account: 'Holding Account',
  security: 'Security',
} as const;
export type GroupingKey = keyof typeof GROUPING_NAMES;

const LICENSED: ReadonlySet<string> = new Set(['cusip', 'isin', 'sedol']);
const NOT_IN_QUERIES: ReadonlySet<string> = new Set([
  'benchmark',
  'benchmark_rollup',
  'target_allocation',
  'target_allocation_range',
  'allocation_deviation',
]);
const PORTFOLIO_TYPES = [
  'ENTITY',
  'ENTITY_FUNDS',
  'GROUP',
  'GROUP_FUNDS',
  'FIRM',
  'FIRM_ACCOUNTS',
  'FIRM_CLIENTS',
  'FIRM_HOUSEHOLDS',
] as const;
export type PortfolioType = (typeof PORTFOLIO_TYPES)[number];

export interface QueryColumn extends FigureArguments {
  readonly key: ColumnKey;
  /** Key in the reply: the same key asked twice gets a number. */
  readonly as: string;
  readonly inDollars: boolean;
}

export interface QueryRequest {
  readonly columns: readonly QueryColumn[];
  readonly groupings: readonly GroupingKey[];
  readonly portfolioType: PortfolioType;
  readonly portfolioIds: readonly number[];
  readonly endDate: CalendarDate;
  readonly hidePreviousHoldings: boolean;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const fail = (detail: string): never => {
  throw new AddeparError(400, detail);
};
const keyOf = (value: unknown): string =>
  typeof value === 'string' ? value : isObject(value) && typeof value['key'] === 'string' ? value['key'] : '';
const items = (attributes: Json, name: string): readonly unknown[] => {
  const value = attributes[name];
  return Array.isArray(value) && value.length > 0 ? value : fail(`${name} is required`);
};

function readColumns(attributes: Json, licensed: boolean, endDate: CalendarDate): readonly QueryColumn[] {
  const asked = new Map<string, number>();
  return items(attributes, 'columns').map((value) => {
    const key = keyOf(value);
    if (NOT_IN_QUERIES.has(key)) fail(`Attribute ${key} is not available in portfolio queries`);
    if (!Object.hasOwn(COLUMN_NAMES, key)) fail(`Invalid attribute: ${key}`);
    if (LICENSED.has(key) && !licensed) fail(`Attribute ${key} requires a licence that the firm does not have`);
    const times = (asked.get(key) ?? 0) + 1;
    asked.set(key, times);
    const given = isObject(value) && isObject(value['arguments']) ? value['arguments'] : {};
    const { currency } = given;
    if (currency !== undefined && currency !== 'USD') fail(`Invalid currency: ${String(currency)}`);
    return {
      key: key as ColumnKey,
      as: times === 1 ? key : `${key}_${times}`,
      inDollars: currency === 'USD' || key === 'time_weighted_return',
      ...readFigureArguments(key, given, endDate),
    };
  });
}

const ORDER: readonly GroupingKey[] = ['top_level_owner', 'holding_account', 'security'];

function readGroupings(attributes: Json): readonly GroupingKey[] {
  const keys = items(attributes, 'groupings').map(keyOf);
  for (const key of keys) if (!Object.hasOwn(GROUPING_NAMES, key)) fail(`Invalid grouping: ${key}`);
  const groupings = keys as GroupingKey[];
  const ordered = groupings.every((key, place) => place === 0 || ORDER.indexOf(key) > ORDER.indexOf(groupings[place - 1] ?? key));
  return ordered ? groupings : fail('Groupings must go from owner to account to security');
}

function holdsOnly(attributes: Json): boolean {
  const filters = attributes['filters'];
  if (filters === undefined) return false;
  if (!Array.isArray(filters)) return fail('filters must be a list');
  for (const filter of filters) {
    const held =
      isObject(filter) &&
      keyOf(filter['attribute']) === 'holding_status' &&
      Array.isArray(filter['values']) &&
      filter['values'].includes('Held');
    if (!held) fail('Only the filter holding_status = Held is available here');
  }
  return filters.length > 0;
}

/** Reads the attributes of a portfolio query. Throws AddeparError 400 with the reason. */
export function readQuery(value: unknown, licensed: boolean): QueryRequest {
  const attributes = isObject(value) ? value : fail('attributes are required');
  const groupings = readGroupings(attributes);
  const type = String(attributes['portfolio_type'] ?? '').toUpperCase();
  const portfolioType = PORTFOLIO_TYPES.find((known) => known === type) ?? fail(`Invalid portfolio_type: ${type}`);
  const ids = [attributes['portfolio_id'] ?? (portfolioType.startsWith('FIRM') ? 1 : undefined)].flat();
  const portfolioIds = ids.map((id) =>
    typeof id === 'number' && Number.isSafeInteger(id)
      ? id
      : /^\d{1,15}$/.test(String(id))
        ? Number(id)
        : fail('portfolio_id is required'),
  );
  const date = (name: string): CalendarDate =>
    tryCalendarDate(String(attributes[name] ?? '')) ?? fail(`${name} is required as YYYY-MM-DD`);
  const startDate = date('start_date');
  const endDate = date('end_date');
  if (startDate > endDate) fail('start_date is after end_date');
  const columns = readColumns(attributes, licensed, endDate);
  return {
    columns,
    groupings,
    portfolioType,
    portfolioIds,
    endDate,
    hidePreviousHoldings: attributes['hide_previous_holdings'] === true || holdsOnly(attributes),
  };
}
