import { addDays, type CalendarDate } from '../../../shared/model/date.ts';
import type { FirmActivity } from '../firm/activity.ts';
import { totalValue } from '../firm/dollars.ts';
import { storedText } from '../firm/fixed.ts';
import type { Household } from '../firm/accounts.ts';
import type { Position } from '../firm/position.ts';
import type { Security } from '../firm/security.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { accountId, assetId, holdingId, portfolioId, relationshipId } from './ids.ts';
import { BATCH_DAYS, transactionText } from './transactions.ts';

export const BATCH_ENTITIES = ['accounts', 'relationships', 'portfolios', 'assets'] as const;
export type BatchEntity = (typeof BATCH_ENTITIES)[number];

export interface BatchOrder {
  readonly day: number | null;
  readonly entities: readonly BatchEntity[];
  readonly holdings: boolean;
  readonly transactions: boolean;
  readonly costBasis: boolean;
}

export interface BatchFile {
  readonly name: string;
  /** Pieces of one JSON array. */
  readonly pieces: () => Iterable<string>;
}

const ACCOUNTS_PER_FILE = 250;
const ISSUE_TYPES: Readonly<Record<Security['type'], string>> = {
  stock: 'Common Stock',
  etf: 'Exchange Traded Fund',
  fund: 'Mutual Fund',
  bond: 'Corporate Bond',
  option: 'Option',
  cash: 'Cash',
  other: 'Other',
};
const STARTED = '2021-03-01';

function* arrayPieces(rows: Iterable<string>): Generator<string> {
  let first = true;
  yield '[';
  for (const row of rows) {
    yield first ? row : `,${row}`;
    first = false;
  }
  yield ']';
}

/** Portfolios are groups of accounts: each household’s whole, and for some a second one that shares accounts with it. */
export interface PortfolioGroup {
  readonly number: number;
  readonly household: Household;
  readonly name: string;
  readonly master: boolean;
  readonly accounts: readonly number[];
}

export function portfoliosOf({ book }: PlatformState): readonly PortfolioGroup[] {
  const { firm } = book;
  return firm.households.flatMap((household) => {
    const accounts = Array.from({ length: household.accounts }, (_, place) => household.firstAccount + place);
    const retirement = accounts.filter((account) => firm.accounts[account]?.registration.includes('IRA'));
    const whole = { number: household.index * 2, household, name: household.name, master: true, accounts };
    const part = {
      number: household.index * 2 + 1,
      household,
      name: `${household.name} retirement`,
      master: false,
      accounts: retirement,
    };
    return retirement.length >= 2 ? [whole, part] : [whole];
  });
}

