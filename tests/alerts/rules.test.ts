import { describe, expect, test } from 'vitest';
import { alertBook, WELL } from './alert-book.ts';

describe('a rule fires at its threshold and closes by itself', () => {
  test('failed syncs in a row, from two; one that is at work is left alone, one that completes ends it', () => {
    const book = alertBook();
    book.synced(1, 'failed');
    book.look();
    expect(book.all()).toEqual([]);
    book.synced(1, 'failed');
    book.look();
    expect(book.detail(1)).toMatchObject({
      row: { title: 'Orion: 2 syncs failed in a row', severity: 'high', status: 'open', subjectId: '1', count: 1 },
      place: '/connections?id=1&tab=history',
    });
    // A third failure makes it worse; while another is at work nothing is known, whatever became of the ones before.
    book.synced(1, 'failed');
    book.look();
    expect(book.all()).toEqual(['sync_failed Orion open 2']);
    const running = book.synced(1, 'fetching');
    book.db.prepare("UPDATE sync_operations SET status = 'cancelled' WHERE id < ?").run(running);
    book.look();
    expect(book.all()).toEqual(['sync_failed Orion open 2']);
    book.db.prepare("UPDATE sync_operations SET status = 'completed', finished_at = ? WHERE id = ?").run(book.now(), running);
    book.look();
    expect(book.all()).toEqual(['sync_failed Orion closed 2']);
    expect(book.events(1)).toEqual(['opened', 'told', 'worsened', 'closed']);
    expect(book.detail(1).history[0]).toMatchObject({ actor: 'Clearway', event: 'closed', detail: 'A sync completed.' });
  });

  test('a connection that is behind its promised interval of an hour by a factor of two; one without a schedule never is', () => {
    const book = alertBook();
    book.synced(1);
    book.synced(2);
    book.pass(119);
    book.look();
    expect(book.all()).toEqual([]);
    book.pass(1);
    book.look();
    expect(book.all()).toEqual(['connection_late Orion open 1']);
    // At three hours it is worse, and a sync ends it.
    book.pass(60);
    book.look();
    expect(book.all()).toEqual(['connection_late Orion open 2']);
    book.synced(1);
    book.look();
    expect(book.all()).toEqual(['connection_late Orion closed 2']);
  });

  test('a sign-in that ended, and then neither failed syncs nor lateness of the same connection', () => {
    const book = alertBook();
    book.synced(1, 'failed');
    book.synced(1, 'failed');
    book.db.exec("UPDATE connections SET status = 'needs_sign_in' WHERE id = 1");
    book.pass(600);
    book.look();
    expect(book.all()).toEqual(['needs_sign_in Orion open 1']);
    expect(book.detail(1).row).toMatchObject({ severity: 'critical', title: 'Orion: sign in again' });
    book.db.exec("UPDATE connections SET status = 'disconnected' WHERE id = 1");
    book.look();
    expect(book.all()).toEqual(['needs_sign_in Orion closed 1']);
  });

  test('more undecided conflicts than the threshold; at the threshold it is over', () => {
    const book = alertBook();
    book.rule({ rule: 'conflicts_above', threshold: 3 });
    book.conflicts(3);
    book.look();
    expect(book.all()).toEqual([]);
    book.conflicts(1);
    book.look();
    expect(book.detail(1).row.title).toBe('4 conflicts wait for a decision');
    book.decide(1);
    book.look();
    expect(book.all()).toEqual(['conflicts_above Book closed 1']);
  });

  test('conflicts that one sync opened, not the first sync of a connection, and only those nobody has decided', () => {
    const book = alertBook();
    book.rule({ rule: 'conflicts_grown', threshold: 3 });
    book.conflicts(5, book.synced(1));
    book.look();
    expect(book.all()).toEqual([]);
    book.conflicts(3, book.synced(1));
    book.look();
    expect(book.all()).toEqual(['conflicts_grown Orion open 1']);
    // Six of the eight are decided: the five of the first sync and one of the second, so 3 - 1 = 2 are left.
    book.decide(6);
    book.look();
    expect(book.all()).toEqual(['conflicts_grown Orion closed 1']);
  });

  test('open breaks of the last completed run', () => {
    const book = alertBook();
    book.rule({ rule: 'breaks_above', threshold: 1 });
    book.conflicts(0);
    const run = (breaks: number): void => {
      const id = book.db
        .prepare(
          `INSERT INTO reconciliation_runs (status, started_at, actor, scope, sides, tolerances) VALUES ('completed', ?, 'Desk', 'All', '[]', '{}')`,
        )
        .run(book.now()).lastInsertRowid;
      for (let i = 0; i < breaks; i += 1)
        book.db
          .prepare(
            `INSERT INTO breaks (run_id, connection_id, account_id, field, class, sentence, severity, status, currency, signature, first_seen)
             VALUES (?, 1, 1, 'quantity', 'quantity', '', 2, 'open', 'USD', '', ?)`,
          )
          .run(id, book.now());
    };
    run(2);
    book.look();
    expect(book.detail(1)).toMatchObject({ row: { title: 'The last run found 2 open breaks' }, place: '/reconciliation?run=1' });
    run(1);
    book.look();
    expect(book.all()).toEqual(['breaks_above Book closed 1']);
  });

  test('what is measured: budget, disk and backups; without a measurement what stands open stays', () => {
    const book = alertBook();
    // 950 of 1,000 leave 5 %, below 10; 4.9 GiB are below 5; 27 hours are above 26.
    const measures = {
      budgets: [{ connectionId: 1, used: 950, requests: 1000, windowSeconds: 3600 }],
      freeTenthsGib: 49,
      backupAt: new Date(Date.parse(book.now()) - 27 * 3_600_000).toISOString(),
    };
    book.look(measures);
    expect(book.all()).toEqual(['budget_low Orion open 1', 'disk_low This computer open 1', 'backup_old This computer open 1']);
    expect([1, 2, 3].map((id) => book.detail(id).row.title)).toEqual([
      'Orion: 5 % of the request budget left',
      '4.9 GiB of disk space left',
      'The newest backup is 27 hours old',
    ]);
    book.look(null);
    book.look({ budgets: null, freeTenthsGib: null, backupAt: null });
    expect(book.all().every((line) => line.endsWith('open 1'))).toBe(true);
    // Exactly at their thresholds none of them fires: 10 % left, 5 GiB, 26 hours.
    const even = new Date(Date.parse(book.now()) - 26 * 3_600_000).toISOString();
    book.look({
      budgets: [{ connectionId: 1, used: 900, requests: 1000, windowSeconds: 3600 }],
      freeTenthsGib: 50,
      backupAt: even,
    });
    expect(book.all().every((line) => line.endsWith('closed 1'))).toBe(true);
  });
});

