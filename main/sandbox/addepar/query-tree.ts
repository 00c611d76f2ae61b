import { closedSecurity } from '../firm/closed-positions.ts';
import { inDollars } from '../firm/dollars.ts';
import { fixed, plus, type Fixed } from '../firm/fixed.ts';
import type { Position } from '../firm/position.ts';
import type { FirmReturns } from '../firm/returns.ts';
import type { Security } from '../firm/security.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { modelTypeOf } from './entities.ts';
import { pastValueText, returnText } from './account-figures.ts';
import { AddeparError } from './errors.ts';
import type { Groups } from './groups.ts';
import { directProperty, parentAccount, subAccount } from './hierarchy.ts';
import { accountEntityId, householdEntityId, propertyEntityId, readEntityId, securityEntityId } from './ids.ts';
import { javaNumber } from './number-text.ts';
import { COLUMN_NAMES, GROUPING_NAMES, type ColumnKey, type QueryColumn, type QueryRequest } from './query-request.ts';

interface Sums {
  readonly value: Fixed;
  readonly cost: Fixed;
}
const NOTHING: Sums = { value: fixed(0, 2), cost: fixed(0, 2) };
const together = (a: Sums, b: Sums): Sums => ({ value: plus(a.value, b.value), cost: plus(a.cost, b.cost) });
const sumOf = (rows: readonly Position[]): Sums =>
  rows.reduce<Sums>(
    (sums, { value, cost, security }) => ({
      value: plus(sums.value, inDollars(value, security.currency, 2)),
      cost: cost === null ? sums.cost : plus(sums.cost, inDollars(cost, security.currency, 2)),
    }),
    NOTHING,
  );

interface Scope {
  readonly accounts: readonly number[];
  readonly households: ReadonlySet<number>;
  readonly includesProperty: boolean;
}

/** Answers portfolio queries: pieces of JSON text, produced account by account. A portfolio that does not exist throws at once. */
export interface QueryTree {
  pieces(request: QueryRequest): Iterable<string>;
}