/** The files of a batch, each made only when it is written. */
export function batchFiles(state: PlatformState, order: BatchOrder, activity: FirmActivity): readonly BatchFile[] {
  const { book } = state;
  const { firm } = book;
  const date: CalendarDate = firm.date(order.day ?? 0);

  const cusip = (security: Security): string => quoted(book.knowsIdentifiers(security) ? security.cusip : null);
  const holdingText = ({ record, account, security, quantity, price, value, cost }: Position): string => {
    const name = quoted(security.type === 'cash' ? 'Cash' : security.name);
    const issueType = quoted(ISSUE_TYPES[security.type]);
    const costMember = order.costBasis ? `,"CostBasis":${cost === null ? 'null' : storedText(cost)}` : '';
    return `{"Id":"${holdingId(record)}","AccountId":"${accountId(account)}","AssetId":${assetId(security.index)},"AssetName":${name},"AssetNameShort":${name},"DisplayCusip":${cusip(security)},"Ticker":${quoted(security.ticker)},"IssueType":${issueType},"ProviderIssueType":${issueType},"ClassName":${quoted(security.assetClass)},"Units":${storedText(quantity)},"Price":${storedText(price)},"MarketValue":${storedText(value)}${costMember},"AsOfDate":"${date}","Cash":${security.type === 'cash'},"Billable":true,"Discretionary":true,"VotingAuthority":null,"AssetTags":null}`;
  };

  const transactionsOf = (index: number): string =>
    activity
      .ofAccount(index)
      .filter((row) => row.tradeDate <= date && row.tradeDate >= addDays(date, -BATCH_DAYS))
      .map(transactionText)
      .join(',');

  /** Mostly the day itself; of some accounts the custodian’s file came days ago. */
  const reconciledOn = (index: number): string => (index % 17 === 5 ? addDays(date, -4) : date);

  const accountText = (index: number): string => {
    const account = firm.accounts[index];
    if (!account) return '{}';
    const rows = order.day === null ? [] : book.records(index, order.day);
    const lists = `${order.holdings ? `,"Holdings":[${rows.map(holdingText).join(',')}]` : ''}${order.transactions ? `,"Transactions":[${transactionsOf(index)}]` : ''}`;
    return `{"Id":"${accountId(index)}","AccountNumber":${quoted(account.number)},"LongNumber":${quoted(account.number.replaceAll('-', ''))},"Name":${quoted(account.name)},"CustodialAccountName":${quoted(account.name)},"AccountCategory":null,"AccountSubCategory":null,"AccountType":${quoted(account.registration)},"AccountRegistrationType":${quoted(account.registration)},"TaxStatus":${quoted(account.registration.includes('IRA') ? 'Tax deferred' : 'Taxable')},"Custodian":${quoted(account.custodian)},"DataProvider":${quoted(account.custodian)},"AsOfDate":"${date}","StartDate":"${STARTED}","HistoryStartDate":"${STARTED}","PerformanceStartDate":"${STARTED}","ClosedDate":null,"LastReconciledDate":"${reconciledOn(index)}","Billable":true,"Discretionary":true,"Supervised":true,"PayByInvoice":false,"Details":{"TotalEmv":${storedText(totalValue(rows))}},"Style":{"Name":"Core"},"Manager":{"LastName":null},"Team":[{"Name":"Main office"}],"FeeSchedules":null${lists}}`;
  };

  const relationships = function* (): Generator<string> {
    const portfolios = Map.groupBy(portfoliosOf(state), (portfolio) => portfolio.household.index);
    for (const household of firm.households) {
      const members = Array.from({ length: household.accounts }, (_, place) => firm.accounts[household.firstAccount + place]);
      const accounts = members.map(
        (account) =>
          `{"ExternalID":"${accountId(account?.index ?? 0)}","LongNumber":${quoted(account?.number.replaceAll('-', '') ?? '')},"AccountDisplayNumber":${quoted(account?.number ?? '')},"DisplayName":${quoted(account?.name ?? '')},"HistoryStartDate":"${STARTED}","ClosedDate":null,"Relationship":${quoted(household.name)}}`,
      );
      const referencing = (portfolios.get(household.index) ?? []).map(
        ({ number, name, master }) =>
          `{"Id":"${portfolioId(number)}","Name":${quoted(name)},"DisplayName":${quoted(name)},"IsMasterPortfolio":${master}}`,
      );
      yield `{"Relationship":{"ID":"${relationshipId(household.index)}","Name":${quoted(household.name)},"ClientTypeID":1},"ReferencedEntities":{"Accounts":[${accounts.join(',')}]},"ReferencingPortfolios":[${referencing.join(',')}]}`;
    }
  };
  const portfolios = function* (): Generator<string> {
    for (const { number, household, name, master, accounts } of portfoliosOf(state))
      yield `{"Id":"${portfolioId(number)}","Name":${quoted(name)},"DisplayName":${quoted(name)},"IsMasterPortfolio":${master},"RelationshipID":"${relationshipId(household.index)}","Accounts":[${accounts.map((account) => `{"ExternalID":"${accountId(account)}"}`).join(',')}]}`;
  };
  const assets = function* (): Generator<string> {
    for (const security of firm.securities)
      yield `{"AssetId":${assetId(security.index)},"AssetName":${quoted(security.name)},"AssetNameShort":${quoted(security.name)},"DisplayCusip":${cusip(security)},"Ticker":${quoted(security.ticker)},"IssueType":${quoted(ISSUE_TYPES[security.type])},"ClassName":${quoted(security.assetClass)}}`;
  };
  const accountFiles = (): readonly BatchFile[] =>
    Array.from({ length: Math.ceil(firm.accounts.length / ACCOUNTS_PER_FILE) }, (_, file) => ({
      name: `Accounts_${file + 1}.json`,
      pieces: () => {
        const last = Math.min(firm.accounts.length, (file + 1) * ACCOUNTS_PER_FILE);
        const texts = function* (): Generator<string> {
          for (let index = file * ACCOUNTS_PER_FILE; index < last; index += 1) yield accountText(index);
        };
        return arrayPieces(texts());
      },
    }));

  const files: Readonly<Record<BatchEntity, () => readonly BatchFile[]>> = {
    accounts: accountFiles,
    relationships: () => [{ name: 'Relationships_1.json', pieces: () => arrayPieces(relationships()) }],
    portfolios: () => [{ name: 'Portfolios_1.json', pieces: () => arrayPieces(portfolios()) }],
    assets: () => [{ name: 'Assets_1.json', pieces: () => arrayPieces(assets()) }],
  };
  return order.entities.flatMap((entity) => files[entity]());
}
