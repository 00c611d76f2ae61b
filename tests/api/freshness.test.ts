import { describe, expect, test } from 'vitest';
import { judgeFreshness } from '../../main/api/freshness.ts';

const NOW = '2026-11-20T12:00:00.000Z';
const ago = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
/** The first and second end of an interval after a moment. */
const promised = (from: string | null, everyMinutes: number): readonly [string, string] | null =>
  from === null || everyMinutes === 0
    ? null
    : ([everyMinutes, 2 * everyMinutes].map((m) => new Date(Date.parse(from) + m * 60_000).toISOString()) as unknown as [
        string,
        string,
      ]);
const judge = (more: Partial<Parameters<typeof judgeFreshness>[0]>) =>
  Object.values(
    judgeFreshness({
      promised: promised(more.lastSyncedAt === undefined ? ago(10) : more.lastSyncedAt, more.everyMinutes ?? 60),
      waiting: null,
      waitError: null,
      status: 'active',
      lastSyncedAt: ago(10),
      everyMinutes: 60,
      active: false,
      lastFailed: false,
      lastError: null,
      isFile: false,
      now: NOW,
      ...more,
    }),
  );

describe('how fresh a connection is, and what to do', () => {
  test.each([
    ['just synced', { lastSyncedAt: ago(0) }, 'fresh', 'Synced just now.'],
    ['synced within its interval', { lastSyncedAt: ago(59) }, 'fresh', 'Synced 59 min ago.'],
    ['at its interval', { lastSyncedAt: ago(60) }, 'fresh', 'Synced 1 h ago.'],
    [
      'past its interval',
      { lastSyncedAt: ago(61) },
      'due',
      'Synced 1 h ago; promised every hour. Sync now to bring it up to date.',
    ],
    [
      'past twice its interval',
      { lastSyncedAt: ago(121) },
      'late',
      'Synced 2 h ago; promised every hour. Sync now to bring it up to date.',
    ],
    [
      'days old',
      { lastSyncedAt: ago(60 * 49) },
      'late',
      'Synced 2 days ago; promised every hour. Sync now to bring it up to date.',
    ],
    [
      'past an interval of hours',
      { everyMinutes: 240, lastSyncedAt: ago(241) },
      'due',
      'Synced 4 h ago; promised every 4 hours. Sync now to bring it up to date.',
    ],
    [
      'past an interval of minutes',
      { everyMinutes: 90, lastSyncedAt: ago(91) },
      'due',
      'Synced 1 h ago; promised every 90 min. Sync now to bring it up to date.',
    ],
    [
      'past an interval of a day',
      { everyMinutes: 1440, lastSyncedAt: ago(1441) },
      'due',
      'Synced 24 h ago; promised every day. Sync now to bring it up to date.',
    ],
    ['from a clock ahead of ours', { lastSyncedAt: ago(-5) }, 'fresh', 'Synced just now.'],
    ['never synced', { lastSyncedAt: null }, 'never', 'Not synced yet. Start the first sync.'],
    ['syncing', { active: true, lastFailed: true }, 'syncing', 'Syncing now.'],
    [
      'failed with data',
      { lastFailed: true, lastError: 'Orion did not answer.' },
      'failing',
      'Orion did not answer. The book shows what it said 10 min ago.',
    ],
    ['failed without data', { lastFailed: true, lastSyncedAt: null }, 'failing', 'The last sync failed. Nothing was synced yet.'],
    [
      'refused',
      { status: 'needs_sign_in' as const, lastError: 'Orion refused the password.' },
      'needs_sign_in',
      'Orion refused the password.',
    ],
    ['refused without a word', { status: 'needs_sign_in' as const }, 'needs_sign_in', 'Sign in again to go on syncing.'],
    ['disconnected', { status: 'disconnected' as const, active: true }, 'never', 'Disconnected. Its history is kept.'],
    [
      'not read again at the time its expression says',
      { everyMinutes: null, lastSyncedAt: ago(300), promised: [ago(30), ago(-1410)] as const },
      'due',
      'Synced 5 h ago; promised again 30 min ago. Sync now to bring it up to date.',
    ],
    [
      'queued behind others',
      { active: true, waiting: { for: 'turn' as const, until: null } },
      'syncing',
      'Waiting for its turn; it begins when another sync ends.',
    ],
    [
      'held by its request budget',
      { active: true, waiting: { for: 'budget' as const, until: ago(-12) } },
      'syncing',
      'Waiting for the platform’s request budget; it goes on in 12 min.',
    ],
    [
      'between two attempts',
      { active: true, waitError: 'Orion did not answer.', waiting: { for: 'retry' as const, until: ago(-0.5) } },
      'failing',
      'Orion did not answer. It tries again in 1 min from where it stopped.',
    ],
    [
      'left alone after failures',
      { active: true, waiting: { for: 'breaker' as const, until: ago(-240) } },
      'failing',
      'Its syncs failed several times in a row, so the schedule tries again only in 4 h. Sync now tries at once.',
    ],
    [
      'without a network',
      { active: true, waiting: { for: 'offline' as const, until: null } },
      'failing',
      'There is no network. The sync goes on by itself when it is back.',
    ],
    ['a file', { isFile: true, lastSyncedAt: ago(60 * 24 * 30) }, 'fresh', 'Imported 30 days ago.'],
    ['synced by hand only', { everyMinutes: 0, lastSyncedAt: ago(60 * 5) }, 'fresh', 'Synced by hand 5 h ago.'],
  ])('%s', (_name, more, freshness, health) => {
    expect(judge(more)).toEqual([freshness, health]);
  });
});
