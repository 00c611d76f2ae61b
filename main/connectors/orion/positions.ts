import { tryCalendarDate, type CalendarDate } from '../../../shared/model/date.ts';
import { canonicalAmounts, MULTIPLIERS } from '../amounts.ts';
import type { AccountRecord, ConnectorContext, HoldingRecord, SecurityRecord } from '../connector.ts';
import { createInstantReader } from '../instants.ts';
import { createJsonCutter } from '../json-cut.ts';
import { toDec, toIdText, type JsonDecimal } from '../json.ts';
import { createQuarantine, readRecord, type Quarantine } from '../quarantine.ts';
import { createSecurityBook } from '../security-book.ts';
import { NO_IDENTIFIERS, readIdentifiers } from '../security-identifiers.ts';
import { askedCurrency, setting, UNNAMED_CURRENCY } from '../settings.ts';
import { ORION_CONVENTIONS, orionAccount, orionAsset, orionClient, orionSecurityType, type OrionAsset } from './asset.ts';
import type { OrionPage } from './paging.ts';

export interface OrionRecords {
  readonly accounts: readonly AccountRecord[];
  readonly securities: readonly SecurityRecord[];
  readonly holdings: readonly HoldingRecord[];
  readonly quarantined: ReturnType<Quarantine['take']>;
}

const toDecOrNull = (value: JsonDecimal | null | undefined) => (value == null ? null : toDec(value));

/** Turns Orion's clients, accounts and assets of one pass into records. Pages must come in that order. */
export function createOrionReader(context: ConnectorContext) {
  const stated = askedCurrency(context);
  const currency = stated ?? UNNAMED_CURRENCY;
  const tryInstant = createInstantReader(setting(context, 'timeOffset', ORION_CONVENTIONS.timeOffset));
  const households = new Map<string, string>();
  const knownAccounts = new Set<string>();
  const knownHoldings = new Set<string>();
  const book = createSecurityBook();
  const dates = new Map<string, CalendarDate | null>();

  const dateOf = (text: string): CalendarDate | null => {
    let date = dates.get(text);
    if (date === undefined) dates.set(text, (date = tryCalendarDate(text)));
    return date;
  };
  const householdOf = (clientId: string | null, fallback: string | null): AccountRecord['household'] => {
    if (clientId === null) return null;
    const name = households.get(clientId) ?? fallback;
    return name === null ? null : { externalId: clientId, name };
  };

  const makeSecurity = (asset: OrionAsset, externalId: string, note: (reason: string, path: string) => void): SecurityRecord => {
    const type = orionSecurityType(asset);
    const read = type === 'cash' ? null : readIdentifiers(asset);
    if (read?.failed) note(read.failed.reason, read.failed.kind);
    if (read?.repaired) context.log('Put the leading zero of a CUSIP back', { productId: externalId, ...read.repaired });
    return {
      externalId,
      type,
      currency,
      name: asset.name?.trim() ?? '',
      multiplier: MULTIPLIERS[type],
      ...(read?.identifiers ?? NO_IDENTIFIERS),
    };
  };

  return {
    readClients: (page: OrionPage): void => {
      for (const value of page.items) {
        const client = orionClient.safeParse(value);
        if (client.success && client.data.name?.trim()) households.set(toIdText(client.data.id), client.data.name.trim());
      }
    },

    readAccounts: (page: OrionPage): OrionRecords => {
      const quarantine = createQuarantine(createJsonCutter(page.text));
      const accounts: AccountRecord[] = [];
      for (const [index, value] of page.items.entries()) {
        const pointer = `/${index + page.offset}`;
        const account = readRecord(orionAccount, value, quarantine, { pointer, idMember: 'id' });
        if (!account) continue;
        const externalId = toIdText(account.id);
        const number = account.number?.trim() ?? '';
        knownAccounts.add(externalId);
        accounts.push({
          externalId,
          number,
          currency,
          custodian: account.custodian?.trim() ?? '',
          name: account.name?.trim() || number || `Account ${externalId}`,
          household: householdOf(account.clientId == null ? null : toIdText(account.clientId), null),
        });
      }
      return { accounts, securities: [], holdings: [], quarantined: quarantine.take() };
    },

    readAssets: (page: OrionPage): OrionRecords => {
      const quarantine = createQuarantine(createJsonCutter(page.text));
      const accounts: AccountRecord[] = [];
      const holdings: HoldingRecord[] = [];
      for (const [index, value] of page.items.entries()) {
        const pointer = `/${index + page.offset}`;
        const asset = readRecord(orionAsset, value, quarantine, { pointer, idMember: 'id' });
        if (!asset) continue;
        const externalId = toIdText(asset.id);
        const asOf = dateOf(asset.asOfDate);
        const amounts = canonicalAmounts(
          orionSecurityType(asset),
          {
            quantity: toDec(asset.currentShares),
            price: toDecOrNull(asset.currentPrice),
            marketValue: toDecOrNull(asset.currentValue),
            costBasis: toDecOrNull(asset.costBasis),
          },
          ORION_CONVENTIONS,
        );
        if (asOf === null) {
          quarantine.add(externalId, 'asOfDate is not a date.', 'asOfDate', pointer);
          continue;
        }
        if ('reason' in amounts) {
          quarantine.add(externalId, `currentShares ${amounts.reason}.`, 'currentShares', pointer);
          continue;
        }
        // One look-up instead of two: the set grows unless it held the id.
        if (knownHoldings.size === knownHoldings.add(externalId).size) {
          quarantine.add(externalId, 'Orion sent this position twice in one pass; the first one is used.', 'id', pointer);
          continue;
        }

        const accountExternalId = toIdText(asset.accountId);
        if (!knownAccounts.has(accountExternalId)) {
          knownAccounts.add(accountExternalId);
          const number = asset.accountNumber?.trim() ?? '';
          accounts.push({
            externalId: accountExternalId,
            number,
            currency,
            custodian: asset.custodian?.trim() ?? '',
            name: number || `Account ${accountExternalId}`,
            household: householdOf(asset.clientId == null ? null : toIdText(asset.clientId), asset.householdName?.trim() || null),
          });
        }
        const securityExternalId = toIdText(asset.productId);
        book.see(securityExternalId, asset, () =>
          makeSecurity(asset, securityExternalId, (reason, path) =>
            quarantine.add(`product ${securityExternalId}`, reason, path, pointer),
          ),
        );
        // Spelled out: spreading here doubles the time of a page.
        holdings.push({
          externalId,
          accountExternalId,
          securityExternalId,
          quantity: amounts.quantity,
          price: amounts.price,
          marketValue: amounts.marketValue,
          costBasis: amounts.costBasis,
          currency: stated,
          asOf,
          modifiedAt: asset.editedDate == null ? null : tryInstant(asset.editedDate),
          place: pointer,
        });
      }
      return { accounts, securities: book.take(), holdings, quarantined: quarantine.take() };
    },
  };
}
