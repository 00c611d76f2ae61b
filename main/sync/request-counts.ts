import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';

/** Requests to one account at a platform within one second since 1970. */
export interface RequestCount {
  readonly account: string;
  readonly second: number;
  readonly requests: number;
}

/** The longest window of any platform is a day; the hour on top is for clocks that were set. */
const KEPT_SECONDS = 25 * 3600;

const secondOf = (context: JobContext): number => Math.floor(Date.parse(context.now()) / 1000);

function count(db: WritableDb, counts: readonly RequestCount[], context: JobContext): null {
  const add = db.prepare(
    `INSERT INTO request_counts (account, second, requests) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET requests = requests + excluded.requests`,
  );
  for (const { account, second, requests } of counts) add.run(account, second, requests);
  db.prepare('DELETE FROM request_counts WHERE second < ?').run(secondOf(context) - KEPT_SECONDS);
  return null;
}

const recent = (db: WritableDb, _args: undefined, context: JobContext): RequestCount[] =>
  db
    .prepare('SELECT account, second, requests FROM request_counts WHERE second >= ? ORDER BY second')
    .all(secondOf(context) - KEPT_SECONDS) as RequestCount[];

/** Counting requests, and reading the counts where they are written, so that none on its way is missed. */
export const requestJobs = { 'requests/count': count, 'requests/recent': recent } as const;
export type RequestJobs = typeof requestJobs;
