import { tryCalendarDate } from '../../../shared/model/date.ts';
import { canonicalAmounts, MULTIPLIERS } from '../amounts.ts';
import type {
  AccountRecord,
  ConnectorContext,
  HoldingRecord,
  QuarantinedRecord,
  SecurityRecord,
  TransactionRecord,
} from '../connector.ts';
import { placeInFile } from '../excerpt.ts';
import { toDec, toIdText, type JsonDecimal, type LosslessJson } from '../json.ts';
import { readRecord, type Quarantine } from '../quarantine.ts';
import { createSecurityBook } from '../security-book.ts';
import { NO_IDENTIFIERS, readIdentifiers } from '../security-identifiers.ts';
import { askedCurrency, UNNAMED_CURRENCY } from '../settings.ts';
import { askedWindow } from '../transactions.ts';
import {
  BLACK_DIAMOND_CONVENTIONS,
  blackDiamondAccount,
  blackDiamondHolding,
  createTypeReader,
  foldAccount,
  foldHolding,
  type BlackDiamondHolding,
} from './holding.ts';
import { spellingOf } from './member-fold.ts';
import type { Relationships } from './relationships.ts';
import type { createTransactionReader } from './transactions.ts';

export interface BlackDiamondRecords {
  readonly accounts: readonly AccountRecord[];
  readonly securities: readonly SecurityRecord[];
  readonly holdings: readonly HoldingRecord[];
  readonly transactions: readonly TransactionRecord[];
  readonly quarantined: readonly QuarantinedRecord[];
}

const toDecOrNull = (value: JsonDecimal | null) => (value === null ? null : toDec(value));

const MEMBERS = { quantity: 'Units', marketValue: 'MarketValue' } as const;

/** Turns the account objects of one batch, with the holdings inside them, into records. */
export function createAccountReader(
  context: ConnectorContext,
  relationships: Relationships,
  transactionReader: ReturnType<typeof createTransactionReader>,
) {
  const stated = askedCurrency(context);
  const currency = stated ?? UNNAMED_CURRENCY;
  const typeOf = createTypeReader(context);
  const book = createSecurityBook();
  const knownHoldings = new Set<string>();
  const wantsTransactions = askedWindow(context) !== 'none';

  const makeSecurity = (
    holding: BlackDiamondHolding,
    externalId: string,
    quarantine: Quarantine,
    pointer: string,
  ): SecurityRecord => {
    const type = typeOf(holding);
    const read = type === 'cash' ? null : readIdentifiers({ ticker: holding.Ticker, cusip: holding.DisplayCusip });
    if (read?.failed) quarantine.add(`asset ${externalId}`, read.failed.reason, 'DisplayCusip', pointer);
    if (read?.repaired) context.log('Put the leading zero of a CUSIP back', { assetId: externalId, ...read.repaired });
    return {
      externalId,
      name: holding.AssetName?.trim() ?? '',
      type,
      currency,
      multiplier: MULTIPLIERS[type],
      ...(read?.identifiers ?? NO_IDENTIFIERS),
    };
  };

  const readHolding = (
    value: LosslessJson,
    accountId: string,
    file: string,
    quarantine: Quarantine,
    pointer: string,
  ): HoldingRecord | null => {
    const folded = foldHolding(value);
    const holding = readRecord(blackDiamondHolding, folded, quarantine, { pointer, idMember: 'Id' });
    if (!holding) return null;
    const externalId = toIdText(holding.Id);
    const refuse = (reason: string, path: string): null => {
      quarantine.add(externalId, reason, path, pointer);
      return null;
    };
    if (holding.AccountId != null && toIdText(holding.AccountId) !== accountId) {
      return refuse('AccountId names another account than the one the holding stands under.', 'AccountId');
    }
    const asOf = tryCalendarDate(holding.AsOfDate);
    if (asOf === null) return refuse('AsOfDate is not a date.', 'AsOfDate');
    const amounts = canonicalAmounts(
      typeOf(holding),
      {
        quantity: toDec(holding.Units),
        price: toDecOrNull(holding.Price),
        marketValue: toDecOrNull(holding.MarketValue),
        costBasis: null,
      },
      BLACK_DIAMOND_CONVENTIONS,
    );
    if ('reason' in amounts) return refuse(`${MEMBERS[amounts.field]} ${amounts.reason}.`, MEMBERS[amounts.field]);
    if (knownHoldings.has(externalId))
      return refuse('Black Diamond sent this holding twice in one batch; the first one is used.', 'Id');
    knownHoldings.add(externalId);
    const securityExternalId = toIdText(holding.AssetId);
    book.see(securityExternalId, { ticker: holding.Ticker, cusip: holding.DisplayCusip }, () =>
      makeSecurity(holding, securityExternalId, quarantine, pointer),
    );
    return {
      externalId,
      accountExternalId: accountId,
      securityExternalId,
      ...amounts,
      currency: stated,
      asOf,
      modifiedAt: null,
      place: placeInFile(file, pointer),
    };
  };

  /** Reads accounts from index `start` of a file until `most` holdings are reached; answers where to go on. */
  return (
    file: { readonly name: string; readonly items: readonly LosslessJson[] },
    quarantine: Quarantine,
    start: number,
    most: number,
  ): { readonly records: BlackDiamondRecords; readonly end: number } => {
    const accounts: AccountRecord[] = [];
    const holdings: HoldingRecord[] = [];
    const transactions: TransactionRecord[] = [];
    let end = start;
    for (; end < file.items.length; end += 1) {
      const item = file.items[end];
      const pointer = `/${end}`;
      const account = readRecord(blackDiamondAccount, foldAccount(item), quarantine, { pointer, idMember: 'Id' });
      if (!account) continue;
      const listed = account.Holdings ?? [];
      if (holdings.length > 0 && holdings.length + listed.length > most) break;
      const externalId = toIdText(account.Id);
      const number = account.AccountNumber?.trim() || account.LongNumber?.trim() || '';
      const reconciledOn = account.LastReconciledDate == null ? null : tryCalendarDate(account.LastReconciledDate);
      accounts.push({
        externalId,
        number,
        currency,
        custodian: account.Custodian?.trim() ?? '',
        name: account.Name?.trim() || account.CustodialAccountName?.trim() || number || `Account ${externalId}`,
        household: relationships.of(externalId),
        ...(reconciledOn === null ? {} : { reconciledOn }),
      });
      if (account.Holdings == null && account.ClosedDate == null) {
        quarantine.add(externalId, 'Holdings is missing although it was asked for and the account is open.', 'Holdings', pointer);
      }
      const member = spellingOf(item, 'Holdings');
      for (const [index, value] of listed.entries()) {
        const holding = readHolding(value, externalId, file.name, quarantine, `${pointer}/${member}/${index}`);
        if (holding) holdings.push(holding);
      }
      if (wantsTransactions && account.Transactions == null && account.ClosedDate == null) {
        quarantine.add(
          externalId,
          'Transactions is missing although it was asked for and the account is open.',
          'Transactions',
          pointer,
        );
      }
      const transactionsAt = spellingOf(item, 'Transactions');
      for (const [index, value] of (account.Transactions ?? []).entries()) {
        const place = `${pointer}/${transactionsAt}/${index}`;
        const transaction = transactionReader.read(value, externalId, file.name, quarantine, place);
        if (transaction) transactions.push(transaction);
      }
    }
    return { records: { accounts, securities: book.take(), holdings, transactions, quarantined: quarantine.take() }, end };
  };
}
