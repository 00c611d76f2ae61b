import type { Connector, ConnectorContext, SourcePage } from '../connectors/connector.ts';
import type { RunJob } from '../store/job.ts';
import type { SyncJobs } from './jobs.ts';
import { encodeStagedPage } from './staged-page.ts';

/** Pages handed to the writer and not yet confirmed; more would only wait in its queue. */
const PAGES_IN_FLIGHT = 2;

export interface IngestProgress {
  readonly pages: number;
  readonly records: number;
  readonly expected: number | null;
}

const recordsOf = (page: SourcePage): number =>
  page.holdings.length + page.transactions.length + (page.taxLots?.length ?? 0) + (page.performance?.length ?? 0);

/**
 * Pulls one pass from a platform and stages it page by page, from `start.cursor` on. Returns when the last page is staged.
 * Rejects with the connector's or the writer's error; what was staged before stays, with its cursor.
 */
export async function ingestPass(
  connector: Connector,
  context: ConnectorContext,
  run: RunJob<SyncJobs>,
  start: { readonly operationId: number; readonly pages: number; readonly cursor: string | null },
  report: (progress: IngestProgress) => void,
): Promise<void> {
  let seq = start.pages;
  let records = 0;
  let previous: Uint8Array | null = null;
  const inFlight: Promise<unknown>[] = [];
  try {
    for await (const page of connector.pull(context, start.cursor)) {
      context.signal.throwIfAborted();
      const payload = { contentType: page.contentType, body: previous === page.raw ? null : page.raw };
      previous = page.raw;
      records += recordsOf(page);
      const staged = run('sync/stage', {
        operationId: start.operationId,
        seq,
        cursor: page.next,
        payload,
        page: encodeStagedPage(page),
        records: recordsOf(page),
        quarantined: page.quarantined,
        expected: page.expected,
      });
      seq += 1;
      // Marked as handled here; the rejection still surfaces where it is awaited below.
      staged.catch(() => undefined);
      inFlight.push(staged);
      if (inFlight.length >= PAGES_IN_FLIGHT) await inFlight.shift();
      report({ pages: seq, records, expected: page.expected });
    }
  } finally {
    await Promise.allSettled(inFlight);
  }
  await Promise.all(inFlight);
}
