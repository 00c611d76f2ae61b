import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { ALERT_RULES, THRESHOLD_BOUNDS, type AlertRule } from '../../shared/model/alert.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('an older book with a connection gets every rule with its default, on, and room for one open alert of each subject', () => {
  const folder = tempFolder();
  const older = join(folder, 'migrations');
  mkdirSync(older);
  for (const file of readdirSync(MIGRATIONS).filter((name) => name < '0009')) cpSync(join(MIGRATIONS, file), join(older, file));
  const db = openWritable(join(folder, 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, older);
  db.exec(`INSERT INTO connections (id, platform, name, base_url, survivorship_rank, created_at, updated_at)
    VALUES (1, 'orion', 'Orion', 'https://orion.example', 1, '2026-11-19T06:00:00.000Z', '2026-11-19T06:00:00.000Z')`);
  migrate(db, MIGRATIONS);

  expect(db.prepare('SELECT name FROM connections').pluck().all()).toEqual(['Orion']);
  const rules = db.prepare('SELECT rule, enabled, threshold FROM alert_rules').all() as {
    rule: AlertRule;
    enabled: number;
    threshold: number | null;
  }[];
  expect(rules.map(({ rule }) => rule).toSorted()).toEqual(ALERT_RULES.toSorted());
  for (const { rule, enabled, threshold } of rules) {
    const bounds = THRESHOLD_BOUNDS[rule];
    expect(enabled).toBe(1);
    if (bounds === null) expect(threshold).toBeNull();
    else expect(threshold).toSatisfy((value: number) => value >= bounds.least && value <= bounds.most);
  }

  const alert = db.prepare(
    `INSERT INTO alerts (rule, severity, subject_kind, subject_id, subject, figures, level, status, opened_at, last_seen_at)
     VALUES ('needs_sign_in', 0, 'connection', 1, 'Orion', '{}', 1, ?, '2026-11-20T06:00:00.000Z', '2026-11-20T06:00:00.000Z')`,
  );
  alert.run('closed');
  alert.run('closed');
  alert.run('open');
  expect(() => alert.run('snoozed')).toThrow(/UNIQUE/);
  expect(() => alert.run('gone')).toThrow(/CHECK/);

  db.exec(`INSERT INTO alert_destinations (id, name, url, allow_private, secret_ref, status, made_at)
      VALUES (1, 'Weir', 'https://hooks.example', 0, 'r', 'on', '2026-11-20T06:00:00.000Z');
    INSERT INTO alert_deliveries (destination_id, alert_id, message_id, type, body, status, made_at, next_attempt_at)
      VALUES (1, 3, 'msg_1', 'alert.opened', '{}', 'waiting', '2026-11-20T06:00:00.000Z', '2026-11-20T06:00:00.000Z');
    DELETE FROM alert_destinations`);
  expect(db.prepare('SELECT count(*) FROM alert_deliveries').pluck().get()).toBe(0);
});
