import { readBalances } from './balances.ts';
import { brief, places } from './brief.ts';
import { chooseCash } from './cash.ts';
import type { Element } from './element-tree.ts';
import { accountExternalId } from './external-ids.ts';
import { lotWarnings } from './holding-records.ts';
import { holdingIdOf, readPositionRow, type PositionRow } from './position-rows.ts';
import { finishPosition, positionWarnings } from './positions.ts';
import { childOf, childrenOf, codeOf, dateOf, readRows, requiredDate, requiredText, RowProblem, textOf } from './row-fields.ts';
import type { SecurityCatalogue } from './security-catalogue.ts';
import { checkStatement } from './statement-checks.ts';
import type { OfxStatement, RejectedRow, StatementBalance, StatementTransaction } from './statement.ts';
import { readTransactionRow } from './transaction-rows.ts';
import type { TransactionRow } from './transaction-row.ts';

/** One INVSTMTRS as its rows say it, before securities and ids are known across the file. */
export interface StatementRows {
  readonly head: Pick<
    OfxStatement,
    'line' | 'brokerId' | 'accountId' | 'accountExternalId' | 'currency' | 'asOf' | 'period' | 'statesPositions'
  >;
  readonly positions: readonly PositionRow[];
  readonly rejectedPositions: number;
  readonly transactions: readonly TransactionRow[];
  readonly balances: readonly StatementBalance[];
  readonly rejected: readonly RejectedRow[];
  readonly warnings: readonly string[];
}

const NOT_ROWS = new Set(['DTSTART', 'DTEND']);

/** Reads one INVSTMTRS. Throws a RowProblem when account, date or currency is missing: then nothing in it can be placed. */
export function readStatementRows(statement: Element, source: string): StatementRows {
  const account = childOf(statement, 'INVACCTFROM');
  if (account === null) throw new RowProblem('INVACCTFROM', 'INVACCTFROM is missing, so the account is not known.');
  const accountId = requiredText(account, 'ACCTID');
  const brokerId = textOf(account, 'BROKERID') ?? '';
  const externalId = accountExternalId(brokerId, accountId);
  const asOf = requiredDate(statement, 'DTASOF');
  const currency = codeOf(statement, 'CURDEF') ?? '';
  if (!/^[A-Z]{3}$/.test(currency))
    throw new RowProblem('CURDEF', `CURDEF ${JSON.stringify(currency.slice(0, 20))} is not a currency code.`);

  const rejected: RejectedRow[] = [];
  const rejectedPositions: RejectedRow[] = [];
  const warnings: string[] = [];
  const lists = childrenOf(statement, 'INVTRANLIST');
  const transactions = readRows(
    lists.flatMap((list) => list.children.filter((child) => !NOT_ROWS.has(child.tag))),
    source,
    rejected,
    (row) => readTransactionRow(row, currency),
  );
  const positionLists = childrenOf(statement, 'INVPOSLIST');
  const positions = readRows(
    positionLists.flatMap((list) => list.children),
    source,
    rejectedPositions,
    (row) => readPositionRow(row, currency),
    (row) => holdingIdOf(row, externalId),
  );
  const balances = readBalances(statement, { externalId, currency }, source, rejected);

  const orders = childrenOf(statement, 'INVOOLIST').flatMap((list) => list.children);
  if (brokerId === '') warnings.push(`Line ${account.line}: the file names no broker; the account is known by its number alone.`);
  if (positionLists.length === 0)
    warnings.push(
      `Line ${statement.line}: the statement has no list of positions. It says nothing about what the account holds besides cash.`,
    );
  if (orders.length > 0)
    warnings.push(
      `Line ${orders[0]?.line ?? statement.line}: ${orders.length} open ${orders.length === 1 ? 'order is' : 'orders are'} not taken; orders are not holdings.`,
    );
  const [list] = lists;
  return {
    head: {
      line: statement.line,
      brokerId,
      accountId,
      accountExternalId: externalId,
      currency,
      asOf,
      period: periodOf(list ?? null, warnings),
      statesPositions: positionLists.length > 0,
    },
    positions,
    rejectedPositions: rejectedPositions.length,
    transactions,
    balances,
    rejected: [...rejectedPositions, ...rejected],
    warnings,
  };
}

/** The period is shown and nothing is computed from it, so an unreadable one is only reported. */
function periodOf(list: Element | null, warnings: string[]): OfxStatement['period'] {
  try {
    return { from: dateOf(list, 'DTSTART'), to: dateOf(list, 'DTEND') };
  } catch (problem) {
    if (!(problem instanceof RowProblem)) throw problem;
    warnings.push(`Line ${list?.line ?? 1}: the period of the transactions cannot be read: ${problem.message}`);
    return { from: null, to: null };
  }
}

/** One sentence per kind of remark, with the number of rows it holds for. */
function flagWarnings(transactions: readonly StatementTransaction[]): string[] {
  const remarks = transactions.flatMap((row) => row.flags.map((flag) => ({ flag, line: row.line })));
  return [...Map.groupBy(remarks, (remark) => remark.flag)].map(([flag, rows]) => `${places(rows)}: ${flag}`);
}

/** A reinvestment is income and purchase in one; where the income stands beside it as a row too, its cash is counted. */
function pairWarnings(transactions: readonly StatementTransaction[]): string[] {
  const unsigned = (amount: string): string => amount.replace('-', '');
  const keyOf = (row: StatementTransaction): string =>
    `${row.tradeDate} ${row.securityExternalId} ${unsigned(row.statedTotal ?? '')}`;
  const income = new Set(transactions.filter((row) => row.tag === 'INCOME').map(keyOf));
  const pairs = transactions.filter(
    (row) => row.tag === 'REINVEST' && row.statedTotal !== null && row.statedTotal !== '0' && income.has(keyOf(row)),
  );
  return pairs.length === 0
    ? []
    : [
        `${places(pairs)}: the same income stands as a row of its own beside a reinvestment. The cash of that row is taken although it was reinvested; compare the cash of the account.`,
      ];
}

/** Joins the rows of one statement with what the whole file knows about securities and ids, and checks its figures. */
export function finishStatement(
  rows: StatementRows,
  catalogue: SecurityCatalogue,
  transactions: readonly StatementTransaction[],
): OfxStatement {
  const positions = rows.positions.map((row) => finishPosition(row, catalogue.multiplierOf(row.security.externalId)));
  const rejected = [...rows.rejected];
  const { cash, warnings } = chooseCash(rows.head.accountExternalId, rows.balances, rejected);
  return {
    ...rows.head,
    positions,
    cash,
    transactions,
    balances: rows.balances,
    checks: checkStatement({ ...rows, ...rows.head, positions, cash, transactions }),
    rejected,
    warnings: [
      ...rows.warnings,
      ...positionWarnings(positions),
      ...lotWarnings({ ...rows.head, positions }),
      ...warnings,
      ...flagWarnings(transactions),
      ...pairWarnings(transactions),
    ].map(brief),
  };
}
