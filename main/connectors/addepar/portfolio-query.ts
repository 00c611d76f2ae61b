import { z } from 'zod';
import type { CalendarDate } from '../../../shared/model/date.ts';
import type { HttpResponse } from '../../ports/http.ts';
import { jsonAnswer, readFrame, refusal } from '../answers.ts';
import type { ConnectorContext } from '../connector.ts';
import { jsonText, type LosslessJson } from '../json.ts';
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
  /** Key and currency of each column, in the order they were asked for. */
  readonly columns: readonly { readonly key: string; readonly currency: string | null }[];
}

const reply = z.object({
  meta: z
    .object({
      columns: z
        .array(
          z.object({
            key: jsonText,
            currency: jsonText.length(3, { error: 'is not a currency code of three letters' }).nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
  data: z.object({
    attributes: z.object({
      total: z.custom<LosslessJson>((v) => typeof v === 'object' && v !== null, { error: 'is not an object' }),
    }),
  }),
});

export const DOING = 'run the portfolio query';

/** Columns that need an extra licence or are not in every firm: left out one set after the other when the query fails with 400. */
const OPTIONAL_COLUMNS: readonly (readonly string[])[] = [['cusip', 'isin', 'financial_service'], ['cusip', 'isin'], []];

export interface PortfolioAsk {
  readonly asOf: CalendarDate;
  /** Null: every row in the currency of its security. */
  readonly currency: string | null;
}

/** The portfolio that holds every account. */
export const wholeFirm = (context: ConnectorContext) => ({
  portfolio_type: setting(context, 'portfolioType', 'FIRM_ACCOUNTS'),
  portfolio_id: [1],
});

/** The query as its own request and as a job's parameters. */
export function queryAttributes(context: ConnectorContext, { asOf, currency }: PortfolioAsk, optional: readonly string[]) {
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
    ...wholeFirm(context),
    start_date: asOf,
    end_date: asOf,
    hide_previous_holdings: true,
  };
}

/** Reads the reply of a query, from wherever it was fetched. */
export function readReply(response: HttpResponse): PortfolioReply {
  const answer = jsonAnswer(ADDEPAR, response, DOING);
  const frame = readFrame(ADDEPAR, reply, answer, 'portfolio query');
  return {
    raw: response.body,
    text: answer.text,
    total: frame.data.attributes.total,
    pointer: '/data/attributes/total',
    contentType: response.headers['content-type'] ?? JSON_API,
    currency: frame.meta?.columns?.find((column) => column.key === 'value')?.currency ?? null,
    columns: (frame.meta?.columns ?? []).map(({ key, currency }) => ({ key, currency: currency ?? null })),
  };
}

/** Tries the query with ever fewer optional columns while Addepar answers 400. */
export async function withFewerColumns(
  context: ConnectorContext,
  send: (optional: readonly string[]) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  let first: HttpResponse | null = null;
  for (const optional of OPTIONAL_COLUMNS) {
    const response = await send(optional);
    if (response.status !== 400) return response;
    context.log('Addepar refused the columns of the portfolio query', {
      columns: optional,
      reason: refusal(ADDEPAR, response, DOING).message,
    });
    first ??= response;
  }
  throw first === null
    ? new Error('There is always one set of columns.')
    : refusal(ADDEPAR, first, `${DOING}. For a large firm set “Use jobs” to yes`);
}

/** Sends a query; the answer may be a refusal. */
export const sendQuery = (access: AddeparAccess, attributes: object): Promise<HttpResponse> =>
  access.post('/v1/portfolio/query', { data: { type: 'portfolio_query', attributes } }, DOING);

/** Runs the query in one request: fit for firms whose answer is ready within Addepar's 60 seconds. */
export async function runQuery(context: ConnectorContext, access: AddeparAccess, ask: PortfolioAsk): Promise<PortfolioReply> {
  return readReply(await withFewerColumns(context, (optional) => sendQuery(access, queryAttributes(context, ask, optional))));
}
