import { expect, test } from 'vitest';
import { bookAt, migrateThrough } from '../support/book-at.ts';

test('an older book keeps its connections, and an event is entered once per connection', () => {
  const db = bookAt('0002');
  const connection = db.prepare(
    `INSERT INTO connections (id, platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES (?, 'orion', ?, 'https://x', ?, '', '')`,
  );
  connection.run(1, 'Orion', 1);
  connection.run(2, 'Orion two', 2);
  migrateThrough(db, '0005');

  expect(db.prepare('SELECT name FROM connections ORDER BY id').pluck().all()).toEqual(['Orion', 'Orion two']);
  const delivery = db.prepare(
    `INSERT INTO webhook_deliveries (connection_id, event_id, sent_at, received_at, kind, bytes) VALUES (?, ?, '', '', '', 0)`,
  );
  delivery.run(1, 'msg_1');
  delivery.run(2, 'msg_1');
  expect(() => delivery.run(1, 'msg_1')).toThrow('UNIQUE');
  expect(() => delivery.run(9, 'msg_2')).toThrow('FOREIGN KEY');
});
