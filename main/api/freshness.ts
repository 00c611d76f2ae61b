import type { Connection } from '../../shared/contract/connections.ts';

interface FreshnessInput {
  readonly status: Connection['status'];
  readonly lastSyncedAt: string | null;
  readonly everyMinutes: number;
  readonly active: boolean;
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

function every(minutes: number): string {
  if (minutes % 1440 === 0) return minutes === 1440 ? 'day' : `${minutes / 1440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'hour' : `${minutes / 60} hours`;
  return `${minutes} min`;
}

/** State of a connection against its promised interval, and one sentence that says why and what to do. */
export function judgeFreshness(input: FreshnessInput): Pick<Connection, 'freshness' | 'health'> {
  if (input.status === 'disconnected') return { freshness: 'never', health: 'Disconnected. Its history is kept.' };
  if (input.active) return { freshness: 'syncing', health: 'Syncing now.' };
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
  if (input.isFile || input.everyMinutes === 0)
    return { freshness: 'fresh', health: `${input.isFile ? 'Imported' : 'Synced by hand'} ${ago(age)}.` };
  if (age <= input.everyMinutes) return { freshness: 'fresh', health: `Synced ${ago(age)}.` };
  const late = age > 2 * input.everyMinutes;
  return {
    freshness: late ? 'late' : 'due',
    health: `Synced ${ago(age)}; promised every ${every(input.everyMinutes)}. Sync now to bring it up to date.`,
  };
}
