import type { TransactionRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import type { Linked } from './identity.ts';

/** Versions the transactions a pass carried; unchanged ones write nothing, and none is removed for being absent from a window. */
export function mergeTransactions(
  db: WritableDb,
  options: {
    readonly connectionId: number;
    readonly operationId: number;
    readonly records: readonly { readonly record: TransactionRecord; readonly payloadId: number }[];
    readonly accountOf: ReadonlyMap<string, Linked>;
    readonly securityOf: ReadonlyMap<string, Linked>;
  },
): void {
  const find = db.prepare(
    `SELECT id, type, trade_date, settle_date, quantity_delta, price, cash_delta, currency, memo FROM source_transactions
     WHERE connection_id = ? AND external_id = ? AND valid_to_op IS NULL`,
  );
  const end = db.prepare('UPDATE source_transactions SET valid_to_op = ? WHERE id = ?');
  const insert = db.prepare(
    `INSERT INTO source_transactions (connection_id, external_id, account_external_id, security_external_id, account_id, security_id, type,
       trade_date, settle_date, quantity_delta, price, cash_delta, currency, memo, payload_id, place, valid_from_op)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const { record: t, payloadId } of options.records) {
    const content = [t.type, t.tradeDate, t.settleDate, t.quantityDelta, t.price, t.cashDelta, t.currency, t.memo] as const;
    const current = find.raw().get(options.connectionId, t.externalId) as [number, ...unknown[]] | undefined;
    if (current && current.slice(1).every((value, i) => value === content[i])) continue;
    if (current) end.run(options.operationId, current[0]);
    insert.run(
      options.connectionId,
      t.externalId,
      t.accountExternalId,
      t.securityExternalId,
      options.accountOf.get(t.accountExternalId) ?? null,
      t.securityExternalId === null ? null : (options.securityOf.get(t.securityExternalId) ?? null),
      ...content,
      payloadId,
      t.place,
      options.operationId,
    );
  }
}
