import { describe, expect, test } from 'vitest';
import { afterRest, nextRun, previewPlan, restsAt, type Plan } from '../../main/sync/timetable.ts';

const plan = (more: Partial<Plan> = {}): Plan => ({
  everyMinutes: 240,
  cron: null,
  zone: 'Europe/Zurich',
  quietFrom: null,
  quietTo: null,
  ...more,
});
const FRIDAY = '2026-11-20T14:30:00.000Z'; // 15:30 in Zurich

describe('the next run', () => {
  test.each([
    ['an interval', plan(), 0, '2026-11-20T18:30:00.000Z'],
    ['an interval, half of its five minutes early', plan(), 0.5, '2026-11-20T18:27:30.000Z'],
    ['only when asked', plan({ everyMinutes: 0 }), 0, null],
    // Monday 07:00 in Zurich is 06:00 UTC.
    ['weekdays at seven', plan({ cron: '0 7 * * 1-5' }), 0, '2026-11-23T06:00:00.000Z'],
    ['weekdays at seven, half a minute late, never early', plan({ cron: '0 7 * * 1-5' }), 0.5, '2026-11-23T06:00:30.000Z'],
    ['in quiet hours over midnight, at their end', plan({ quietFrom: '19:00', quietTo: '06:30' }), 0, '2026-11-21T05:30:00.000Z'],
    [
      'an expression in quiet hours',
      plan({ cron: '0 3 * * *', quietFrom: '22:00', quietTo: '06:00' }),
      0,
      '2026-11-21T05:00:00.000Z',
    ],
  ])('%s', (_name, given, fraction, run) => {
    expect(nextRun(given, FRIDAY, fraction)).toBe(run);
  });

  test('keeps its time of day when the clocks change, and skips none when an hour is missing', () => {
    // 2027-03-28 02:30 does not exist in Zurich; the run of that day comes when the hour is over, at 03:00.
    const daily = plan({ cron: '30 2 * * *' });
    const runs = ['2027-03-26T12:00:00.000Z'];
    for (let i = 0; i < 3; i += 1) runs.push(nextRun(daily, runs.at(-1) ?? '', 0) ?? '');
    expect(runs.slice(1)).toEqual(['2027-03-27T01:30:00.000Z', '2027-03-28T01:00:00.000Z', '2027-03-29T00:30:00.000Z']);
  });

  test('quiet hours begin on their first minute and end before their last', () => {
    const quiet = plan({ quietFrom: '12:00', quietTo: '13:00' });
    expect(['10:59', '11:00', '11:59', '12:00'].map((time) => restsAt(quiet, `2026-11-20T${time}:00.000Z`))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(afterRest(quiet, '2026-11-20T11:20:00.000Z')).toBe('2026-11-20T12:00:00.000Z');
  });
});

describe('what is wrong with a timetable is said in words', () => {
  test.each([
    ['no expression', { cron: 'every day' }, 'cron', /not a cron expression of five fields/],
    ['six fields', { cron: '0 0 7 * * 1-5' }, 'cron', /five fields/],
    ['a day that no month has', { cron: '0 7 31 2 *' }, 'cron', /never comes/],
    ['every minute', { cron: '* 7 * * *' }, 'cron', /five minutes/],
    ['no zone', { zone: 'Atlantis' }, 'zone', /No time zone/],
    ['an offset in place of a zone', { zone: '+01:00' }, 'zone', /No time zone/],
    ['half of the quiet hours', { quietFrom: '22:00' }, 'quiet', /both/],
    ['quiet all day', { quietFrom: '07:00', quietTo: '07:00' }, 'quiet', /all day/],
  ])('%s', (_name, more, field, words) => {
    const { problems, runs } = previewPlan(plan(more), FRIDAY);
    expect(runs).toEqual([]);
    expect(problems).toMatchObject([{ field }]);
    expect(problems[0]?.message).toMatch(words);
  });

  test('and a right one shows its next three runs', () => {
    expect(previewPlan(plan({ cron: '0 7,12 * * 1-5' }), FRIDAY)).toEqual({
      problems: [],
      runs: ['2026-11-23T06:00:00.000Z', '2026-11-23T11:00:00.000Z', '2026-11-24T06:00:00.000Z'],
    });
    expect(previewPlan(plan({ everyMinutes: 0 }), FRIDAY)).toEqual({ problems: [], runs: [] });
  });
});
