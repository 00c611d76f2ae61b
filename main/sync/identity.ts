import { accountKey, cusipFromIsin, isMaskedAccountNumber } from '../../shared/model/identifiers.ts';
import type { AccountRecord, SecurityRecord } from '../connectors/connector.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';

/** Where a platform's thing belongs in the book; null while a person has to say. */
export type Linked = number | null;

interface Candidate {
  readonly id: number;
  readonly reason: string;
}
/** What the rules say about a thing that no link ties yet; `new` when the book does not have it. */
export interface Verdict {
  readonly link: Linked | 'new';
  readonly reason: string;
  readonly suggestions: readonly Candidate[];
}

/**
 * Files name custodians in their own words, so there a number that the book has at another custodian is a question;
 * platforms share one vocabulary, and there it is another account.
 */
export type NumberElsewhere = 'new' | 'ask';

/**
 * The rule by which accounts are recognised (custodian and normalised number; a masked number or a number that two
 * accounts share is only a suggestion). `accounts` are all of the pass. Reads only.
 */
export function createAccountJudge(
  db: ReadDb,
  connectionId: number,
  accounts: ReadonlyMap<string, AccountRecord>,
  numberElsewhere: NumberElsewhere,
): (account: AccountRecord) => Verdict {
  const sameKey = db.prepare(
    `SELECT a.id, (SELECT count(*) FROM account_links l WHERE l.connection_id = ? AND l.account_id = a.id AND l.external_id <> ?) AS taken
     FROM accounts a WHERE a.number_key = ? AND lower(a.custodian) = lower(?)`,
  );
  const sameNumber = db.prepare('SELECT id FROM accounts WHERE number_key = ? LIMIT 20');
  const maskedCandidates = db.prepare('SELECT id FROM accounts WHERE lower(custodian) = lower(?) AND number_key LIKE ? LIMIT 20');
  const elsewhere = db.prepare('SELECT id, custodian FROM accounts WHERE number_key = ? LIMIT 20');
  const timesSeen = new Map<string, number>();
  for (const a of accounts.values()) {
    const key = `${a.custodian.toLowerCase()}\n${accountKey(a.number)}`;
    timesSeen.set(key, (timesSeen.get(key) ?? 0) + 1);
  }

  return (a) => {
    const key = accountKey(a.number);
    if (isMaskedAccountNumber(a.number)) {
      const tail = key.replace(/[^0-9A-Z]/g, '').slice(-4);
      const found = tail.length < 4 ? [] : (maskedCandidates.all(a.custodian, `%${tail}`) as { id: number }[]);
      const reason = 'The platform shows only the end of the account number';
      return {
        link: null,
        reason,
        suggestions: found.map((c) => ({ id: c.id, reason: `Same custodian, number ends in ${tail}` })),
      };
    }
    if (key === '') return { link: null, reason: 'The platform gives no usable account number', suggestions: [] };
    if (a.custodian === '') {
      const namesakes = sameNumber.all(key) as { id: number }[];
      if (namesakes.length > 0)
        return {
          link: null,
          reason: 'The platform names no custodian for this account',
          suggestions: namesakes.map((c) => ({ id: c.id, reason: 'The number reads the same' })),
        };
    }
    const found = sameKey.all(connectionId, a.externalId, key, a.custodian) as { id: number; taken: number }[];
    const twins = (timesSeen.get(`${a.custodian.toLowerCase()}\n${key}`) ?? 0) > 1;
    const only = found.length === 1 ? found[0] : undefined;
    if (only && only.taken === 0 && !twins)
      return { link: only.id, reason: 'Same custodian and account number', suggestions: [] };
    if (found.length === 0 && !twins) {
      const namesakes = numberElsewhere === 'new' ? [] : (elsewhere.all(key) as { id: number; custodian: string }[]);
      if (namesakes.length === 0) return { link: 'new', reason: 'New account', suggestions: [] };
      return {
        link: null,
        reason: 'The book has this account number under another name of the custodian',
        suggestions: namesakes.map((c) => ({ id: c.id, reason: `Same number at ${c.custodian}` })),
      };
    }
    return {
      link: null,
      reason: 'Two account numbers read the same once hyphens and leading zeros are dropped',
      suggestions: found.map((c) => ({ id: c.id, reason: 'Same custodian, the number reads the same' })),
    };
  };
}

