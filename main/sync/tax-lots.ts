import type { TaxLotRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import { versionRecords, type MergeTarget, type RecordTable } from './record-versions.ts';

export interface TaxLotMerge extends MergeTarget {
  /** Every lot the source lists; null when the pass did not ask for lots. */
  readonly records: readonly { readonly record: TaxLotRecord; readonly payloadId: number }[] | null;
}

const TABLE: RecordTable<TaxLotRecord> = {
  name: 'source_tax_lots',
  noun: 'tax lots',
  columns: [
    'position_external_id',
    'account_external_id',
    'security_external_id',
    'acquired_on',
    'held_from',
    'term',
    'quantity',
    'cost_basis',
    'market_value',
    'currency',
    'as_of',
  ],
  // A lot that only a later day repeats is the same lot.
  compared: 10,
  content: (lot, currency) => [
    lot.positionExternalId,
    lot.accountExternalId,
    lot.securityExternalId,
    lot.acquiredOn,
    lot.heldFrom,
    lot.term,
    lot.quantity,
    lot.costBasis,
    lot.marketValue,
    currency,
    lot.asOf,
  ],
};

/** Versions the tax lots a pass listed, and ends those it no longer lists; a pass that did not ask for lots leaves them as they are. */
export function mergeTaxLots(db: WritableDb, { records, ...target }: TaxLotMerge): void {
  if (records === null) return;
  versionRecords(db, TABLE, records, { index: 'source_tax_lots_current', where: '1', params: [] }, target);
}
