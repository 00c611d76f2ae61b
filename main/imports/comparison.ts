import { createHash } from 'node:crypto';
import type { ImportPreviewRow } from '../../shared/contract/imports.ts';
import type { HoldingRecord, QuarantinedRecord, SecurityRecord, SourcePage, TransactionRecord } from '../connectors/connector.ts';
import type { ReadDb } from '../store/handles.ts';
import { describeAccounts, type AccountState } from './account-state.ts';
import { createBookView, type BookView, type KnownHolding } from './book-view.ts';
import { findInstitution } from './institution.ts';
import type { CustodianFile } from './read-file.ts';
import { clearwayRemark, holdingChanges, transactionChanges } from './record-changes.ts';
import { rejectedRecords } from './rejected-rows.ts';

/** One row of the file beside what the book has. `change` is what decides its state, without remarks. */
export interface ComparedRow {
  readonly key: string | null;
  readonly change: string | null;
  readonly row: ImportPreviewRow;
}

export type RowCounts = Record<ImportPreviewRow['state'], number>;

/** What importing a file would do, worked out without writing. */
export interface Comparison {
  readonly accounts: readonly AccountState[];
  readonly rows: readonly ComparedRow[];
  readonly counts: RowCounts;
  /** What of the file would be taken, and in `quarantined` all that would not. */
  readonly page: SourcePage;
  /** Positions that the custodian reported before and that this file, listing all, does not. */
  readonly gone: readonly KnownHolding[];
  /** Figures and positions from before that the file is silent about and that stay as they are. */
  readonly kept: readonly KnownHolding[];
  /** Securities that wait for a person. */
  readonly untied: readonly SecurityRecord[];
  /** Equal fingerprints: the same rows in the same states, landing in the same accounts. */
  readonly fingerprint: string;
}

const REASON_LENGTH = 3900;
const sentences = (parts: readonly (string | null)[]): string | null => {
  const said = parts.filter((part) => part !== null && part !== '');
  return said.length === 0 ? null : `${said.join('. ')}.`.slice(0, REASON_LENGTH);
};

interface Taken {
  readonly compared: ComparedRow;
  /** Set when the row is not taken after all. */
  readonly refused: QuarantinedRecord | null;
}

interface Scene {
  readonly view: BookView;
  readonly accounts: ReadonlyMap<string, AccountState>;
  readonly securities: ReadonlyMap<string, SecurityRecord>;
}

const identifierOf = (security: SecurityRecord | undefined): string | null =>
  security === undefined || security.type === 'cash'
    ? null
    : (security.cusip ?? security.isin ?? security.sedol ?? security.figi ?? security.ticker ?? security.externalId);

function compareHolding(record: HoldingRecord, { view, accounts, securities }: Scene): Taken {
  const account = accounts.get(record.accountExternalId);
  const security = securities.get(record.securityExternalId);
  const before = view.holdings.get(record.externalId) ?? null;
  const said = before === null ? [] : holdingChanges(before, record);
  const older = account?.older ?? false;
  const landing = security && view.securityLanding(security);
  const clearway =
    typeof account?.link === 'number' && typeof landing?.link === 'number' ? view.clearway(account.link, landing.link) : null;
  const reason = older
    ? sentences([
        `Not taken: the statement is as of ${record.asOf} and the book has this account as of ${account?.knownAsOf ?? 'a later date'}`,
      ])
    : sentences([
        said.join(', '),
        before !== null && said.length === 0 && before.asOf !== record.asOf ? `Same values, now as of ${record.asOf}` : null,
        account?.link === null ? 'Kept apart from the book until its account is linked' : null,
        landing?.link === null ? 'Kept apart from the book until its security is linked' : null,
        clearway && clearwayRemark(clearway, before, record),
      ]);
  const row: ImportPreviewRow = {
    kind: security?.type === 'cash' ? 'cash' : 'position',
    state: older ? 'rejected' : before === null ? 'new' : said.length > 0 ? 'changed' : 'unchanged',
    account: account?.record.number ?? '',
    label: security?.name ?? record.securityExternalId,
    identifier: identifierOf(security),
    date: record.asOf,
    quantity: record.quantity,
    price: record.price,
    amount: record.marketValue,
    currency: record.currency,
    reason,
  };
  return {
    compared: { key: record.externalId, change: older ? null : said.join(), row },
    refused: older
      ? { externalId: record.externalId, reason: reason ?? '', path: 'INVPOSLIST', raw: JSON.stringify(record).slice(0, 4000) }
      : null,
  };
}

