import { describe, expect, it } from 'vitest';
import { timeTicks } from '../../../renderer/components/time-ticks.ts';
import { toTimeBar } from '../../../renderer/features/sync/bar-words.ts';
import { rateWords } from '../../../renderer/features/sync/rate-words.ts';
import { dataSpan, stateSummary } from '../../../renderer/features/sync/state-words.ts';
import type { Freshness } from '../../../renderer/components/badge.tsx';
import { dec } from '../../../shared/model/decimal.ts';
import type { CalendarDate } from '../../../shared/model/date.ts';

describe('how all connections stand, in one line', () => {
  const of = (...states: readonly Freshness[]) =>
    stateSummary(states.map((freshness, at) => ({ name: ['Orion', 'Addepar', 'Black Diamond'][at] ?? '', freshness })));

  it.each<[readonly Freshness[], Freshness, string]>([
    [['fresh'], 'fresh', 'Orion fresh'],
    [['fresh', 'syncing', 'fresh'], 'fresh', 'All 3 connections fresh'],
    [['fresh', 'late', 'fresh'], 'late', 'Addepar late'],
    [['due', 'failing', 'late'], 'failing', 'Addepar failing, 2 more need attention'],
    [['due', 'needs_sign_in', 'fresh'], 'needs_sign_in', 'Addepar needs sign-in, 1 more needs attention'],
    [['needs_sign_in', 'needs_sign_in', 'failing'], 'needs_sign_in', '2 connections need sign-in, 1 more needs attention'],
    [['never', 'never', 'fresh'], 'never', '2 connections never synced'],
  ])('%j is %s: %s', (states, freshness, words) => expect(of(...states)).toEqual({ freshness, words }));

  it('says nothing where there are no connections', () => expect(of()).toBeNull());

  it('names the oldest and the newest day of the data, leaving out what was never read', () => {
    const day = (asOf: string | null) => ({ asOf: asOf as CalendarDate | null });
    expect(dataSpan([day('2026-11-20'), day(null), day('2026-11-17')])).toEqual({ oldest: '2026-11-17', newest: '2026-11-20' });
    expect(dataSpan([day(null)])).toBeNull();
  });
});

describe('a share of successes', () => {
  it.each([
    ['0.98', 49, 1, '98.0\u00a0%'],
    // 99,999 of 100,000 rounds to all of them, which it is not.
    ['1', 99_999, 1, 'Over 99.9\u00a0%'],
    ['0.9996', 9996, 4, 'Over 99.9\u00a0%'],
    ['1', 12, 0, '100.0\u00a0%'],
    ['0.0004', 4, 9996, 'Under 0.1\u00a0%'],
    ['0', 0, 3, '0.0\u00a0%'],
  ])('%s of %i completed and %i failed is %s', (rate, completed, failed, words) =>
    expect(rateWords(dec(rate), { completed, failed })).toBe(words),
  );

  it('is no share where none ended', () => expect(rateWords(null, { completed: 0, failed: 0 })).toBe('None ended'));
});

describe('a bar of the timeline', () => {
  const bar = { operationId: '7', outcome: 'failed', startedAt: '2026-11-20T10:00:00Z', operations: 1, failed: 1 } as const;

  it('says outcome, begin and how long it took', () => {
    const { label, from, to } = toTimeBar({ ...bar, finishedAt: '2026-11-20T10:06:13Z' }, 0, 'iso');
    expect(label).toMatch(/^Failed, 2026-11-\d\d \d\d:\d\d, took 6 min 13 s$/);
    expect(to - from).toBe(373_000);
  });

  it('ends now while it is at work', () => {
    const now = Date.parse('2026-11-20T10:00:45Z');
    const { label, to } = toTimeBar({ ...bar, outcome: 'running', failed: 0, finishedAt: null }, now, 'iso');
    expect(label).toMatch(/^At work, .*, for 45 s$/);
    expect(to).toBe(now);
  });

  it('counts what stands for several', () => {
    const several = { ...bar, finishedAt: '2026-11-20T10:06:00Z', operations: 3, failed: 2 };
    expect(toTimeBar(several, 0, 'iso').label).toMatch(/^3 operations from .*, 2 failed$/);
  });
});

describe('marks of a time axis', () => {
  const from = new Date(2026, 10, 19, 14, 30).getTime();
  const hours = (count: number): number => count * 3_600_000;

  it('stand at whole hours of the day, with the date at midnight', () => {
    // 24 hours with at most 8 marks: every 3 hours.
    expect(timeTicks(from, from + hours(24), 8).map(({ label }) => label)).toEqual([
      '15:00',
      '18:00',
      '21:00',
      '11-20',
      '03:00',
      '06:00',
      '09:00',
      '12:00',
    ]);
  });

  it('stand at midnights over days', () => {
    expect(timeTicks(from, from + hours(168), 8).map(({ label }) => label)).toEqual([
      '11-20',
      '11-21',
      '11-22',
      '11-23',
      '11-24',
      '11-25',
      '11-26',
    ]);
    expect(timeTicks(from, from + hours(720), 3).length).toBeLessThanOrEqual(4);
  });
});
