import type { CalendarDate } from '../../shared/model/date.ts';
import type { TransactionRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import { versionRecords, type MergeTarget, type RecordTable } from './record-versions.ts';

export interface TransactionMerge extends MergeTarget {
  readonly records: readonly { readonly record: TransactionRecord; readonly payloadId: number }[];
  /** From this trade date on the pass lists all there are; null when it says nothing of the kind. */
  readonly from: CalendarDate | null;
}

const TABLE: RecordTable<TransactionRecord> = {
  name: 'source_transactions',
  noun: 'transactions',
  columns: [
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
  compared: 10,
  content: (t, currency) => [
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
};

/** Versions the transactions a pass carried; those no longer listed end only inside the window that the pass covers completely. */
export function mergeTransactions(db: WritableDb, { records, from, ...target }: TransactionMerge): void {
  const window = from === null ? null : { index: 'source_transactions_by_connection', where: 'trade_date >= ?', params: [from] };
  versionRecords(db, TABLE, records, window, target);
}
