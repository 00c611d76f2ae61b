import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';

/** Asking more hosts would not make it surer that the network is down. */
const MOST_HOSTS = 5;

/** Since when no platform can be reached; null while the network is there. */
export const outageNow = (db: Pick<ReadDb, 'prepare'>): string | null =>
  (db.prepare('SELECT since FROM network_outages WHERE until IS NULL').pluck().get() as string | undefined) ?? null;

/** The network is gone: what nobody asked for in person waits until it is back. */
function begin(db: WritableDb, _args: undefined, context: JobContext): null {
  db.prepare(
    'INSERT INTO network_outages (since) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM network_outages WHERE until IS NULL)',
  ).run(context.now());
  db.prepare(
    "UPDATE sync_operations SET wait_reason = 'offline', wait_until = NULL WHERE status = 'queued' AND priority < 2 AND wait_reason IS NULL",
  ).run();
  return null;
}

/** The network is back: what waited for it goes on. */
function end(db: WritableDb, _args: undefined, context: JobContext): null {
  db.prepare('UPDATE network_outages SET until = ? WHERE until IS NULL').run(context.now());
  db.prepare("UPDATE sync_operations SET wait_reason = NULL WHERE status = 'queued' AND wait_reason = 'offline'").run();
  return null;
}

/** Addresses of the platforms that are connected, one per connection, oldest first. */
function addresses(db: WritableDb): string[] {
  const all = db
    .prepare("SELECT base_url FROM connections WHERE status = 'active' AND platform <> 'custodian_file' ORDER BY id")
    .pluck()
    .all() as string[];
  const origins = all.flatMap((address) => URL.parse(address)?.origin ?? []);
  return [...new Set(origins)].slice(0, MOST_HOSTS);
}

/** When the network was away, and what waits for it. */
export const outageJobs = {
  'network/since': (db: WritableDb) => outageNow(db),
  'network/lost': begin,
  'network/back': end,
  'network/addresses': addresses,
} as const;
export type OutageJobs = typeof outageJobs;
