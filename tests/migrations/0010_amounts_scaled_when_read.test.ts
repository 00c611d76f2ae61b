import { expect, test } from 'vitest';
import { e8Sql } from '../../main/store/e8.ts';
import { bookAt, migrateThrough } from '../support/book-at.ts';

test('positions and source records of an older book keep their amounts, and sort by them as they did by their scaled columns', () => {
  const db = bookAt('0009');
  db.exec(`INSERT INTO batches (uid, kind, actor, at, summary) VALUES ('u', 'sync', 'x', '', '');
    INSERT INTO accounts (name, number, number_key, custodian, currency, created_batch) VALUES ('Birch', '1', '1', '', 'USD', 1);
    INSERT INTO securities (name, type, currency, multiplier, created_batch)
      VALUES ('Alder', 'stock', 'USD', '1', 1), ('Rowan', 'stock', 'USD', '1', 1), ('Elm', 'stock', 'USD', '1', 1);
    INSERT INTO holdings (account_id, security_id, status, quantity, market_value, currency, origin, created_batch)
      VALUES (1, 1, 'held', '9', '1000.5', 'USD', 's:1:1', 1), (1, 2, 'held', '10', NULL, 'USD', 's:1:1', 1), (1, 3, 'held', '-0.000000019', '9', 'USD', 's:1:1', 1);
    INSERT INTO source_tax_lots (connection_id, external_id, position_external_id, account_external_id, security_external_id, term, quantity,
      currency, as_of, payload_id, place, valid_from_op) VALUES (1, 'l', 'p', 'a', 's', 'long', '10.5', 'USD', '2026-11-20', 1, '', 1)`);
  const before = db
    .prepare('SELECT id, quantity, market_value, quantity_e8, market_value_e8 FROM holdings ORDER BY quantity_e8')
    .all();
  migrateThrough(db, '0010');

  const scaled = `${e8Sql('quantity')} AS quantity_e8, ${e8Sql('market_value')} AS market_value_e8`;
  const after = db.prepare(`SELECT id, quantity, market_value, ${scaled} FROM holdings ORDER BY quantity_e8`).all();
  expect(after).toEqual(before);
  // 9 x 10^8 and 10 x 10^8; the smallest is cut after eight decimals.
  expect(after).toMatchObject([{ quantity_e8: -1 }, { quantity_e8: 900_000_000 }, { quantity_e8: 1_000_000_000 }]);
  expect(db.prepare('SELECT quantity, cost_basis FROM source_tax_lots').raw().all()).toEqual([['10.5', null]]);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
});
