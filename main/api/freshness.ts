import type { Connection } from '../../shared/contract/connections.ts';
import type { Waiting } from '../../shared/contract/sync.ts';

interface FreshnessInput {
  readonly status: Connection['status'];
  readonly lastSyncedAt: string | null;
  /** Null where an expression stands in place of an interval. */
  readonly everyMinutes: number | null;
  /** The first and second run that were due after the last one; null when it is read only when asked. */
  readonly promised: readonly [string, string] | null;
  readonly active: boolean;
  /** What its live operation waits for. */
  readonly waiting: Waiting | null;
  /** What the last attempt of a waiting operation failed of. */
  readonly waitError: string | null;
  readonly lastFailed: boolean;
  readonly lastError: string | null;
  readonly isFile: boolean;
  readonly now: string;
}

const minutesBetween = (from: string, to: string): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 60_000));

function ago(minutes: number): string {
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

const ahead = (until: string | null, now: string): string => {
  if (until === null) return 'later';
  const minutes = Math.ceil((Date.parse(until) - Date.parse(now)) / 60_000);
  return minutes < 90 ? `in ${Math.max(1, minutes)} min` : `in ${Math.round(minutes / 60)} h`;
};

/** A sync that waits after a failure is no sync that goes on, and says so. */
function underWay({ waiting, waitError, now }: FreshnessInput): Pick<Connection, 'freshness' | 'health'> {
  const failed = waitError ?? 'The last attempt failed.';
  switch (waiting?.for) {
    case 'turn':
      return { freshness: 'syncing', health: 'Waiting for its turn; it begins when another sync ends.' };
    case 'budget':
      return {
        freshness: 'syncing',
        health: `Waiting for the platform’s request budget; it goes on ${ahead(waiting.until, now)}.`,
      };
    case 'retry':
      return { freshness: 'failing', health: `${failed} It tries again ${ahead(waiting.until, now)} from where it stopped.` };
    case 'breaker':
      return {
        freshness: 'failing',
        health: `Its syncs failed several times in a row, so the schedule tries again only ${ahead(waiting.until, now)}. Sync now tries at once.`,
      };
    case 'offline':
      return { freshness: 'failing', health: 'There is no network. The sync goes on by itself when it is back.' };
    default:
      return { freshness: 'syncing', health: 'Syncing now.' };
  }
}

function every(minutes: number): string {
  if (minutes % 1440 === 0) return minutes === 1440 ? 'day' : `${minutes / 1440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'hour' : `${minutes / 60} hours`;
  return `${minutes} min`;
}

/** State of a connection against its promised interval, and one sentence that says why and what to do. */
export function judgeFreshness(input: FreshnessInput): Pick<Connection, 'freshness' | 'health'> {
  if (input.status === 'disconnected') return { freshness: 'never', health: 'Disconnected. Its history is kept.' };
  if (input.active) return underWay(input);
  if (input.status === 'needs_sign_in')
    return { freshness: 'needs_sign_in', health: input.lastError ?? 'Sign in again to go on syncing.' };
  const synced = input.lastSyncedAt;
  if (input.lastFailed) {
    const kept =
      synced === null ? 'Nothing was synced yet.' : `The book shows what it said ${ago(minutesBetween(synced, input.now))}.`;
    return { freshness: 'failing', health: `${input.lastError ?? 'The last sync failed.'} ${kept}` };
  }
  if (synced === null) return { freshness: 'never', health: 'Not synced yet. Start the first sync.' };
  const age = minutesBetween(synced, input.now);
  if (input.isFile || input.promised === null)
    return { freshness: 'fresh', health: `${input.isFile ? 'Imported' : 'Synced by hand'} ${ago(age)}.` };
  const [first, second] = input.promised;
  if (input.now <= first) return { freshness: 'fresh', health: `Synced ${ago(age)}.` };
  const late = input.now > second;
  const promise =
    input.everyMinutes === null
      ? `promised again ${ago(minutesBetween(first, input.now))}`
      : `promised every ${every(input.everyMinutes)}`;
  return {
    freshness: late ? 'late' : 'due',
    health: `Synced ${ago(age)}; ${promise}. Sync now to bring it up to date.`,
  };
}
