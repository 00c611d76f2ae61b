import { z } from 'zod';
import type { HttpResponse } from '../../ports/http.ts';
import { jsonAnswer, readFrame } from '../answers.ts';
import { ConnectorError, type ConnectorContext } from '../connector.ts';
import { cursorExpired } from '../cursors.ts';
import { jsonId, jsonText, toIdText } from '../json.ts';
import type { PlatformClient } from '../platform-client.ts';
import { ADDEPAR, type AddeparAccess } from './access.ts';
import {
  DOING,
  queryAttributes,
  readReply,
  withFewerColumns,
  type PortfolioAsk,
  type PortfolioReply,
} from './portfolio-query.ts';

const jobFrame = z.object({
  data: z.object({
    id: jsonId,
    attributes: z.object({ status: jsonText.nullish(), errors: z.array(z.unknown()).nullish() }).nullish(),
  }),
});

const FAILED = new Set([
  'canceled',
  'cancel requested',
  'user cancelled',
  'timed out',
  'failed',
  'rejected',
  'error cancelled',
  'error',
]);
const FIRST_POLL_MS = 5000;
const LONGEST_POLL_MS = 60_000;
/** Polls count against 50 requests in 15 minutes; a job itself ends after 4 hours. */
const POLL_GROWTH = 1.5;
const PATIENCE_MS = 4 * 3_600_000;

/** Submits a query as a job; the answer may be a refusal. */
export const submitJob = (access: AddeparAccess, parameters: object): Promise<HttpResponse> =>
  access.post('/v1/jobs', { data: { type: 'jobs', attributes: { job_type: 'PORTFOLIO_QUERY', parameters } } }, DOING);

/** The id of a job that was accepted. */
export const jobIdOf = (response: HttpResponse): string =>
  toIdText(readFrame(ADDEPAR, jobFrame, jsonAnswer(ADDEPAR, response, DOING), 'job').data.id);

/** Starts the query as a job. Resolves with the job's id. */
export const startJob = async (context: ConnectorContext, access: AddeparAccess, ask: PortfolioAsk): Promise<string> =>
  jobIdOf(await withFewerColumns(context, (optional) => submitJob(access, queryAttributes(context, ask, optional))));

/** Waits for a job and fetches its result; `cursor_expired` when Addepar no longer has it (results live 24 hours). */
export async function awaitJob(access: AddeparAccess, client: PlatformClient, jobId: string): Promise<PortfolioReply> {
  const path = `/v1/jobs/${encodeURIComponent(jobId)}`;
  const gone = () => cursorExpired('Addepar no longer keeps the result of its job. The pass starts again.');

  const download = async (): Promise<PortfolioReply | null> => {
    let response = await access.get(`${path}/download`, DOING);
    if (response.status === 303) response = await access.follow(response.headers['location'] ?? '', DOING);
    if (response.status === 404) return null;
    if (response.status === 410) throw gone();
    return readReply(response);
  };

  let waited = 0;
  for (let pause = FIRST_POLL_MS; waited < PATIENCE_MS; pause = Math.min(LONGEST_POLL_MS, pause * POLL_GROWTH)) {
    const response = await access.get(path, DOING);
    if (response.status === 404 || response.status === 410) throw gone();
    let done = response.status === 303;
    if (!done) {
      const { data } = readFrame(ADDEPAR, jobFrame, jsonAnswer(ADDEPAR, response, DOING), 'job');
      const status = data.attributes?.status?.toLowerCase() ?? '';
      // An unknown status is still at work unless it comes with errors.
      if (FAILED.has(status) || (data.attributes?.errors?.length ?? 0) > 0) {
        throw new ConnectorError(
          'unavailable',
          `Addepar’s job for the portfolio query ended as “${data.attributes?.status ?? 'failed'}”. Try again later.`,
        );
      }
      done = status === 'completed';
    }
    const result = done ? await download() : null;
    if (result) return result;
    await client.wait(pause);
    waited += pause;
  }
  throw new ConnectorError(
    'unavailable',
    'Addepar’s job for the portfolio query did not finish within 4 hours. Try again later.',
  );
}
