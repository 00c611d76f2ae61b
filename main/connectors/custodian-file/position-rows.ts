import { abs, cmp, neg, ZERO, type Dec } from '../../../shared/model/decimal.ts';
import type { CalendarDate } from '../../../shared/model/date.ts';
import type { SecurityType } from '../../../shared/model/holding.ts';
import type { Place } from './brief.ts';
import type { Element } from './element-tree.ts';
import { joinedExternalId } from './external-ids.ts';
import type { Amount } from './ofx-amount.ts';
import { readOfxDate } from './ofx-date.ts';
import {
  amountOf,
  childOf,
  childrenOf,
  codeOf,
  currencyOf,
  requiredAmount,
  requiredText,
  RowProblem,
  textOf,
  valueOf,
  type RowCurrency,
} from './row-fields.ts';
import { readSecurityId, type SecurityId } from './security-id.ts';
import type { StatementPosition } from './statement.ts';

export const TYPE_OF_POSITION: Readonly<Record<StatementPosition['kind'], SecurityType>> = {
  POSSTOCK: 'stock',
  POSMF: 'fund',
  POSDEBT: 'bond',
  POSOPT: 'option',
  POSOTHER: 'other',
};
const isKind = (tag: string): tag is StatementPosition['kind'] => Object.hasOwn(TYPE_OF_POSITION, tag);

/** A position as its row says it, signed, before the multiplier of its security is known. */
export interface PositionRow extends Place {
  readonly kind: StatementPosition['kind'];
  readonly security: SecurityId;
  readonly side: 'LONG' | 'SHORT';
  readonly subAccount: string | null;
  readonly units: Amount;
  readonly price: Amount | null;
  readonly marketValue: Amount | null;
  readonly currency: RowCurrency;
  readonly priceAsOf: CalendarDate | null;
  readonly averageCost: Dec | null;
  readonly source401k: string | null;
}

/** The id of the holding that a row belongs to, as far as it can be read: without the side when that is unclear. */
export function holdingIdOf(row: Element, accountExternalId: string): string {
  const position = childOf(row, 'INVPOS') ?? row;
  const security = joinedExternalId(accountExternalId, readSecurityId(position).externalId);
  const side = childrenOf(position, 'POSTYPE').length === 1 ? codeOf(position, 'POSTYPE') : null;
  return side === 'LONG' || side === 'SHORT' ? joinedExternalId(security, side) : security;
}

const short = (amount: Amount): Amount => ({ ...amount, value: neg(abs(amount.value)) });

/** Reads one row of INVPOSLIST; throws a RowProblem. Short positions come with and without a sign: both read as negative. */
export function readPositionRow(row: Element, statementCurrency: string): PositionRow {
  if (!isKind(row.tag)) throw new RowProblem('', 'this kind of position is not known.');
  const position = childOf(row, 'INVPOS');
  if (position === null) throw new RowProblem('INVPOS', 'INVPOS is missing.');
  const side = requiredText(position, 'POSTYPE').toUpperCase();
  if (side !== 'LONG' && side !== 'SHORT')
    throw new RowProblem('POSTYPE', `POSTYPE ${JSON.stringify(side.slice(0, 20))} is neither LONG nor SHORT.`);
  const units = requiredAmount(position, 'UNITS');
  if (side === 'LONG' && cmp(units.value, ZERO) < 0)
    throw new RowProblem(
      'UNITS',
      `POSTYPE says LONG but UNITS is ${units.value}, so it is not clear whether the position is long or short.`,
    );
  const marketValue = amountOf(position, 'MKTVAL');
  return {
    line: row.line,
    column: row.column,
    kind: row.tag,
    security: readSecurityId(position),
    side,
    subAccount: textOf(position, 'HELDINACCT'),
    units: side === 'SHORT' ? short(units) : units,
    price: amountOf(position, 'UNITPRICE'),
    marketValue: side === 'SHORT' && marketValue ? short(marketValue) : marketValue,
    currency: currencyOf(position, statementCurrency),
    // "0" is how OFX says that the date of the price is unknown; no record depends on it.
    priceAsOf: readOfxDate(textOf(position, 'DTPRICEASOF') ?? ''),
    averageCost: valueOf(position, 'AVGCOSTBASIS'),
    source401k: codeOf(position, 'INV401KSOURCE'),
  };
}