function compareTransaction(record: TransactionRecord, { view, accounts, securities }: Scene): Taken {
  const account = accounts.get(record.accountExternalId);
  const security = record.securityExternalId === null ? undefined : securities.get(record.securityExternalId);
  const before = view.transactions.get(record.externalId) ?? null;
  const said = before === null ? [] : transactionChanges(before, record);
  const outdated = said.length > 0 && (account?.older ?? false);
  const reason = outdated
    ? sentences([`Not taken: a newer statement says it differently (${said.join(', ')})`])
    : sentences([said.join(', '), account?.link === null ? 'Kept apart from the book until its account is linked' : null]);
  const row: ImportPreviewRow = {
    kind: 'transaction',
    state: outdated ? 'rejected' : before === null ? 'new' : said.length > 0 ? 'changed' : 'unchanged',
    account: account?.record.number ?? '',
    label: [record.type.replace(/^other:/, '').replaceAll('_', ' '), security?.name ?? record.memo]
      .filter((part) => part !== '')
      .join(' · '),
    identifier: identifierOf(security),
    date: record.tradeDate,
    quantity: record.quantityDelta,
    price: record.price,
    amount: record.cashDelta,
    currency: record.currency,
    reason,
  };
  return {
    compared: { key: record.externalId, change: said.join(), row },
    refused: outdated
      ? { externalId: record.externalId, reason: reason ?? '', path: 'INVTRANLIST', raw: JSON.stringify(record).slice(0, 4000) }
      : null,
  };
}

const refusedRow = (
  kind: ImportPreviewRow['kind'],
  account: string,
  { externalId, path, reason }: QuarantinedRecord,
): ComparedRow => ({
  key: externalId,
  change: null,
  row: {
    kind,
    state: 'rejected',
    account,
    label: path.split('/')[0] ?? path,
    identifier: null,
    date: null,
    quantity: null,
    price: null,
    amount: null,
    currency: null,
    reason: reason.slice(0, REASON_LENGTH),
  },
});

function fingerprintOf(accounts: Iterable<AccountState>, rows: readonly ComparedRow[]): string {
  const hash = createHash('sha256');
  for (const { record, link, older, listed } of accounts) hash.update(JSON.stringify([record.externalId, link, older, listed]));
  for (const { key, change, row } of rows) hash.update(JSON.stringify([row.kind, key, row.state, change]));
  return hash.digest('hex');
}

/** Compares every row of a file with the book. Reads only. */
export function compareWithBook(db: ReadDb, read: CustodianFile): Comparison {
  const { page } = read;
  const view = createBookView(db, findInstitution(db, read.institution), page);
  const accounts = describeAccounts(read, view);
  const scene: Scene = { view, accounts, securities: new Map(page.securities.map((s) => [s.externalId, s])) };

  const holdings = page.holdings.map((record) => ({ record, ...compareHolding(record, scene) }));
  const transactions = page.transactions.map((record) => ({ record, ...compareTransaction(record, scene) }));
  const rejected = rejectedRecords(read);
  const rows = [
    ...[...holdings, ...transactions].map(({ compared }) => compared),
    ...rejected.map((r) => refusedRow(r.kind, r.account === null ? '' : (accounts.get(r.account)?.record.number ?? ''), r)),
  ];
  const counts: RowCounts = { new: 0, changed: 0, unchanged: 0, rejected: 0 };
  for (const { row } of rows) counts[row.state] += 1;

  const stated = new Set(page.holdings.map((h) => h.externalId));
  const silent = [...view.holdings.values()].filter(
    (h) => !stated.has(h.externalId) && !accounts.get(h.accountExternalId)?.older,
  );
  const isGone = (h: KnownHolding): boolean => !h.isCash && (accounts.get(h.accountExternalId)?.listed ?? false);
  const taken = holdings.filter(({ refused }) => refused === null).map(({ record }) => record);
  const takenTransactions = transactions.filter(({ refused }) => refused === null).map(({ record }) => record);
  const named = new Set([...taken, ...takenTransactions].map((record) => record.securityExternalId));
  const securities = page.securities.filter((s) => named.has(s.externalId));
  return {
    accounts: [...accounts.values()],
    rows,
    counts,
    page: {
      ...page,
      securities,
      holdings: taken,
      transactions: takenTransactions,
      quarantined: [
        ...page.quarantined,
        ...[...holdings, ...transactions].map(({ refused }) => refused).filter((r) => r !== null),
      ],
    },
    gone: silent.filter(isGone),
    kept: silent.filter((h) => !isGone(h)),
    untied: securities.filter((s) => view.securityLanding(s).link === null),
    fingerprint: fingerprintOf(accounts.values(), rows),
  };
}
