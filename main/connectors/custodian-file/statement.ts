import type { CalendarDate } from '../../../shared/model/date.ts';
import type { Dec } from '../../../shared/model/decimal.ts';
import type { SecurityRecord } from '../connector.ts';
import type { Place } from './brief.ts';

/** What an OFX or QFX file says, in canonical signs, with everything that could not be taken kept beside it. */
export interface OfxFile {
  readonly format: 'sgml' | 'xml';
  /** As the header writes it, such as `102` or `211`; null when there is no header. */
  readonly version: string | null;
  readonly institution: { readonly org: string | null; readonly fid: string | null };
  /** At least one. */
  readonly statements: readonly OfxStatement[];
  /** Securities of SECLIST and those that rows name without SECLIST describing them. */
  readonly securities: readonly StatementSecurity[];
  /** Rows outside a readable statement: securities, or a whole statement without account, date or currency. */
  readonly rejected: readonly RejectedRow[];
  readonly warnings: readonly string[];
}

export interface OfxStatement {
  readonly line: number;
  /** Empty when the file names no broker. */
  readonly brokerId: string;
  readonly accountId: string;
  /** `brokerId:accountId`, with `%`, `:` and `|` inside the parts percent-encoded. */
  readonly accountExternalId: string;
  readonly currency: string;
  /** DTASOF as a calendar date as written, in the file's own zone. */
  readonly asOf: CalendarDate;
  /** Period of the transaction list, when it is stated. */
  readonly period: { readonly from: CalendarDate | null; readonly to: CalendarDate | null };
  /** False when there is no list of positions at all, which says nothing about what is held. */
  readonly statesPositions: boolean;
  readonly positions: readonly StatementPosition[];
  /** At most one per currency. */
  readonly cash: readonly StatementCash[];
  readonly transactions: readonly StatementTransaction[];
  readonly balances: readonly StatementBalance[];
  readonly checks: readonly StatementCheck[];
  readonly rejected: readonly RejectedRow[];
  readonly warnings: readonly string[];
}

export interface StatementSecurity extends SecurityRecord {
  /** First line that describes or names it. */
  readonly line: number;
  /** Whether SECLIST describes it. */
  readonly described: boolean;
}

/** A row of INVPOSLIST. Short positions are negative in quantity and value. */
export interface StatementPosition extends Place {
  readonly kind: 'POSSTOCK' | 'POSMF' | 'POSDEBT' | 'POSOPT' | 'POSOTHER';
  readonly securityExternalId: string;
  readonly side: 'LONG' | 'SHORT';
  /** HELDINACCT, such as `CASH` or `MARGIN`. */
  readonly subAccount: string | null;
  readonly quantity: Dec;
  readonly price: Dec | null;
  /** In `currency`. Null when not stated, or stated in another currency than the price. */
  readonly marketValue: Dec | null;
  /** The market value in the statement's currency, for totals; null when it cannot be converted. */
  readonly totalValue: Dec | null;
  readonly currency: string;
  readonly priceAsOf: CalendarDate | null;
  /** AVGCOSTBASIS as written: OFX does not say whether per unit or in all, so no cost basis is made of it. */
  readonly averageCost: Dec | null;
  /** INV401KSOURCE, such as `PRETAX`. */
  readonly source401k: string | null;
  /** Stated market value beside units x price x multiplier; null when one of them is missing. */
  readonly check: StatementCheck | null;
}

export interface StatementCash extends Place {
  readonly currency: string;
  /** Statement currency per unit of `currency`; null when unknown. */
  readonly rate: Dec | null;
  readonly value: Dec;
  /** Which figure of the statement this is and why it was taken. */
  readonly reason: string;
}

/** A row of INVTRANLIST. `quantityDelta` + is more units, `cashDelta` + is more cash, both of the account as a whole. */
export interface StatementTransaction extends Place {
  readonly tag: string;
  /** Stable across imports, see `transaction-ids.ts`. */
  readonly externalId: string;
  readonly fitId: string | null;
  /** Canonical type, or `other:` and the tag (for a bank row its TRNTYPE, for income its INCOMETYPE). */
  readonly type: string;
  readonly tradeDate: CalendarDate;
  readonly settleDate: CalendarDate | null;
  readonly securityExternalId: string | null;
  readonly quantityDelta: Dec;
  readonly price: Dec | null;
  readonly cashDelta: Dec;
  /** TOTAL as written, also where no cash moves, such as in a reinvestment. */
  readonly statedTotal: Dec | null;
  readonly currency: string;
  /** Statement currency per unit of `currency`; null when unknown. */
  readonly rate: Dec | null;
  readonly memo: string;
  /** What an analyst should know about how the row was read. Empty for an ordinary row. */
  readonly flags: readonly string[];
}

export type BalanceMeaning =
  | 'ending_cash'
  | 'cash_balance'
  | 'opening_cash'
  | 'available_cash'
  | 'plan_cash'
  | 'stocks'
  | 'funds'
  | 'bonds'
  | 'options'
  | 'positions'
  | 'account'
  | 'plan_total'
  | 'plan_source';

/** A figure that the statement itself states. */
export interface StatementBalance extends Place {
  /** As written: NAME of a BAL, or the tag, such as `AVAILCASH`. */
  readonly name: string;
  readonly value: Dec;
  readonly percent: boolean;
  readonly currency: string;
  readonly rate: Dec | null;
  /** Null when it is not known what the figure is the sum of. */
  readonly meaning: BalanceMeaning | null;
}

/**
 * A figure of the statement beside the sum of its rows. They agree within one cent. `stated`, `computed` and `agrees`
 * are null where there is nothing to compare; the note then says so.
 */
export interface StatementCheck {
  readonly what: string;
  readonly stated: Dec | null;
  readonly computed: Dec | null;
  readonly agrees: boolean | null;
  readonly note: string;
}

/** A row that could not be taken: kept with its reason and its text, never dropped, never guessed at. */
export interface RejectedRow extends Place {
  readonly tag: string;
  readonly externalId: string | null;
  readonly reason: string;
  readonly path: string;
  /** As received, at most 4,000 characters. */
  readonly raw: string;
}
