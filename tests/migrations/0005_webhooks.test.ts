import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('an older book keeps its connections, and an event is entered once per connection', () => {
  const folder = tempFolder();
  const older = join(folder, 'migrations');
  mkdirSync(older);
  for (const name of ['0001_spine.sql', '0002_transactions.sql']) cpSync(join(MIGRATIONS, name), join(older, name));
  const db = openWritable(join(folder, 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, older);
  const connection = db.prepare(
    `INSERT INTO connections (id, platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES (?, 'orion', ?, 'https://x', ?, '', '')`,
  );
  connection.run(1, 'Orion', 1);
  connection.run(2, 'Orion two', 2);
  migrate(db, MIGRATIONS);

  expect(db.prepare('SELECT name FROM connections ORDER BY id').pluck().all()).toEqual(['Orion', 'Orion two']);
  const delivery = db.prepare(
    `INSERT INTO webhook_deliveries (connection_id, event_id, sent_at, received_at, kind, bytes) VALUES (?, ?, '', '', '', 0)`,
  );
  delivery.run(1, 'msg_1');
  delivery.run(2, 'msg_1');
  expect(() => delivery.run(1, 'msg_1')).toThrow('UNIQUE');
  expect(() => delivery.run(9, 'msg_2')).toThrow('FOREIGN KEY');
});
