import { describe, expect, it } from 'vitest';
import { createProgressStore, type SyncProgress } from '../../renderer/api/progress-store.ts';
import { createMemory, createPreferences } from '../../renderer/app/preferences.ts';
import { createToasts } from '../../renderer/app/toasts.ts';
import { progressWords } from '../../renderer/features/connections/progress-words.ts';
import { resolveTheme } from '../../renderer/theme/theme.ts';
import { createManualClock } from './manual-clock.ts';

const memoryOf = (stored: Record<string, string>) =>
  createMemory({ getItem: (key) => stored[key] ?? null, setItem: (key, value) => void (stored[key] = value) });

describe('preferences', () => {
  it('are remembered, and rubbish in the storage is passed over', () => {
    const stored: Record<string, string> = {
      'clearway.preferences': JSON.stringify({ theme: 'dark', density: 'gigantic', rootkit: true }),
    };
    const preferences = createPreferences(memoryOf(stored));
    expect(preferences.getState()).toMatchObject({ theme: 'dark', density: 'regular' });
    expect(preferences.getState()).not.toHaveProperty('rootkit');
    preferences.setState({ density: 'compact' });
    expect(createPreferences(memoryOf(stored)).getState()).toMatchObject({ theme: 'dark', density: 'compact' });
  });

  it('work without storage', () => {
    const denied = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    const preferences = createPreferences(createMemory({ getItem: denied, setItem: denied }));
    preferences.setState({ theme: 'light' });
    expect(preferences.getState().theme).toBe('light');
  });

  it('of theme and contrast win over the system, and follow it otherwise', () => {
    expect(resolveTheme({ theme: 'system', contrast: 'system' }, { dark: true, moreContrast: false })).toBe('dark');
    expect(resolveTheme({ theme: 'light', contrast: 'system' }, { dark: true, moreContrast: true })).toBe('light-contrast');
    expect(resolveTheme({ theme: 'dark', contrast: 'standard' }, { dark: false, moreContrast: true })).toBe('dark');
  });
});

describe('toasts', () => {
  it('leave by themselves, failures last, and stay while somebody is at them', () => {
    const clock = createManualClock();
    const toasts = createToasts(clock);
    toasts.show({ text: 'Copied' });
    toasts.show({ kind: 'bad', text: 'Failed' });
    clock.pass(7000);
    expect(toasts.store.getState().map((toast) => toast.text)).toEqual(['Failed']);
    toasts.hold();
    clock.pass(60_000);
    expect(toasts.store.getState()).toHaveLength(1);
    toasts.release();
    clock.pass(20_000);
    expect(toasts.store.getState()).toEqual([]);
  });

  it('never pile up beyond four', () => {
    const toasts = createToasts(createManualClock());
    for (let number = 1; number <= 6; number += 1) toasts.show({ text: String(number) });
    expect(toasts.store.getState().map((toast) => toast.text)).toEqual(['3', '4', '5', '6']);
  });
});

describe('progress', () => {
  const event: SyncProgress = {
    type: 'sync_progressed',
    operationId: 'o1',
    connectionId: 'c1',
    status: 'fetching',
    pages: 4,
    records: 800,
    expected: 4800,
    merged: 0,
    recordsPerSecond: 400,
    secondsRemaining: 10,
    waiting: null,
  };

  it('holds what is at work and drops what is over', () => {
    const store = createProgressStore();
    store.take(event);
    expect(Object.keys(store.getState().syncs)).toEqual(['o1']);
    store.take({ ...event, status: 'completed' });
    expect(store.getState().syncs).toEqual({});
  });

  it('reads as words', () => {
    expect(progressWords(event)).toBe('fetching, 800 of 4,800 records, 400 per second, about 10 s left');
    expect(progressWords({ ...event, expected: null, recordsPerSecond: 0, secondsRemaining: null })).toBe(
      'fetching, 800 records',
    );
    expect(progressWords({ ...event, status: 'merging', merged: 300, secondsRemaining: null })).toBe(
      'merging, 300 of 800 records, 400 per second',
    );
  });
});
