import { expect, test } from 'vitest';
import type { Measures } from '../../main/alerts/conditions.ts';
import { createAlertWatch } from '../../main/api/alert-watch.ts';
import type { AppEvent } from '../../shared/contract/index.ts';
import { handClock } from '../sync/job-book.ts';
import { WELL } from './alert-book.ts';

const changed = (topic: 'conflicts' | 'audit' | 'alerts'): AppEvent => ({ type: 'data_changed', topics: [topic] });

test('it looks at the start and each minute with measurements, and a second after a burst of changes without', async () => {
  const clock = handClock('2026-11-20T07:00:00.000Z');
  const looks: (Measures | null)[] = [];
  const watch = createAlertWatch({
    measure: () => Promise.resolve(WELL),
    evaluate: (measures) => {
      looks.push(measures);
      return Promise.resolve({ changed: false, notices: [] });
    },
    onChanged: () => expect.unreachable(),
    onNotices: () => expect.unreachable(),
    clock,
    log: { error: (message) => expect.unreachable(message) },
  });
  watch.start();
  await clock.pass(0);
  expect(looks).toEqual([WELL]);
  // Its own changes and those of the audit trail do not wake it.
  watch.hear(changed('alerts'));
  watch.hear(changed('audit'));
  await clock.pass(2_000);
  expect(looks).toHaveLength(1);
  for (let i = 0; i < 20; i += 1) watch.hear(changed('conflicts'));
  await clock.pass(500);
  expect(looks).toHaveLength(1);
  await clock.pass(1_000);
  expect(looks).toEqual([WELL, null]);
  await clock.pass(60_000);
  expect(looks).toEqual([WELL, null, WELL]);
  await watch.stop();
});

test('a look that fails is reported, and the next one is made', async () => {
  const clock = handClock('2026-11-20T07:00:00.000Z');
  const reported: string[] = [];
  let looks = 0;
  const watch = createAlertWatch({
    measure: () => Promise.resolve(WELL),
    evaluate: () => {
      looks += 1;
      return looks === 1 ? Promise.reject(new Error('busy')) : Promise.resolve({ changed: true, notices: [] });
    },
    onChanged: () => reported.push('changed'),
    onNotices: () => expect.unreachable(),
    clock,
    log: { error: (message) => reported.push(message) },
  });
  watch.start();
  await clock.pass(0);
  await clock.pass(60_000);
  expect(reported).toEqual(['the alerts could not be looked at', 'changed']);
  await watch.stop();
});
