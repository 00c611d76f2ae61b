import type { ValueField } from './holding.ts';

/** Kinds of thing beside positions that Clearway keeps a view of and compares with what sources say. */
export const RECORD_STREAMS = ['transaction', 'tax_lot', 'performance'] as const;
export type RecordStream = (typeof RECORD_STREAMS)[number];

/** The values of each kind that the three-way rule watches, in the order in which screens show them. */
export const STREAM_FIELDS: Readonly<Record<RecordStream, readonly ValueField[]>> = {
  transaction: ['quantity', 'price', 'cash'],
  tax_lot: ['quantity', 'costBasis'],
  performance: ['return'],
};
