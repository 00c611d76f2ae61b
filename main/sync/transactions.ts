import type { CalendarDate } from '../../shared/model/date.ts';
import type { TransactionRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import { createBookCurrencies } from './book-currencies.ts';
import type { Linked } from './identity.ts';
import { mergeVersions, type RecordTies, type VersionedTable } from './versioned-rows.ts';

export interface TransactionMerge {
  readonly connectionId: number;
  readonly operationId: number;
  readonly records: readonly { readonly record: TransactionRecord; readonly payloadId: number }[];
  /** From this trade date on the pass lists all there are; null when it says nothing of the kind. */
  readonly from: CalendarDate | null;
  readonly acceptShrink: boolean;
  /** Whether the pass named this record or account but could not read it. */
  readonly isSetAside: (externalId: string) => boolean;
  readonly accountFor: (externalId: string) => Linked;
  readonly securityFor: (externalId: string) => Linked;
  readonly ties: RecordTies;
}

const TABLE: VersionedTable = {
  name: 'source_transactions',
  content: [
    'type',
    'trade_date',
    'settle_date',
    'quantity_delta',
    'price',
    'cash_delta',
    'currency',
    'memo',
    'account_external_id',
    'security_external_id',
  ],
  links: ['account_id', 'security_id'],
  noun: 'transactions',
};

/** Whether a transaction is one the book keeps: units and cash of an unknown type are not counted, so there is nothing to compare. */
const isKept = (type: string): boolean => !type.startsWith('other');

/**
 * Versions the transactions a pass carried, and ties them to the book's. Amounts without a currency are in that of their
 * security; those no longer listed end only inside the window that the pass covers completely.
 */
export function mergeTransactions(db: WritableDb, merge: TransactionMerge): void {
  const { records, from, accountFor, securityFor, ...pass } = merge;
  const currencyOf = createBookCurrencies(db);
  const rows = records.map(({ record: t, payloadId }) => {
    const security = t.securityExternalId === null ? null : securityFor(t.securityExternalId);
    const currency = t.currency ?? currencyOf(security);
    return {
      externalId: t.externalId,
      content: [
        t.type,
        t.tradeDate,
        t.settleDate,
        t.quantityDelta,
        t.price,
        t.cashDelta,
        currency,
        t.memo,
        t.accountExternalId,
        t.securityExternalId,
      ],
      links: () => [accountFor(t.accountExternalId), security],
      payloadId,
      place: t.place,
      record: () => {
        const accountId = accountFor(t.accountExternalId);
        if (accountId === null || (t.securityExternalId !== null && security === null) || !isKept(t.type)) return null;
        return {
          accountId,
          securityId: security,
          key: null,
          kind: t.type,
          date: t.tradeDate,
          from: null,
          quantity: t.quantityDelta,
          price: t.price,
          cash: t.cashDelta,
          currency,
          asOf: t.tradeDate,
        };
      },
    };
  });
  const covered = from === null ? null : { index: 'source_transactions_by_connection', where: 'trade_date >= ?', params: [from] };
  mergeVersions(db, TABLE, { ...pass, rows, covered });
}
