import type { Dec } from './decimal.ts';

/** The fields of a position that the three-way rule watches, in the order in which screens show them. */
export const HOLDING_FIELDS = ['quantity', 'price', 'marketValue', 'costBasis'] as const;
export type HoldingField = (typeof HOLDING_FIELDS)[number];

/** All values that the three-way rule compares, of positions and of records. */
export const VALUE_FIELDS = [...HOLDING_FIELDS, 'cash', 'return'] as const;
export type ValueField = (typeof VALUE_FIELDS)[number];

/** What can be in conflict: a value, or whether the position exists at all. */
export const CONFLICT_FIELDS = [...VALUE_FIELDS, 'presence'] as const;
export type ConflictField = (typeof CONFLICT_FIELDS)[number];

export const PLATFORMS = ['black_diamond', 'orion', 'addepar', 'custodian_file'] as const;
export type Platform = (typeof PLATFORMS)[number];

export const STRATEGIES = ['CLEARWAY_WINS', 'PLATFORM_WINS', 'MERGE', 'TIMESTAMP', 'MANUAL_REVIEW'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export const SECURITY_TYPES = ['stock', 'etf', 'fund', 'bond', 'option', 'cash', 'other'] as const;
export type SecurityType = (typeof SECURITY_TYPES)[number];

/** Presence is compared as a value too: a source either reports the position or does not. */
export type Presence = 'held' | 'not_held';

/** Allowed difference for one field: equal when within either bound. Absolute in the field's unit, relative as a fraction. */
export interface Tolerance {
  readonly absolute: Dec;
  readonly relative: Dec;
}
export type Tolerances = Readonly<Record<HoldingField | 'cash', Tolerance>>;