describe('an alert stands once', () => {
  test('looks that find the same change nothing within a minute, and then only when it was last seen', () => {
    const book = alertBook();
    book.db.exec("UPDATE connections SET status = 'needs_sign_in'");
    expect(book.look().changed).toBe(true);
    expect(book.look()).toEqual({ changed: false, notices: [] });
    book.pass(5);
    book.look();
    expect(book.all()).toEqual(['needs_sign_in Orion open 1', 'needs_sign_in Addepar open 1']);
    expect(book.detail(1).row).toMatchObject({ openedAt: '2026-11-20T07:00:00.000Z', lastSeenAt: '2026-11-20T07:05:00.000Z' });
    const add = book.db.prepare(
      `INSERT INTO alerts (rule, severity, subject_kind, subject_id, subject, figures, level, status, opened_at, last_seen_at)
       VALUES ('needs_sign_in', 0, 'connection', 1, 'Orion', '{}', 1, 'open', '', '')`,
    );
    expect(() => add.run()).toThrow(/UNIQUE/);
  });

  test('a condition that ends and comes again is a new alert, told again only after an hour of quiet', () => {
    const book = alertBook();
    const to = (status: string) => {
      book.db.prepare('UPDATE connections SET status = ? WHERE id = 1').run(status);
      return book.look().notices.map(({ title }) => title);
    };
    expect(to('needs_sign_in')).toEqual(['Orion: sign in again']);
    to('active');
    book.pass(10);
    expect(to('needs_sign_in')).toEqual([]);
    expect(book.all()).toEqual(['needs_sign_in Orion closed 1', 'needs_sign_in Orion open 1']);
    expect(book.detail(2).earlier.map(({ id }) => id)).toEqual(['1']);
    // Told 10 minutes before it opened: it is told once an hour has passed since, if it still stands.
    book.pass(49);
    expect(book.look().notices).toEqual([]);
    book.pass(2);
    expect(book.look().notices.map(({ title }) => title)).toEqual(['Orion: sign in again']);
    expect(book.look().notices).toEqual([]);
  });

  test('a rule that is switched off closes its alerts and says so; its severity holds for those that are open', () => {
    const book = alertBook();
    book.db.exec("UPDATE connections SET status = 'needs_sign_in' WHERE id = 1");
    book.look();
    book.rule({ rule: 'needs_sign_in', severity: 'medium' });
    book.look();
    expect(book.detail(1).row.severity).toBe('medium');
    book.rule({ rule: 'needs_sign_in', enabled: false });
    book.look();
    expect(book.detail(1)).toMatchObject({
      row: { status: 'closed' },
      history: [{ detail: 'The rule was switched off.' }, {}, {}],
    });
  });

  test('what goes to the operating system names connections and counts and nothing else', () => {
    const book = alertBook();
    book.rule({ rule: 'conflicts_above', threshold: 1, bySystem: true });
    book.conflicts(2);
    expect(book.look(WELL).notices).toEqual([
      {
        title: '2 conflicts wait for a decision',
        text: 'Group the conflicts by reason and field: many of them usually have one cause and can be decided together.',
        place: '/conflicts?f=status~is~open',
      },
    ]);
  });
});
