import { describe, expect, it } from 'vitest';
import { calendarDate } from '../../shared/model/date.ts';
import { businessDaysSince, formatAgo, formatDuration } from '../../renderer/format/time.ts';
import { daysWithin, openedWithin } from '../../renderer/features/overview/age-filter.ts';

// A Friday.
const NOW = Date.parse('2026-11-20T14:32:00Z');

describe('ages', () => {
  it('are minutes, hours, then business days', () => {
    expect(formatAgo('2026-11-20T14:31:30Z', NOW)).toBe('just now');
    expect(formatAgo('2026-11-20T14:20:11Z', NOW)).toBe('11 min ago');
    expect(formatAgo('2026-11-20T10:11:13Z', NOW)).toBe('4 hours ago');
    // Friday the 13th to Friday the 20th: the weekend does not count, 5 remain.
    expect(formatAgo('2026-11-13T10:00:00Z', NOW)).toBe('5 business days ago');
    expect(businessDaysSince('2026-11-19', NOW)).toBe('1 business day');
  });

  it('of running work are seconds, minutes, hours', () => {
    expect(formatDuration(45)).toBe('45 s');
    expect(formatDuration(125)).toBe('2 min 05 s');
    expect(formatDuration(4320)).toBe('1 h 12 min');
  });
});

describe('age bands as filters', () => {
  const today = calendarDate('2026-11-20');

  it('cover every instant once', () => {
    expect(openedWithin('openedAt', 0, today)).toEqual([{ column: 'openedAt', operator: 'atLeast', value: '2026-11-20' }]);
    // One business day old on Friday: opened on Thursday.
    expect(openedWithin('openedAt', 1, today)).toEqual([
      { column: 'openedAt', operator: 'atLeast', value: '2026-11-19' },
      { column: 'openedAt', operator: 'atMost', value: '2026-11-19T23:59:59.999Z' },
    ]);
    // Two to three: Tuesday and Wednesday.
    expect(openedWithin('openedAt', 2, today)).toEqual([
      { column: 'openedAt', operator: 'atLeast', value: '2026-11-17' },
      { column: 'openedAt', operator: 'atMost', value: '2026-11-18T23:59:59.999Z' },
    ]);
  });

  it('put what was opened on a weekend with the Friday before it', () => {
    // On Monday the 23rd one business day ago is Friday the 20th; Saturday and Sunday are the same age.
    expect(openedWithin('openedAt', 1, calendarDate('2026-11-23'))).toEqual([
      { column: 'openedAt', operator: 'atLeast', value: '2026-11-20' },
      { column: 'openedAt', operator: 'atMost', value: '2026-11-22T23:59:59.999Z' },
    ]);
  });

  it('of breaks count business days themselves', () => {
    expect(daysWithin('ageDays', 3)).toEqual([
      { column: 'ageDays', operator: 'atLeast', value: '4' },
      { column: 'ageDays', operator: 'atMost', value: '5' },
    ]);
    expect(daysWithin('ageDays', 4)).toEqual([{ column: 'ageDays', operator: 'atLeast', value: '6' }]);
  });
});
