import { ONE } from '../../../shared/model/decimal.ts';
import type {
  AccountRecord,
  HoldingRecord,
  QuarantinedRecord,
  SecurityRecord,
  SourcePage,
  TransactionRecord,
} from '../connector.ts';
import { placeOf } from './brief.ts';
import { cashSecurityExternalId } from './external-ids.ts';
import { holdingRecords } from './holding-records.ts';
import type { OfxFile, OfxStatement, RejectedRow, StatementTransaction } from './statement.ts';

export const OFX_CONTENT_TYPE = 'application/x-ofx';

function accountRecord(file: OfxFile, statement: OfxStatement): AccountRecord {
  const custodian = file.institution.org ?? (statement.brokerId || 'Unknown custodian');
  return {
    externalId: statement.accountExternalId,
    name: `${custodian} ${statement.accountId}`.slice(0, 200),
    number: statement.accountId,
    custodian,
    household: null,
    currency: statement.currency,
  };
}

const cashSecurity = (currency: string): SecurityRecord => ({
  externalId: cashSecurityExternalId(currency),
  name: `Cash (${currency})`,
  type: 'cash',
  ticker: null,
  cusip: null,
  isin: null,
  sedol: null,
  figi: null,
  currency,
  multiplier: ONE,
});

const transactionRecord = (account: string, row: StatementTransaction): TransactionRecord => ({
  externalId: row.externalId,
  accountExternalId: account,
  securityExternalId: row.securityExternalId,
  type: row.type,
  tradeDate: row.tradeDate,
  settleDate: row.settleDate,
  quantityDelta: row.quantityDelta,
  price: row.price,
  cashDelta: row.cashDelta,
  currency: row.currency,
  memo: row.memo,
  place: placeOf(row),
});

const quarantined = ({ externalId, reason, path, raw }: RejectedRow): QuarantinedRecord => ({ externalId, reason, path, raw });

const notTaken = (holding: HoldingRecord, reason: string): QuarantinedRecord => ({
  externalId: holding.externalId,
  reason: `The holding of ${holding.place} was not taken: ${reason}`,
  path: 'INVPOSLIST',
  raw: JSON.stringify(holding).slice(0, 4_000),
});

/**
 * Makes the canonical records of a file as one page; `raw` are the bytes it was read from, and every `place` is a line in
 * them. Holdings come from the newest statement of each account: those of an older one, and a second value for the same
 * holding, are set aside with a reason, because adding them would count them twice. Transactions of overlapping
 * statements count once.
 */
export function toSourcePage(file: OfxFile, raw: Uint8Array): SourcePage {
  const accounts = new Map<string, AccountRecord>();
  const holdings = new Map<string, HoldingRecord>();
  const transactions = new Map<string, TransactionRecord>();
  const quarantine = file.rejected.map(quarantined);
  const newest = new Map<string, string>();
  for (const { accountExternalId, asOf } of file.statements) {
    const known = newest.get(accountExternalId);
    if (known === undefined || asOf > known) newest.set(accountExternalId, asOf);
  }

  for (const statement of file.statements) {
    const account = statement.accountExternalId;
    if (!accounts.has(account)) accounts.set(account, accountRecord(file, statement));
    for (const row of statement.rejected) quarantine.push(quarantined(row));
    for (const row of statement.transactions)
      if (!transactions.has(row.externalId)) transactions.set(row.externalId, transactionRecord(account, row));
    const records = holdingRecords(statement);
    for (const { holding, reason } of records.setAside) quarantine.push(notTaken(holding, reason));
    const older = statement.asOf !== newest.get(account);
    for (const holding of records.holdings) {
      const other = holdings.get(holding.externalId);
      if (older)
        quarantine.push(notTaken(holding, `the file holds a newer statement of the same account (${newest.get(account)}).`));
      else if (other)
        quarantine.push(
          notTaken(holding, `another statement of the same account and date in this file states it too (${other.place}).`),
        );
      else holdings.set(holding.externalId, holding);
    }
  }

  const held = [...holdings.values()];
  const named = new Set([...held, ...transactions.values()].map((record) => record.securityExternalId));
  const cash = new Set(
    held.flatMap(({ currency, securityExternalId: id }) =>
      currency !== null && id === cashSecurityExternalId(currency) ? [currency] : [],
    ),
  );
  return {
    next: null,
    raw,
    contentType: OFX_CONTENT_TYPE,
    accounts: [...accounts.values()],
    securities: [
      ...file.securities
        .filter((security) => named.has(security.externalId))
        .map(({ line: _line, described: _described, ...record }) => record),
      ...[...cash].map(cashSecurity),
    ],
    holdings: held,
    transactions: [...transactions.values()],
    quarantined: quarantine,
    expected: null,
  };
}
