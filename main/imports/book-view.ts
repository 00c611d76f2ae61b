import type { CalendarDate } from '../../shared/model/date.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import type { HoldingField } from '../../shared/model/holding.ts';
import type { AccountRecord, SecurityRecord, SourcePage, TransactionRecord } from '../connectors/connector.ts';
import type { ReadDb } from '../store/handles.ts';
import { createAccountJudge, createSecurityJudge, type Verdict } from '../sync/identity.ts';

type Amounts = Readonly<Record<HoldingField, Dec | null>>;

/** What this custodian last said about a position. */
export interface KnownHolding extends Amounts {
  readonly externalId: string;
  readonly accountExternalId: string;
  readonly securityExternalId: string;
  readonly securityName: string;
  readonly isCash: boolean;
  readonly currency: string | null;
  readonly asOf: string;
}
export type KnownTransaction = Pick<
  TransactionRecord,
  'externalId' | 'type' | 'tradeDate' | 'settleDate' | 'quantityDelta' | 'price' | 'cashDelta' | 'currency' | 'memo'
>;

/** Where a thing of the file lands in the book. `link` is null while a person has to say, for `reason`. */
export type Landing = Pick<Verdict, 'link' | 'reason'>;

/** All that the book knows about what a file speaks of, read once. */
export interface BookView {
  readonly holdings: ReadonlyMap<string, KnownHolding>;
  readonly transactions: ReadonlyMap<string, KnownTransaction>;
  accountLanding(account: AccountRecord): Landing;
  securityLanding(security: SecurityRecord): Landing;
  accountName(id: number): string | null;
  /** Newest date for which the book has positions of an account, from this custodian or anybody else. */
  knownAsOf(account: AccountRecord, link: Landing['link']): CalendarDate | null;
  /** Clearway's own values of a position it holds. */
  clearway(accountId: number, securityId: number): Amounts | null;
}

const HOLDINGS = `SELECT r.external_id AS externalId, r.account_external_id AS accountExternalId, r.security_external_id AS securityExternalId,
  coalesce(l.name, r.security_external_id) AS securityName, coalesce(s.type = 'cash', 0) AS isCash, r.quantity, r.price,
  r.market_value AS marketValue, r.cost_basis AS costBasis, r.currency, r.as_of AS asOf
  FROM source_holdings r LEFT JOIN security_links l ON l.connection_id = r.connection_id AND l.external_id = r.security_external_id
  LEFT JOIN securities s ON s.id = l.security_id
  WHERE r.connection_id = ? AND r.valid_to_op IS NULL AND r.account_external_id IN (SELECT value FROM json_each(?))`;

const TRANSACTIONS = `SELECT external_id AS externalId, type, trade_date AS tradeDate, settle_date AS settleDate, quantity_delta AS quantityDelta, price,
  cash_delta AS cashDelta, currency, memo FROM source_transactions
  WHERE connection_id = ? AND valid_to_op IS NULL AND account_external_id IN (SELECT value FROM json_each(?))`;

const KNOWN_AS_OF = `SELECT max(date) FROM (
  SELECT max(as_of) AS date FROM source_holdings WHERE connection_id = @connection AND valid_to_op IS NULL AND account_external_id = @external
  UNION ALL SELECT max(i.after ->> '$.asOf') FROM batch_items i JOIN batches b ON b.id = i.batch_id
    WHERE i.kind = 'source' AND i.subject_id = @connection AND i.after ->> '$.statement' = @external AND b.undone_by IS NULL
  UNION ALL SELECT max(as_of) FROM holdings WHERE account_id = @account AND status = 'held'
  UNION ALL SELECT max(r.as_of) FROM holdings h JOIN source_holdings r ON r.holding_id = h.id AND r.valid_to_op IS NULL WHERE h.account_id = @account)`;

const byExternalId = <T extends { externalId: string }>(rows: readonly T[]): Map<string, T> =>
  new Map(rows.map((r) => [r.externalId, r]));

/** `connectionId` is null for an institution of which no file was imported before. */
export function createBookView(db: ReadDb, connectionId: number | null, page: SourcePage): BookView {
  const connection = connectionId ?? 0;
  const accounts = JSON.stringify(page.accounts.map((a) => a.externalId));
  const judgeAccount = createAccountJudge(db, connection, byExternalId(page.accounts), 'ask');
  const judgeSecurity = createSecurityJudge(db);
  const accountLink = db.prepare('SELECT account_id FROM account_links WHERE connection_id = ? AND external_id = ?').pluck();
  const securityLink = db.prepare('SELECT security_id FROM security_links WHERE connection_id = ? AND external_id = ?').pluck();
  const name = db.prepare('SELECT name FROM accounts WHERE id = ?').pluck();
  const knownAsOf = db.prepare(KNOWN_AS_OF).pluck();
  const position = db.prepare(
    `SELECT quantity, price, market_value AS marketValue, cost_basis AS costBasis FROM holdings
     WHERE account_id = ? AND security_id = ? AND status = 'held'`,
  );
  const linked = (id: unknown): Landing | null => (typeof id === 'number' ? { link: id, reason: 'Linked' } : null);

  return {
    holdings: byExternalId(db.prepare(HOLDINGS).all(connection, accounts) as KnownHolding[]),
    transactions: byExternalId(db.prepare(TRANSACTIONS).all(connection, accounts) as KnownTransaction[]),
    accountLanding: (a) => linked(accountLink.get(connection, a.externalId)) ?? judgeAccount(a),
    securityLanding: (s) => linked(securityLink.get(connection, s.externalId)) ?? judgeSecurity(s),
    accountName: (id) => (name.get(id) as string | undefined) ?? null,
    knownAsOf: (a, link) =>
      knownAsOf.get({
        connection,
        external: a.externalId,
        account: typeof link === 'number' ? link : null,
      }) as CalendarDate | null,
    clearway: (accountId, securityId) => (position.get(accountId, securityId) as Amounts | undefined) ?? null,
  };
}