/** Ties the accounts of a pass to the book. Accounts nobody knows are made. Answers external id -> account id. */
export function linkAccounts(
  db: WritableDb,
  connectionId: number,
  batchId: number,
  accounts: ReadonlyMap<string, AccountRecord>,
  numberElsewhere: NumberElsewhere,
): Map<string, Linked> {
  const known = db.prepare(
    "SELECT account_id AS id, record ->> '$.reconciledOn' AS reconciledOn FROM account_links WHERE connection_id = ? AND external_id = ?",
  );
  // Of a linked account only this mark moves on; the rest stays as it was when it was linked.
  const setReconciled = db.prepare(
    "UPDATE account_links SET record = json_set(record, '$.reconciledOn', ?) WHERE connection_id = ? AND external_id = ?",
  );
  const insertLink = db.prepare(
    `INSERT INTO account_links (connection_id, external_id, account_id, reason, name, number, custodian, suggestions, record)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET account_id = excluded.account_id, reason = excluded.reason, name = excluded.name,
       number = excluded.number, custodian = excluded.custodian, suggestions = excluded.suggestions, record = excluded.record`,
  );
  const judge = createAccountJudge(db, connectionId, accounts, numberElsewhere);
  const makeAccount = createAccountMaker(db, batchId);
  const links = new Map<string, Linked>();
  for (const a of accounts.values()) {
    const existing = known.get(connectionId, a.externalId) as { id: Linked; reconciledOn: string | null } | undefined;
    if (existing && existing.id !== null) {
      links.set(a.externalId, existing.id);
      const reconciledOn = a.reconciledOn ?? null;
      if (reconciledOn !== existing.reconciledOn) setReconciled.run(reconciledOn, connectionId, a.externalId);
      continue;
    }
    const verdict = judge(a);
    const link = verdict.link === 'new' ? makeAccount(a) : verdict.link;
    insertLink.run(
      connectionId,
      a.externalId,
      link,
      verdict.reason,
      a.name,
      a.number,
      a.custodian,
      JSON.stringify(verdict.suggestions),
      JSON.stringify(a),
    );
    links.set(a.externalId, link);
  }
  return links;
}

/** Makes accounts in the book, each under the household the platform names; answers the id. */
export function createAccountMaker(db: WritableDb, batchId: number) {
  const addPortfolio = db.prepare('INSERT INTO portfolios (name) VALUES (?) ON CONFLICT DO NOTHING');
  const portfolio = db.prepare('SELECT id FROM portfolios WHERE name = ?').pluck();
  const insert = db.prepare(
    'INSERT INTO accounts (name, number, number_key, custodian, currency, portfolio_id, created_batch) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  return (a: Pick<AccountRecord, 'name' | 'number' | 'custodian' | 'currency' | 'household'>): number => {
    let portfolioId: number | null = null;
    if (a.household) {
      addPortfolio.run(a.household.name);
      portfolioId = portfolio.get(a.household.name) as number;
    }
    return insert.run(a.name, a.number, accountKey(a.number), a.custodian, a.currency, portfolioId, batchId)
      .lastInsertRowid as number;
  };
}

/**
 * The rule by which securities are recognised: ISIN, CUSIP (also the one inside a US or CA ISIN), SEDOL, FIGI; identifiers that
 * point at different securities, and a mere ticker, are suggestions. Cash goes by currency, never by identifier. Reads only.
 */
