import { AppError } from '../../shared/contract/errors.ts';
import type { OpeningBook } from '../../shared/model/opening-book.ts';
import { accountKey } from '../../shared/model/identifiers.ts';
import type { Platform } from '../../shared/model/holding.ts';
import type { WritableDb } from '../store/handles.ts';
import { writeSetting } from '../store/settings.ts';
import type { WriteContext } from '../store/run-job.ts';
import { editHolding } from './book-writes.ts';

export interface OpenBookArgs {
  readonly book: OpeningBook;
  readonly connections: Readonly<Partial<Record<Platform, number>>>;
}

const keyed = (ids: ReadonlyMap<string, number>, key: string): number => {
  const id = ids.get(key);
  if (id === undefined) throw new AppError('invalid_input', `The opening book names ${key}, which it does not describe.`);
  return id;
};

/** Takes over a firm's own book as it stood before the first sync, with its confirmed platform ids and later edits. */
export function openBook(db: WritableDb, { book, connections }: OpenBookArgs, context: WriteContext): { positions: number } {
  if (db.prepare('SELECT 1 FROM holdings LIMIT 1').get() !== undefined)
    throw new AppError('not_possible', 'The book already has positions, so an opening book cannot be taken over.');
  const batchId = db
    .prepare("INSERT INTO batches (uid, kind, actor, at, summary, items) VALUES (?, 'opening', ?, ?, ?, ?)")
    .run(context.uuid(), context.actor, context.now(), `Opening book as of ${book.asOf}`, book.holdings.length)
    .lastInsertRowid as number;
  writeSetting(db, 'firm', JSON.stringify(book.firm));

  const portfolios = new Map<string, number>();
  for (const p of book.portfolios)
    portfolios.set(p.key, db.prepare('INSERT INTO portfolios (name) VALUES (?)').run(p.name).lastInsertRowid as number);
  const accounts = insertAccounts(db, book, portfolios, connections, batchId);
  const securities = insertSecurities(db, book, connections, batchId);

  const insert = db.prepare(
    `INSERT INTO holdings (account_id, security_id, status, quantity, price, market_value, cost_basis, currency, as_of, origin, opening_base, created_batch)
     VALUES (?, ?, 'held', ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const holdings = new Map<string, { id: number; values: Record<string, string | null> }>();
  for (const h of book.holdings) {
    const values = { quantity: h.quantity, price: h.price, marketValue: h.marketValue, costBasis: h.costBasis };
    const id = insert.run(
      keyed(accounts, h.accountKey),
      keyed(securities, h.securityKey),
      h.quantity,
      h.price,
      h.marketValue,
      h.costBasis,
      h.currency,
      book.asOf,
      `b:${batchId}`,
      JSON.stringify(values),
      batchId,
    ).lastInsertRowid as number;
    holdings.set(`${h.accountKey}\n${h.securityKey}`, { id, values: { ...values } });
  }
  for (const edit of book.edits) {
    const holding = holdings.get(`${edit.accountKey}\n${edit.securityKey}`);
    if (!holding) throw new AppError('invalid_input', `The opening book edits a position it does not hold (${edit.accountKey}).`);
    const expected = (holding.values[edit.field] ?? null) as typeof edit.value | null;
    editHolding(
      db,
      { id: String(holding.id), field: edit.field, value: edit.value, expected, reason: edit.reason },
      { ...context, actor: edit.by, audit: () => undefined },
    );
    holding.values[edit.field] = edit.value;
  }
  context.audit('opening book', { firm: book.firm, asOf: book.asOf, positions: book.holdings.length, edits: book.edits.length });
  return { positions: book.holdings.length };
}

type Connections = OpenBookArgs['connections'];

function insertAccounts(
  db: WritableDb,
  book: OpeningBook,
  portfolios: ReadonlyMap<string, number>,
  connections: Connections,
  batchId: number,
) {
  const insert = db.prepare(
    'INSERT INTO accounts (name, number, number_key, custodian, currency, portfolio_id, created_batch) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const link = db.prepare(
    `INSERT INTO account_links (connection_id, external_id, account_id, reason, name, number, custodian, record) VALUES (?, ?, ?, 'Confirmed in the opening book', ?, ?, ?, ?)`,
  );
  const ids = new Map<string, number>();
  for (const a of book.accounts) {
    const id = insert.run(
      a.name,
      a.number,
      accountKey(a.number),
      a.custodian,
      a.currency,
      keyed(portfolios, a.portfolioKey),
      batchId,
    ).lastInsertRowid as number;
    ids.set(a.key, id);
    for (const [platform, externalId] of Object.entries(a.platformIds) as [Platform, string][]) {
      const connectionId = connections[platform];
      const record = {
        externalId,
        name: a.name,
        number: a.number,
        custodian: a.custodian,
        household: null,
        currency: a.currency,
      };
      if (connectionId !== undefined)
        link.run(connectionId, externalId, id, a.name, a.number, a.custodian, JSON.stringify(record));
    }
  }
  return ids;
}

function insertSecurities(db: WritableDb, book: OpeningBook, connections: Connections, batchId: number) {
  const insert = db.prepare(
    'INSERT INTO securities (name, type, ticker, cusip, isin, sedol, currency, multiplier, created_batch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const link = db.prepare(
    `INSERT INTO security_links (connection_id, external_id, security_id, reason, name, detail, record) VALUES (?, ?, ?, 'Confirmed in the opening book', ?, '', ?)`,
  );
  const ids = new Map<string, number>();
  for (const { key, platformIds, ...s } of book.securities) {
    const id = insert.run(s.name, s.type, s.ticker, s.cusip, s.isin, s.sedol, s.currency, s.multiplier, batchId)
      .lastInsertRowid as number;
    ids.set(key, id);
    for (const [platform, externalId] of Object.entries(platformIds) as [Platform, string][]) {
      const connectionId = connections[platform];
      if (connectionId !== undefined)
        link.run(connectionId, externalId, id, s.name, JSON.stringify({ ...s, figi: null, externalId }));
    }
  }
  return ids;
}
