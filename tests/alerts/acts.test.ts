import { expect, test } from 'vitest';
import type { Output } from '../../shared/contract/index.ts';
import { alertBook } from './alert-book.ts';

const withAlerts = () => {
  const book = alertBook();
  book.db.exec("UPDATE connections SET status = 'needs_sign_in'");
  book.look();
  return book;
};
const audited = (book: ReturnType<typeof alertBook>): string[] =>
  book.db.prepare("SELECT event || ' ' || actor || ' ' || subject FROM audit_entries ORDER BY seq").pluck().all() as string[];

test('an acknowledgement shows who and why, counts out of the waiting ones, and lasts while the condition does', () => {
  const book = withAlerts();
  const answer = book.run('alerts.acknowledge', { ids: ['1', '2'], note: 'Asked for a new key' }, 'Desk', 'alerts_acknowledged');
  expect(answer).toEqual({ changed: 2 });
  expect(book.detail(1).row).toMatchObject({
    status: 'acknowledged',
    acknowledgedBy: 'Desk',
    acknowledgedAt: '2026-11-20T07:00:00.000Z',
    note: 'Asked for a new key',
  });
  expect(book.read<Output<'alerts.summary'>>('alerts.summary', {})).toEqual({ open: 0, critical: 0, newest: [] });
  expect(book.run('alerts.acknowledge', { ids: ['1'], note: '' }, 'Desk')).toEqual({ changed: 0 });
  book.pass(600);
  expect(book.look().notices).toEqual([]);
  expect(audited(book)).toEqual(['alerts_acknowledged Desk 2 alerts']);
  expect(() => book.run('alerts.acknowledge', { ids: ['1', '99'], note: '' }, 'Desk')).toThrow(/does not exist/);
});

test('a snooze lasts over a restart, ends by itself at its time, and the alert is told again', () => {
  const book = withAlerts();
  book.run('alerts.snooze', { ids: ['1'], until: '2026-11-20T09:00:00.000Z', note: 'After the call' }, 'Desk', 'alerts_snoozed');
  expect(book.detail(1).row).toMatchObject({ status: 'snoozed', snoozedBy: 'Desk', snoozedUntil: '2026-11-20T09:00:00.000Z' });
  book.restart();
  book.pass(119);
  expect(book.look().notices).toEqual([]);
  expect(book.detail(1).row.status).toBe('snoozed');
  book.pass(1);
  expect(book.look().notices.map(({ title }) => title)).toEqual(['Orion: sign in again']);
  expect(book.detail(1).row).toMatchObject({ status: 'open', snoozedUntil: null });
  expect(book.events(1)).toEqual(['opened', 'told', 'snoozed', 'snooze_ended', 'told']);
});

test('a condition that ends closes an alert that is snoozed or acknowledged, and closed ones are left alone', () => {
  const book = withAlerts();
  book.run('alerts.snooze', { ids: ['1'], until: '2026-11-20T09:00:00.000Z', note: '' }, 'Desk');
  book.run('alerts.acknowledge', { ids: ['2'], note: '' }, 'Desk');
  book.db.exec("UPDATE connections SET status = 'active'");
  book.look();
  expect(book.all()).toEqual(['needs_sign_in Orion closed 1', 'needs_sign_in Addepar closed 1']);
  expect(book.detail(2).row.acknowledgedBy).toBe('Desk');
  expect(book.run('alerts.snooze', { ids: ['1'], until: '2026-11-20T09:00:00.000Z', note: '' }, 'Desk')).toEqual({ changed: 0 });
  expect(book.run('alerts.reopen', { ids: ['2'] }, 'Desk')).toEqual({ changed: 0 });
});

test('a snooze ends in the future and within 90 days', () => {
  const book = withAlerts();
  const until = (instant: string) => () => book.run('alerts.snooze', { ids: ['1'], until: instant, note: '' }, 'Desk');
  expect(until('2026-11-20T07:00:00.000Z')).toThrow(/past/);
  // 90 days after 20 November is 18 February.
  expect(until('2027-02-18T07:00:01.000Z')).toThrow(/90 days/);
  expect(until('2027-02-18T07:00:00.000Z')()).toEqual({ changed: 1 });
});

test('rules are changed as seen: by whoever looked at the last version, and audited with before and after', () => {
  const book = alertBook();
  book.rule({ rule: 'disk_low', threshold: 20 });
  expect(() => book.rule({ rule: 'disk_low', threshold: 30, expectedVersion: 1 })).toThrow(/changed this rule since/);
  const details = book.db.prepare('SELECT details FROM audit_entries').pluck().all() as string[];
  expect(details.map((text) => JSON.parse(text) as unknown)).toMatchObject([
    { rule: 'disk_low', before: { threshold: 5 }, after: { threshold: 20 } },
  ]);
});

test('the list opens on the most severe and newest, and is filtered by state and searched by name', () => {
  const book = withAlerts();
  book.pass(1);
  book.synced(2, 'failed');
  book.synced(2, 'failed');
  book.db.exec("UPDATE connections SET status = 'active' WHERE id = 2");
  book.look();
  const titles = (request: object): string[] =>
    book
      .read<Output<'alerts.page'>>('alerts.page', { offset: 0, limit: 50, sort: [], filters: [], search: '', ...request })
      .rows.map(({ title, status }) => `${title}, ${status}`);
  expect(titles({})).toEqual([
    'Addepar: sign in again, closed',
    'Orion: sign in again, open',
    'Addepar: 2 syncs failed in a row, open',
  ]);
  expect(titles({ filters: [{ column: 'status', operator: 'in', value: ['open'] }], search: 'addepar' })).toEqual([
    'Addepar: 2 syncs failed in a row, open',
  ]);
  expect(titles({ filters: [{ column: 'severity', operator: 'is', value: 'high' }] })).toHaveLength(1);
});
