import type { ConflictField } from '../../shared/model/holding.ts';

/** What a conflict can be about, and where the book keeps it: the column that names it, its table, its explicit bases. */
export const SUBJECTS = {
  position: { column: 'holding_id', table: 'holdings', bases: 'holding_bases' },
  record: { column: 'record_id', table: 'book_records', bases: 'record_bases' },
} as const;
export type SubjectKind = keyof typeof SUBJECTS;

export interface SubjectRef {
  readonly kind: SubjectKind;
  readonly id: number;
}

/** Column of the book that holds what a conflict is about. */
export const FIELD_COLUMNS: Readonly<Record<ConflictField, string>> = {
  quantity: 'quantity',
  price: 'price',
  marketValue: 'market_value',
  costBasis: 'cost_basis',
  presence: 'status',
  cash: 'cash',
  return: 'rate',
};

export const FIELDS_OF: Readonly<Record<SubjectKind, readonly ConflictField[]>> = {
  position: ['quantity', 'price', 'marketValue', 'costBasis', 'presence'],
  record: ['quantity', 'price', 'marketValue', 'costBasis', 'cash', 'return'],
};
