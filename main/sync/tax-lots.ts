import type { TaxLotRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import { createBookCurrencies } from './book-currencies.ts';
import type { Linked } from './identity.ts';
import { mergeVersions, type RecordTies, type VersionedTable } from './versioned-rows.ts';

export interface TaxLotMerge {
  readonly connectionId: number;
  readonly operationId: number;
  /** Every lot the source lists; null when the pass did not ask for lots. */
  readonly records: readonly { readonly record: TaxLotRecord; readonly payloadId: number }[] | null;
  readonly acceptShrink: boolean;
  /** Whether the pass named this record or account but could not read it. */
  readonly isSetAside: (externalId: string) => boolean;
  readonly accountFor: (externalId: string) => Linked;
  readonly securityFor: (externalId: string) => Linked;
  readonly ties: RecordTies;
}

const TABLE: VersionedTable = {
  name: 'source_tax_lots',
  noun: 'tax lots',
  content: [
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
  links: ['account_id', 'security_id'],
};

/**
 * Versions the tax lots a pass listed, ends those it no longer lists, and ties them to the book's: lots of a position that
 * were acquired on one day are one there, because sources number and split them as they like. A pass that did not ask for
 * lots leaves them as they are.
 */
export function mergeTaxLots(db: WritableDb, merge: TaxLotMerge): void {
  const { records, accountFor, securityFor, ...pass } = merge;
  if (records === null) return;
  const currencyOf = createBookCurrencies(db);
  const rows = records.map(({ record: lot, payloadId }) => {
    const [accountId, securityId] = [accountFor(lot.accountExternalId), securityFor(lot.securityExternalId)];
    const currency = lot.currency ?? currencyOf(securityId);
    return {
      externalId: lot.externalId,
      content: [
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
      links: () => [accountId, securityId],
      payloadId,
      place: lot.place,
      record: () =>
        accountId === null || securityId === null
          ? null
          : {
              accountId,
              securityId,
              key: lot.acquiredOn ?? 'unknown',
              kind: 'lot',
              date: lot.acquiredOn,
              from: null,
              quantity: lot.quantity,
              costBasis: lot.costBasis,
              currency,
              asOf: lot.asOf,
            },
    };
  });
  mergeVersions(db, TABLE, { ...pass, rows, covered: { index: 'source_tax_lots_current', where: '1', params: [] } });
}