export function createQueryTree(state: PlatformState, groups: Groups, returns: FirmReturns): QueryTree {
  const { book } = state;
  const { firm } = book;
  const property = directProperty(firm);

  const scopeOf = ({ portfolioType, portfolioIds }: QueryRequest): Scope => {
    const accounts = new Set<number>();
    const households = new Set<number>();
    const addHousehold = (index: number): void => {
      const household = firm.households[index];
      if (!household) return;
      households.add(index);
      for (let place = 0; place < household.accounts; place += 1) accounts.add(household.firstAccount + place);
    };
    if (portfolioType.startsWith('FIRM')) for (const household of firm.households) addHousehold(household.index);
    else
      for (const id of portfolioIds) {
        const place = portfolioType.startsWith('ENTITY') ? readEntityId(id) : null;
        if (place?.kind === 'household' && firm.households[place.index]) addHousehold(place.index);
        else if (place?.kind === 'account' && firm.accounts[place.index]) accounts.add(place.index);
        else {
          const members = portfolioType.startsWith('GROUP') ? groups.accounts(id) : null;
          if (!members) throw new AddeparError(400, `Invalid portfolio: ${portfolioType} ${id}`);
          for (const account of members) accounts.add(account);
        }
      }
    return {
      accounts: [...accounts].toSorted((a, b) => a - b),
      households,
      includesProperty: property !== null && portfolioType !== 'FIRM_ACCOUNTS' && households.has(property.household),
    };
  };

  type Cell = (position: Position, inDollars: boolean) => string;
  const money = (amount: Fixed | null, currency: Security['currency'], dollars: boolean, decimals: number): string =>
    amount === null ? 'null' : javaNumber(dollars ? inDollars(amount, currency, decimals) : amount);
  const identifier =
    (name: 'cusip' | 'isin' | 'sedol'): Cell =>
    ({ security }) =>
      quoted(book.knowsIdentifiers(security) ? security[name] : null);
  const nothing: Cell = () => 'null';
  const cells: Readonly<Record<ColumnKey, Cell>> = {
    value: ({ value, security }, dollars) => money(value, security.currency, dollars, 2),
    shares: ({ quantity }) => javaNumber(quantity),
    price_per_share: ({ price, security }, dollars) => money(price, security.currency, dollars, 6),
    cost_basis: ({ cost, security }, dollars) => money(cost, security.currency, dollars, 2),
    cusip: identifier('cusip'),
    isin: identifier('isin'),
    sedol: identifier('sedol'),
    ticker_symbol: ({ security }) => quoted(security.ticker),
    currency: ({ security }) => quoted(security.currency),
    model_type: ({ security }) => quoted(modelTypeOf(security)),
    asset_class: ({ security }) => quoted(security.assetClass),
    node_id: ({ security }) => String(securityEntityId(security.index)),
    account_number: nothing,
    financial_service: nothing,
    time_weighted_return: nothing,
  };

  const securityNode = (columns: readonly QueryColumn[], position: Position): string =>
    `{"entity_id":${securityEntityId(position.security.index)},"name":${quoted(position.security.name)},"grouping":"security","columns":{${columns
      .map((column) => `"${column.as}":${cells[column.key](position, column.inDollars)}`)
      .join(',')}},"children":[]}`;

  const sumCells = (
    columns: readonly QueryColumn[],
    sums: Sums,
    texts: Partial<Record<ColumnKey, string>>,
    nulls: boolean,
    account: number | null = null,
  ): string =>
    columns
      .flatMap((column) => {
        const text =
          column.key === 'time_weighted_return' && account !== null
            ? returnText(returns, account, column)
            : column.key === 'value' && column.at !== null
              ? account === null
                ? undefined
                : pastValueText(returns, account, sums.value, column.at, firm.date(state.day()))
              : column.key === 'value'
                ? javaNumber(sums.value)
                : column.key === 'cost_basis'
                  ? javaNumber(sums.cost)
                  : texts[column.key];
        return text === undefined && !nulls ? [] : [`"${column.as}":${text ?? 'null'}`];
      })
      .join(',');

  const rowsOf = (account: number, day: number, request: QueryRequest): readonly Position[] => {
    const rows = book.records(account, day);
    const closed = request.hidePreviousHoldings ? null : closedSecurity(firm, account);
    if (!closed || rows.some((row) => row.security.index === closed.index)) return rows;
    const price = firm.prices(day)[closed.index] ?? closed.openingPrice;
    return [
      ...rows,
      { record: -1, account, security: closed, quantity: fixed(0, 0), price, value: fixed(0, 2), cost: fixed(0, 2) },
    ];
  };

  /** An account with its sleeve inside it, when both are asked for. */
  const accountNode = (
    account: number,
    day: number,
    request: QueryRequest,
    scope: ReadonlySet<number>,
  ): { readonly text: string; readonly sums: Sums } => {
    const rows = rowsOf(account, day, request);
    const sleeve = subAccount(firm, account);
    const nested = sleeve !== null && scope.has(sleeve) ? accountNode(sleeve, day, request, scope) : null;
    const sums = together(sumOf(rows), nested?.sums ?? NOTHING);
    const children = request.groupings.at(-1) === 'security' ? rows.map((row) => securityNode(request.columns, row)) : [];
    if (nested) children.push(nested.text);
    const row = firm.accounts[account];
    const texts = {
      account_number: quoted(row?.number ?? null),
      financial_service: quoted(row?.custodian ?? null),
      currency: '"USD"',
      node_id: String(accountEntityId(account)),
      model_type: '"FINANCIAL_ACCOUNT"',
    };
    return {
      sums,
      text: `{"entity_id":${accountEntityId(account)},"name":${quoted(row?.name ?? '')},"grouping":"holding_account","columns":{${sumCells(request.columns, sums, texts, true, account)}},"children":[${children.join(',')}]}`,
    };
  };

  /** What stands in no account has a row without an entity id. */
  const directNode = (request: QueryRequest): string => {
    if (!property) return '';
    const sums: Sums = { value: property.value, cost: fixed(0, 2) };
    const columns = request.columns
      .map((column) => `"${column.as}":${column.key === 'value' ? javaNumber(property.value) : 'null'}`)
      .join(',');
    const child = `{"entity_id":${propertyEntityId(property.household)},"name":${quoted(property.name)},"grouping":"security","columns":{${columns}},"children":[]}`;
    return `{"name":"Directly Owned","grouping":"holding_account","columns":{${sumCells(request.columns, sums, {}, true)}},"children":[${request.groupings.at(-1) === 'security' ? child : ''}]}`;
  };

  function* accountPieces(
    accounts: readonly number[],
    withProperty: boolean,
    day: number,
    request: QueryRequest,
  ): Generator<string> {
    const scope = new Set(accounts);
    let first = true;
    for (const account of accounts) {
      const parent = parentAccount(firm, account);
      if (parent !== null && scope.has(parent)) continue;
      yield `${first ? '' : ','}${accountNode(account, day, request, scope).text}`;
      first = false;
    }
    if (withProperty) yield `${first ? '' : ','}${directNode(request)}`;
  }

  function* bySecurity(accounts: readonly number[], day: number, request: QueryRequest): Generator<string> {
    const totals = new Map<number, Position>();
    for (const account of accounts)
      for (const row of rowsOf(account, day, request)) {
        const before = totals.get(row.security.index);
        const cost = before?.cost && row.cost ? plus(before.cost, row.cost) : row.cost;
        totals.set(
          row.security.index,
          before ? { ...row, quantity: plus(before.quantity, row.quantity), value: plus(before.value, row.value), cost } : row,
        );
      }
    let first = true;
    for (const row of totals.values()) {
      yield `${first ? '' : ','}${securityNode(request.columns, row)}`;
      first = false;
    }
  }

  function* byOwner(scope: Scope, day: number, request: QueryRequest): Generator<string> {
    let first = true;
    const asked = new Set(scope.accounts);
    for (const household of firm.households) {
      const accounts = Array.from({ length: household.accounts }, (_, place) => household.firstAccount + place).filter(
        (account) => asked.has(account),
      );
      if (accounts.length === 0) continue;
      const sums = accounts.reduce((total, account) => together(total, sumOf(book.records(account, day))), NOTHING);
      const withProperty = scope.includesProperty && property?.household === household.index;
      yield `${first ? '' : ','}{"entity_id":${householdEntityId(household.index)},"name":${quoted(household.name)},"grouping":"top_level_owner","columns":{${sumCells(request.columns, sums, {}, true)}},"children":[`;
      if (request.groupings[1] === 'security') yield* bySecurity(accounts, day, request);
      else if (request.groupings.length > 1) yield* accountPieces(accounts, withProperty, day, request);
      yield ']}';
      first = false;
    }
  }

  function* pieces(request: QueryRequest, scope: Scope): Generator<string> {
    const day = state.dayOn(request.endDate);
    const columns = request.columns.map(({ key, as, inDollars: dollars }) => {
      const amount = key === 'value' || key === 'cost_basis' || key === 'price_per_share' || key === 'shares';
      const name = `${COLUMN_NAMES[key]}${dollars ? ' (USD)' : ''}`;
      const type = key === 'time_weighted_return' ? 'Percent' : amount ? 'Number' : 'Word';
      return `{"key":"${as}","display_name":"${name}","output_type":"${type}","currency":${dollars ? '"USD"' : 'null'}}`;
    });
    const groupings = request.groupings.map((key) => `{"key":"${key}","display_name":"${GROUPING_NAMES[key]}"}`);
    const accounts = day === null ? [] : scope.accounts;
    let total = scope.includesProperty && day !== null && property ? { value: property.value, cost: fixed(0, 2) } : NOTHING;
    if (day !== null && request.columns.some(({ key }) => key === 'value' || key === 'cost_basis'))
      for (const account of accounts) total = together(total, sumOf(book.records(account, day)));
    yield `{"meta":{"columns":[${columns.join(',')}],"groupings":[${groupings.join(',')}]},"data":{"type":"portfolio_views","attributes":{"total":{"name":"Total","columns":{${sumCells(request.columns, total, {}, false)}},"children":[`;
    if (day !== null && request.groupings[0] === 'top_level_owner') yield* byOwner(scope, day, request);
    else if (day !== null && request.groupings[0] === 'security') yield* bySecurity(accounts, day, request);
    else if (day !== null) yield* accountPieces(accounts, scope.includesProperty, day, request);
    yield `]}}},"included":[]}`;
  }

  return { pieces: (request) => pieces(request, scopeOf(request)) };
}