export function createSecurityJudge(db: ReadDb): (security: SecurityRecord) => Verdict {
  const byColumn = {
    isin: db.prepare('SELECT id FROM securities WHERE isin = ?').pluck(),
    cusip: db.prepare('SELECT id FROM securities WHERE cusip = ?').pluck(),
    sedol: db.prepare('SELECT id FROM securities WHERE sedol = ?').pluck(),
    figi: db.prepare('SELECT id FROM securities WHERE figi = ?').pluck(),
  };
  const byTicker = db.prepare('SELECT id FROM securities WHERE ticker = ? AND currency = ? LIMIT 20').pluck();
  const cash = db.prepare("SELECT id FROM securities WHERE type = 'cash' AND currency = ?").pluck();

  return (s) => {
    if (s.type === 'cash') {
      const found = cash.get(s.currency) as number | undefined;
      return { link: found ?? 'new', reason: `Cash in ${s.currency}`, suggestions: [] };
    }
    const isin = s.isin;
    const cusip = s.cusip ?? (s.isin ? cusipFromIsin(s.isin) : null);
    const hits = new Map<number, string>();
    for (const [column, value] of [
      ['isin', isin],
      ['cusip', cusip],
      ['sedol', s.sedol],
      ['figi', s.figi],
    ] as const)
      if (value !== null)
        for (const id of byColumn[column].all(value) as number[]) if (!hits.has(id)) hits.set(id, column.toUpperCase());
    const [first] = hits;
    if (first && hits.size === 1) return { link: first[0], reason: `Same ${first[1]}`, suggestions: [] };
    if (hits.size > 1)
      return {
        link: null,
        reason: 'Its identifiers belong to different securities of the book',
        suggestions: [...hits].map(([id, column]) => ({ id, reason: `Same ${column}` })),
      };
    const identified = isin !== null || cusip !== null || s.sedol !== null || s.figi !== null;
    const namesakes = identified || s.ticker === null ? [] : (byTicker.all(s.ticker, s.currency) as number[]);
    if (namesakes.length > 0)
      return {
        link: null,
        reason: 'The platform gives a ticker but no CUSIP, ISIN, SEDOL or FIGI',
        suggestions: namesakes.map((id) => ({ id, reason: `Same ticker ${s.ticker ?? ''}` })),
      };
    return { link: 'new', reason: 'New security', suggestions: [] };
  };
}

/** Ties the securities of a pass to the book. Securities nobody knows are made. Answers external id -> security id. */
export function linkSecurities(
  db: WritableDb,
  connectionId: number,
  batchId: number,
  securities: ReadonlyMap<string, SecurityRecord>,
): Map<string, Linked> {
  const known = db.prepare('SELECT security_id AS id FROM security_links WHERE connection_id = ? AND external_id = ?');
  const insertLink = db.prepare(
    `INSERT INTO security_links (connection_id, external_id, security_id, reason, name, detail, suggestions, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET security_id = excluded.security_id, reason = excluded.reason, name = excluded.name,
       detail = excluded.detail, suggestions = excluded.suggestions, record = excluded.record`,
  );
  const judge = createSecurityJudge(db);
  const makeSecurity = createSecurityMaker(db, batchId);
  const links = new Map<string, Linked>();
  for (const s of securities.values()) {
    const existing = known.get(connectionId, s.externalId) as { id: Linked } | undefined;
    if (existing && existing.id !== null) {
      links.set(s.externalId, existing.id);
      continue;
    }
    const verdict = judge(s);
    const link = verdict.link === 'new' ? makeSecurity(s) : verdict.link;
    const detail = [s.ticker, s.cusip ?? s.isin ?? s.sedol, s.type].filter(Boolean).join(' · ');
    insertLink.run(
      connectionId,
      s.externalId,
      link,
      verdict.reason,
      s.name,
      detail,
      JSON.stringify(verdict.suggestions),
      JSON.stringify(s),
    );
    links.set(s.externalId, link);
  }
  return links;
}

/** Makes securities in the book; answers the id. */
export function createSecurityMaker(db: WritableDb, batchId: number) {
  const insert = db.prepare(
    'INSERT INTO securities (name, type, ticker, cusip, isin, sedol, figi, currency, multiplier, created_batch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  return (s: Omit<SecurityRecord, 'externalId'>): number => {
    const cusip = s.cusip ?? (s.isin ? cusipFromIsin(s.isin) : null);
    return insert.run(s.name, s.type, s.ticker, cusip, s.isin, s.sedol, s.figi, s.currency, s.multiplier, batchId)
      .lastInsertRowid as number;
  };
}
