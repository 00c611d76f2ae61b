import { sign, ZERO } from '../../../shared/model/decimal.ts';
import type { Element } from './element-tree.ts';
import { childOf, currencyOf, dateOf, requiredAmount, requiredDate, requiredText, RowProblem, textOf } from './row-fields.ts';
import { MAX_MEMO, type TransactionRow } from './transaction-row.ts';

/** TRNTYPE by which the cause of a cash movement is certain. CREDIT, DEBIT and OTHER only say which way cash went. */
const TYPE_OF_BANK_ROW: Readonly<Record<string, string>> = {
  INT: 'interest',
  DIV: 'dividend',
  FEE: 'fee',
  SRVCHG: 'fee',
  DEP: 'contribution',
  DIRECTDEP: 'contribution',
  XFER: 'journal',
  ATM: 'withdrawal',
  POS: 'withdrawal',
  CHECK: 'withdrawal',
  CASH: 'withdrawal',
  PAYMENT: 'withdrawal',
  DIRECTDEBIT: 'withdrawal',
  REPEATPMT: 'withdrawal',
};
const WAY: Readonly<Record<string, 1 | -1>> = {
  CREDIT: 1,
  DEP: 1,
  DIRECTDEP: 1,
  DEBIT: -1,
  ATM: -1,
  POS: -1,
  CHECK: -1,
  CASH: -1,
  PAYMENT: -1,
  DIRECTDEBIT: -1,
  REPEATPMT: -1,
};

/** Reads INVBANKTRAN, a cash movement. TRNAMT is signed as the customer sees it; a sign against TRNTYPE is refused. */
export function bankRow(row: Element, statementCurrency: string): TransactionRow {
  const body = row.tag === 'STMTTRN' ? row : childOf(row, 'STMTTRN');
  if (body === null) throw new RowProblem('STMTTRN', 'STMTTRN is missing.');
  const kind = requiredText(body, 'TRNTYPE').toUpperCase();
  const { value } = requiredAmount(body, 'TRNAMT');
  const way = WAY[kind];
  if (way !== undefined && sign(value) === -way)
    throw new RowProblem(
      'TRNAMT',
      `TRNTYPE ${kind} and TRNAMT ${value} contradict each other, so it is not clear which way cash went.`,
    );
  const type = TYPE_OF_BANK_ROW[kind];
  const fitId = textOf(body, 'FITID');
  const memo = [textOf(body, 'NAME'), textOf(body, 'MEMO')].filter(
    (part, index, all) => part !== null && all.indexOf(part) === index,
  );
  return {
    line: row.line,
    column: row.column,
    tag: row.tag,
    fitId,
    type: type ?? `other:${kind}`,
    tradeDate: requiredDate(body, 'DTPOSTED'),
    settleDate: dateOf(body, 'DTAVAIL'),
    security: null,
    securityType: 'other',
    quantityDelta: ZERO,
    price: null,
    cashDelta: value,
    statedTotal: value,
    currency: currencyOf(body, statementCurrency),
    memo: memo.join('; ').slice(0, MAX_MEMO),
    flags: [
      type === undefined
        ? `TRNTYPE ${kind.slice(0, 20)} does not say why cash moved; the amount is taken, the reason is left open.`
        : null,
      fitId === null ? 'The row has no FITID; its id is made of its content.' : null,
      textOf(body, 'CORRECTFITID') === null
        ? null
        : 'The row says that it corrects an earlier one; the earlier row is not changed by it.',
    ].filter((flag) => flag !== null),
  };
}
