import type { CalendarDate } from '../../shared/model/date.ts';
import type { TransactionRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import type { Linked } from './identity.ts';
import { mergeVersions, type VersionedTable } from './versioned-rows.ts';

export interface TransactionMerge {
  readonly connectionId: number;
  readonly operationId: number;
  readonly records: readonly { readonly record: TransactionRecord; readonly payloadId: number }[];
  /** From this trade date on the pass lists all there are; null when it says nothing of the kind. */
  readonly from: CalendarDate | null;
  readonly acceptShrink: boolean;
  readonly accountFor: (externalId: string) => Linked;
  readonly securityFor: (externalId: string) => Linked;
}

const TRANSACTIONS: VersionedTable = {
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
  window: { column: 'trade_date', index: 'source_transactions_by_connection' },
  noun: 'transactions',
};

/** Versions the transactions a pass carried; amounts without a currency are in that of their security. */
export function mergeTransactions(db: WritableDb, { records, accountFor, securityFor, ...pass }: TransactionMerge): void {
  const currencyOf = createCurrencies(db);
  const rows = records.map(({ record: t, payloadId }) => {
    const security = t.securityExternalId === null ? null : securityFor(t.securityExternalId);
    return {
      externalId: t.externalId,
      content: [
        t.type,
        t.tradeDate,
        t.settleDate,
        t.quantityDelta,
        t.price,
        t.cashDelta,
        t.currency ?? currencyOf(security),
        t.memo,
        t.accountExternalId,
        t.securityExternalId,
      ],
      links: () => [accountFor(t.accountExternalId), security],
      payloadId,
      place: t.place,
    };
  });
  mergeVersions(db, TRANSACTIONS, { ...pass, rows });
}

const UNNAMED = 'USD';

/** The currency of amounts that no source names: that of their security in the book. */
function createCurrencies(db: WritableDb): (security: Linked) => string {
  const find = db.prepare('SELECT currency FROM securities WHERE id = ?').pluck();
  const known = new Map<number, string>();
  return (security) => {
    if (security === null) return UNNAMED;
    let currency = known.get(security);
    if (currency === undefined) known.set(security, (currency = (find.get(security) as string | undefined) ?? UNNAMED));
    return currency;
  };
}
