import { ONE } from '../../../shared/model/decimal.ts';
import type { Element } from './element-tree.ts';
import { cashHoldingExternalId } from './external-ids.ts';
import { childrenOf, codeOf, currencyOf, readRows, requiredAmount, textOf } from './row-fields.ts';
import type { BalanceMeaning, RejectedRow, StatementBalance } from './statement.ts';

// BAL has no fixed vocabulary. Only names that leave no doubt about what they are the sum of are compared with rows.
const MEANING_OF_NAME: Readonly<Record<string, BalanceMeaning>> = {
  'ENDING CASH': 'ending_cash',
  'ENDING CASH BALANCE': 'ending_cash',
  'CLOSING CASH': 'ending_cash',
  'CLOSING CASH BALANCE': 'ending_cash',
  'CASH BALANCE': 'cash_balance',
  'TOTAL CASH': 'cash_balance',
  'TOTAL CASH BALANCE': 'cash_balance',
  'STARTING CASH': 'opening_cash',
  'BEGINNING CASH': 'opening_cash',
  'OPENING CASH': 'opening_cash',
  'STARTING CASH BALANCE': 'opening_cash',
  'BEGINNING CASH BALANCE': 'opening_cash',
  'OPENING CASH BALANCE': 'opening_cash',
  'STOCK VALUE': 'stocks',
  'STOCKS VALUE': 'stocks',
  STOCKS: 'stocks',
  'TOTAL STOCKS': 'stocks',
  'OPTION VALUE': 'options',
  'OPTIONS VALUE': 'options',
  OPTIONS: 'options',
  'TOTAL OPTIONS': 'options',
  'BOND VALUE': 'bonds',
  'BONDS VALUE': 'bonds',
  BONDS: 'bonds',
  'TOTAL BONDS': 'bonds',
  'MUTUAL FUND VALUE': 'funds',
  'MUTUAL FUNDS VALUE': 'funds',
  'FUND VALUE': 'funds',
  'MUTUAL FUNDS': 'funds',
  'TOTAL MUTUAL FUNDS': 'funds',
  'SECURITIES VALUE': 'positions',
  'TOTAL SECURITIES': 'positions',
  'POSITIONS VALUE': 'positions',
  'TOTAL POSITIONS': 'positions',
  'TOTAL VALUE': 'account',
  'ACCOUNT VALUE': 'account',
  'TOTAL ACCOUNT VALUE': 'account',
  'NET LIQUIDATION VALUE': 'account',
  'ENDING ACCOUNT VALUE': 'account',
};
const meaningOfName = (name: string): BalanceMeaning | null => {
  const key = name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim();
  return Object.hasOwn(MEANING_OF_NAME, key) ? (MEANING_OF_NAME[key] ?? null) : null;
};

const MEANING_OF_TAG: Readonly<Record<string, BalanceMeaning | null>> = {
  AVAILCASH: 'available_cash',
  MARGINBALANCE: null,
  SHORTBALANCE: null,
  BUYPOWER: null,
};
/** Tags of INV401KBAL that split the plan by where the money came from; also the values of INV401KSOURCE. */
export const PLAN_SOURCES = ['PRETAX', 'AFTERTAX', 'MATCH', 'PROFITSHARING', 'ROLLOVER', 'OTHERVEST', 'OTHERNONVEST'] as const;
const MEANING_OF_PLAN_TAG: Readonly<Record<string, BalanceMeaning>> = {
  CASHBAL: 'plan_cash',
  TOTAL: 'plan_total',
  ...Object.fromEntries(PLAN_SOURCES.map((tag) => [tag, 'plan_source' as const])),
};

const CASH: ReadonlySet<BalanceMeaning | null> = new Set<BalanceMeaning>([
  'ending_cash',
  'cash_balance',
  'available_cash',
  'plan_cash',
]);

const nameOf = (row: Element): string => (textOf(row, 'NAME') ?? textOf(row, 'DESC') ?? 'unnamed balance').slice(0, 80);

/**
 * Reads INVBAL, its BALLIST and INV401KBAL: every figure that the statement states about itself. A rejected figure of
 * cash carries the id of the cash holding, so that a lesser figure is not taken in its place.
 */
export function readBalances(
  statement: Element,
  account: { readonly externalId: string; readonly currency: string },
  source: string,
  rejected: RejectedRow[],
): StatementBalance[] {
  const cashId = (meaning: BalanceMeaning | null, currency: string): string | null =>
    CASH.has(meaning) ? cashHoldingExternalId(account.externalId, currency) : null;
  const tagged = (aggregate: string, meanings: Readonly<Record<string, BalanceMeaning | null>>): StatementBalance[] =>
    childrenOf(statement, aggregate).flatMap((parent) =>
      readRows(
        parent.children.filter((child) => Object.hasOwn(meanings, child.tag) && child.text !== ''),
        source,
        rejected,
        (row) => ({
          line: row.line,
          column: row.column,
          name: row.tag,
          value: requiredAmount({ ...parent, children: [row] }, row.tag).value,
          percent: false,
          currency: account.currency,
          rate: ONE,
          meaning: meanings[row.tag] ?? null,
        }),
        (row) => cashId(meanings[row.tag] ?? null, account.currency),
      ),
    );

  const listed = ['INVBAL', 'INV401KBAL'].flatMap((aggregate) =>
    childrenOf(statement, aggregate)
      .flatMap((parent) => childrenOf(parent, 'BALLIST'))
      .flatMap((list) =>
        readRows(
          childrenOf(list, 'BAL'),
          source,
          rejected,
          (row): StatementBalance => {
            const name = nameOf(row);
            const percent = codeOf(row, 'BALTYPE') === 'PERCENT';
            return {
              line: row.line,
              column: row.column,
              name,
              value: requiredAmount(row, 'VALUE').value,
              percent,
              ...currencyOf(row, account.currency),
              meaning: percent ? null : meaningOfName(name),
            };
          },
          (row) => cashId(meaningOfName(nameOf(row)), currencyOf(row, account.currency).currency),
        ),
      ),
  );
  return [...tagged('INVBAL', MEANING_OF_TAG), ...tagged('INV401KBAL', MEANING_OF_PLAN_TAG), ...listed];
}
