import { z } from 'zod';
import type { CalendarDate } from '../../../shared/model/date.ts';
import type { HttpResponse } from '../../ports/http.ts';
import { jsonAnswer, readFrame, refusal } from '../answers.ts';
import { ConnectorError, type ConnectorContext } from '../connector.ts';
import { cursorExpired } from '../cursors.ts';
import { jsonId, jsonText, toIdText, type LosslessJson } from '../json.ts';
import type { PlatformClient } from '../platform-client.ts';
import { setting } from '../settings.ts';
import { ADDEPAR, JSON_API, type AddeparAccess } from './access.ts';

export interface PortfolioReply {
  readonly raw: Uint8Array;
  readonly contentType: string;
  readonly text: string;
  readonly total: LosslessJson;
  /** Pointer of `total` in the reply. */
  readonly pointer: string;
  /** Currency of the value column where the reply names it. */
  readonly currency: string | null;
}

const reply = z.object({
  meta: z.object({ columns: z.array(z.object({ key: jsonText, currency: jsonText.nullish() })).nullish() }).nullish(),
  data: z.object({ attributes: z.object({ total: z.custom<LosslessJson>((v) => typeof v === 'object' && v !== null, { error: 'is not an object' }) }) }),
});

const DOING = 'run the portfolio query';

/** Columns that need an extra licence or are not in every firm: left out one set after the other when the query fails with 400. */
const OPTIONAL_COLUMNS: readonly (readonly string[])[] = [['cusip', 'isin', 'financial_service'], ['cusip', 'isin'], []];

function queryAttributes(context: ConnectorContext, asOf: CalendarDate, currency: string | null, optional: readonly string[]) {
  // Asking for a currency makes Addepar convert; without one each row is in the currency of its security.
  const converted = currency === null ? {} : { currency };
  return {
    columns: [
      { key: 'shares' },
      { key: 'price_per_share', arguments: converted },
      { key: 'value', arguments: { ...converted, accrued: 'none' } },
      { key: 'cost_basis', arguments: converted },
      ...optional.map((key) => ({ key })),
    ],
    groupings: [{ key: 'holding_account' }, { key: 'security' }],
    portfolio_type: setting(context, 'portfolioType', 'FIRM_ACCOUNTS'),
    portfolio_id: [1],
    start_date: asOf,
    end_date: asOf,
    hide_previous_holdings: true,
  };
}

function read(response: HttpResponse): PortfolioReply {
  const answer = jsonAnswer(ADDEPAR, response, DOING);
  const frame = readFrame(ADDEPAR, reply, answer, 'portfolio query');
  return {
    raw: response.body, text: answer.text, total: frame.data.attributes.total, pointer: '/data/attributes/total',
    contentType: response.headers['content-type'] ?? JSON_API,
    currency: frame.meta?.columns?.find((column) => column.key === 'value')?.currency ?? null,
  };
}

/** Tries the query with ever fewer optional columns while Addepar answers 400. */
async function withFewerColumns(context: ConnectorContext, send: (optional: readonly string[]) => Promise<HttpResponse>): Promise<HttpResponse> {
  let first: HttpResponse | null = null;
  for (const optional of OPTIONAL_COLUMNS) {
    const response = await send(optional);
    if (response.status !== 400) return response;
    context.log('Addepar refused the columns of the portfolio query', { columns: optional, reason: refusal(ADDEPAR, response, DOING).message });
    first ??= response;
  }
  throw first === null ? new Error('There is always one set of columns.') : refusal(ADDEPAR, first, `${DOING}. For a large firm set “Use jobs” to yes`);
}

/** Runs the query in one request: fit for firms whose answer is ready within Addepar's 60 seconds. */
export async function runQuery(
  context: ConnectorContext,
  access: AddeparAccess,
  ask: { readonly asOf: CalendarDate; readonly currency: string | null },
): Promise<PortfolioReply> {
  return read(
    await withFewerColumns(context, (optional) =>
      access.post(
        '/v1/portfolio/query',
        { data: { type: 'portfolio_query', attributes: queryAttributes(context, ask.asOf, ask.currency, optional) } },
        DOING,
      ),
    ),
  );
}

const jobFrame = z.object({
  data: z.object({
    id: jsonId,
    attributes: z.object({ status: jsonText.nullish(), errors: z.array(z.unknown()).nullish() }).nullish(),
  }),
});

const FAILED = new Set(['canceled', 'cancel requested', 'user cancelled', 'timed out', 'failed', 'rejected', 'error cancelled', 'error']);
const FIRST_POLL_MS = 5000;
const LONGEST_POLL_MS = 60_000;
/** Polls count against 50 requests in 15 minutes; a job itself ends after 4 hours. */
const POLL_GROWTH = 1.5;
const PATIENCE_MS = 4 * 3_600_000;

/** Starts the query as a job. Resolves with the job's id. */
export async function startJob(
  context: ConnectorContext,
  access: AddeparAccess,
  ask: { readonly asOf: CalendarDate; readonly currency: string | null },
): Promise<string> {
  const response = await withFewerColumns(context, (optional) =>
    access.post(
      '/v1/jobs',
      { data: { type: 'jobs', attributes: { job_type: 'PORTFOLIO_QUERY', parameters: queryAttributes(context, ask.asOf, ask.currency, optional) } } },
      DOING,
    ),
  );
  return toIdText(readFrame(ADDEPAR, jobFrame, jsonAnswer(ADDEPAR, response, DOING), 'job').data.id);
}

/** Waits for a job and fetches its result; `cursor_expired` when Addepar no longer has it (results live 24 hours). */
export async function awaitJob(access: AddeparAccess, client: PlatformClient, jobId: string): Promise<PortfolioReply> {
  const path = `/v1/jobs/${encodeURIComponent(jobId)}`;
  const gone = () => cursorExpired('Addepar no longer keeps the result of its job. The pass starts again.');

  const download = async (): Promise<PortfolioReply | null> => {
    let response = await access.get(`${path}/download`, DOING);
    if (response.status === 303) response = await access.follow(response.headers['location'] ?? '', DOING);
    if (response.status === 404) return null;
    if (response.status === 410) throw gone();
    return read(response);
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
        throw new ConnectorError('unavailable', `Addepar’s job for the portfolio query ended as “${data.attributes?.status ?? 'failed'}”. Try again later.`);
      }
      done = status === 'completed';
    }
    const result = done ? await download() : null;
    if (result) return result;
    await client.wait(pause);
    waited += pause;
  }
  throw new ConnectorError('unavailable', 'Addepar’s job for the portfolio query did not finish within 4 hours. Try again later.');
}
