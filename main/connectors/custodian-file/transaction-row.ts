import type { CalendarDate } from '../../../shared/model/date.ts';
import { ZERO, type Dec } from '../../../shared/model/decimal.ts';
import type { SecurityType } from '../../../shared/model/holding.ts';
import type { Place } from './brief.ts';
import type { Element } from './element-tree.ts';
import { childOf, currencyOf, dateOf, requiredDate, textOf, valueOf, type RowCurrency } from './row-fields.ts';
import { readSecurityId, type SecurityId } from './security-id.ts';

export const MAX_MEMO = 1_000;

/** A row of INVTRANLIST in canonical signs, before it has its external id. */
export interface TransactionRow extends Place {
  readonly tag: string;
  readonly fitId: string | null;
  readonly type: string;
  readonly tradeDate: CalendarDate;
  readonly settleDate: CalendarDate | null;
  readonly security: SecurityId | null;
  readonly securityType: SecurityType;
  readonly quantityDelta: Dec;
  readonly price: Dec | null;
  readonly cashDelta: Dec;
  readonly statedTotal: Dec | null;
  readonly currency: RowCurrency;
  readonly memo: string;
  readonly flags: readonly string[];
}

/** What a kind of transaction adds to the fields that all kinds share. */
export interface Effect {
  readonly type: string;
  readonly quantityDelta?: Dec;
  readonly cashDelta?: Dec;
  readonly flags?: readonly (string | null)[];
  /** Put before the memo of the row. */
  readonly detail?: string | undefined;
}

const SUFFIX_TYPES: readonly (readonly [string, SecurityType])[] = [
  ['STOCK', 'stock'],
  ['MF', 'fund'],
  ['DEBT', 'bond'],
  ['OPT', 'option'],
];
const securityTypeOf = (tag: string): SecurityType =>
  /^(?:BUY|SELL|CLOSURE)/.test(tag) ? (SUFFIX_TYPES.find(([suffix]) => tag.endsWith(suffix))?.[1] ?? 'other') : 'other';

/** Reads the shared fields of an investment row. `body` is where units and totals stand: INVBUY, INVSELL or the row itself. */
export function investmentRow(
  row: Element,
  body: Element,
  statementCurrency: string,
  needsSecurity: boolean,
  effect: Effect,
): TransactionRow {
  const head = childOf(body, 'INVTRAN') ?? childOf(row, 'INVTRAN') ?? body;
  const fitId = textOf(head, 'FITID');
  const reverses = textOf(head, 'REVERSALFITID');
  const security = needsSecurity || childOf(body, 'SECID') !== null ? readSecurityId(body) : null;
  return {
    line: row.line,
    column: row.column,
    tag: row.tag,
    fitId,
    type: effect.type,
    tradeDate: requiredDate(head, 'DTTRADE'),
    settleDate: dateOf(head, 'DTSETTLE'),
    security,
    securityType: securityTypeOf(row.tag),
    quantityDelta: effect.quantityDelta ?? ZERO,
    price: valueOf(body, 'UNITPRICE'),
    cashDelta: effect.cashDelta ?? ZERO,
    statedTotal: valueOf(body, 'TOTAL'),
    currency: currencyOf(body, statementCurrency),
    memo: [effect.detail, textOf(head, 'MEMO')]
      .filter((part) => part !== undefined && part !== null)
      .join('; ')
      .slice(0, MAX_MEMO),
    flags: [
      ...(effect.flags ?? []),
      fitId === null ? 'The row has no FITID; its id is made of its content.' : null,
      reverses === null ? null : 'The row says that it reverses an earlier one; the earlier row is not changed by it.',
    ].filter((flag) => flag !== null),
  };
}
