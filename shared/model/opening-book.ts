import type { CalendarDate } from './date.ts';
import type { Dec } from './decimal.ts';
import type { HoldingField, Platform, SecurityType } from './holding.ts';

/**
 * Clearway's own book as it stood before the first sync: what a firm brings along when it starts.
 * Values are as of `asOf`; they are the base against which each linked platform's first report is compared.
 */
export interface OpeningBook {
  readonly firm: string;
  readonly asOf: CalendarDate;
  readonly portfolios: readonly { readonly key: string; readonly name: string }[];
  readonly accounts: readonly OpeningAccount[];
  readonly securities: readonly OpeningSecurity[];
  readonly holdings: readonly OpeningHolding[];
  /** Edits that analysts made after the opening, in order. */
  readonly edits: readonly OpeningEdit[];
}

/** The id by which each platform knows the same thing, where a person has confirmed it. */
export type PlatformIds = Readonly<Partial<Record<Platform, string>>>;

export interface OpeningAccount {
  readonly key: string;
  readonly portfolioKey: string;
  readonly name: string;
  readonly number: string;
  readonly custodian: string;
  readonly currency: string;
  readonly platformIds: PlatformIds;
}

export interface OpeningSecurity {
  readonly key: string;
  readonly name: string;
  readonly type: SecurityType;
  readonly ticker: string | null;
  readonly cusip: string | null;
  readonly isin: string | null;
  readonly sedol: string | null;
  readonly currency: string;
  readonly multiplier: Dec;
  readonly platformIds: PlatformIds;
}

export interface OpeningHolding {
  readonly accountKey: string;
  readonly securityKey: string;
  readonly quantity: Dec;
  readonly price: Dec | null;
  readonly marketValue: Dec | null;
  readonly costBasis: Dec | null;
  readonly currency: string;
}

export interface OpeningEdit {
  readonly accountKey: string;
  readonly securityKey: string;
  readonly field: HoldingField;
  readonly value: Dec;
  readonly by: string;
  readonly reason: string;
}
