import { join } from 'node:path';
import type { WritableDb } from '../main/store/handles.ts';
import { migrate } from '../main/store/migrate.ts';
import { closeDb, openWritable } from '../main/store/open.ts';
import { transact } from '../main/store/transact.ts';
import { MIGRATIONS } from './bench-app.ts';

const PER_ACCOUNT = 25;
const PER_PORTFOLIO = 4;
const SECURITIES = 5000;
/** Of how many positions one has an open conflict. */
const PER_CONFLICT = 100;
const AT = '2026-11-20T00:00:00.000Z';

function fillNames(db: WritableDb, rows: number): void {
  db.exec(`INSERT INTO batches (id, uid, kind, actor, at, summary) VALUES (1, 'bench', 'opening', 'bench', '${AT}', 'Bench');
    INSERT INTO connections (id, platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES (1, 'orion', 'Orion', '', 1, '${AT}', '${AT}');
    INSERT INTO sync_operations (id, connection_id, kind, status, requested_by, started_at, finished_at) VALUES (1, 1, 'sync', 'completed', 'bench', '${AT}', '${AT}');
    INSERT INTO raw_payloads (id, sha256, content_type, bytes, body, received_at) VALUES (1, 'x', 'application/json', 2, x'00', '${AT}')`);
  const portfolio = db.prepare('INSERT INTO portfolios (name) VALUES (?)');
  for (let i = 0; i < rows / PER_ACCOUNT / PER_PORTFOLIO; i += 1) portfolio.run(`Household ${i}`);
  const account = db.prepare(
    "INSERT INTO accounts (name, number, number_key, custodian, currency, portfolio_id, created_batch) VALUES (?, ?, ?, 'Harborline', 'USD', ?, 1)",
  );
  for (let i = 0; i < rows / PER_ACCOUNT; i += 1)
    account.run(`Account ${i}`, `N${i}`, `N${i}`, 1 + Math.floor(i / PER_PORTFOLIO));
  const security = db.prepare(
    "INSERT INTO securities (name, type, ticker, currency, multiplier, created_batch) VALUES (?, 'stock', ?, 'USD', '1', 1)",
  );
  for (let i = 0; i < SECURITIES; i += 1) security.run(`Security ${i}`, `T${i}`);
}

function fillPositions(db: WritableDb, rows: number): void {
  const holding = db.prepare(
    `INSERT INTO holdings (id, account_id, security_id, status, quantity, price, market_value, cost_basis, currency, as_of, origin, created_batch)
     VALUES (?, ?, ?, 'held', ?, ?, ?, ?, 'USD', '2026-11-20', 's:1:1', 1)`,
  );
  const source = db.prepare(
    `INSERT INTO source_holdings (connection_id, external_id, account_external_id, security_external_id, holding_id, quantity, price, market_value,
       cost_basis, currency, as_of, payload_id, place, valid_from_op) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, 'USD', '2026-11-20', 1, '', 1)`,
  );
  const conflict = db.prepare(
    `INSERT INTO conflicts (holding_id, field, reason, status, severity, base, clearway, signature, sources, difference, impact, opened_op, opened_at)
     VALUES (?, 'price', 'both_changed', 'open', ?, '1', ?, ?, ?, ?, ?, 1, '${AT}')`,
  );
  for (let i = 0; i < rows; i += 1) {
    const account = 1 + Math.floor(i / PER_ACCOUNT);
    const security = 1 + ((i * 7) % SECURITIES);
    const price = 10 + (i % 977);
    const quantity = 1 + (i % 5003);
    const amounts = [String(quantity), String(price), String(quantity * price), String(quantity * 9)] as const;
    holding.run(i + 1, account, security, ...amounts);
    source.run(`h${i}`, `a${account}`, `s${security}`, i + 1, ...amounts);
    if (i % PER_CONFLICT === 0)
      conflict.run(
        i + 1,
        i % 4,
        String(price),
        `s${i}`,
        JSON.stringify([[1, String(price + 1), '2026-11-20']]),
        '1',
        String(quantity),
      );
  }
}

/** Makes the book of a data folder: so many positions of one source, 25 an account, one in a hundred with an open conflict. */
export function fillBook(dataDir: string, rows: number): void {
  const db = openWritable(join(dataDir, 'book.db'));
  migrate(db, MIGRATIONS);
  transact(db, () => {
    fillNames(db, rows);
    fillPositions(db, rows);
  });
  closeDb(db);
}
