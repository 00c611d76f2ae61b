import { json, type Reply, type Seen } from '../doubles/http-double.ts';
import { startRig, type Rig } from '../doubles/rig.ts';

export interface Node {
  readonly name?: string | null;
  readonly entity_id?: number | string;
  readonly grouping?: string;
  readonly columns?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Node[];
}

export interface AddeparFirm {
  entities: object[];
  positions: object[] | null;
  /** Accounts with their rows: the children of the query's total. */
  tree: readonly Node[];
  /** Columns this firm has no licence for. */
  unlicensed: readonly string[];
  entitiesPerPage: number;
  /** Statuses a job goes through, one per poll. */
  jobStates: string[];
  job: { redirect?: 'status' | 'own' | 'foreign'; earlyDownloads?: number; gone?: boolean; foreignHost?: string };
  interfere?: (seen: Seen) => Reply | undefined;
  /** Text edits of the query's reply, for tokens JSON.stringify cannot write. */
  rewrite?: (text: string) => string;
}

export const entity = (id: number | string, model_type: string, over: Readonly<Record<string, unknown>> = {}) => ({
  id: String(id),
  type: 'entities',
  attributes: {
    original_name: `Original ${id}`,
    display_name: `Entity ${id}`,
    model_type,
    ownership_type: 'SHARE_BASED',
    currency_factor: 'USD',
    ...over,
  },
  links: { self: `/v1/entities/${id}` },
});
export const owns = (owner: number, owned: number) => ({
  id: `${owner}${owned}`,
  type: 'positions',
  attributes: {},
  // Relationship replies show integer ids.
  relationships: { owner: { data: { type: 'entities', id: owner } }, owned: { data: { type: 'entities', id: owned } } },
});
export const columns = (over: Readonly<Record<string, unknown>> = {}) => ({
  shares: 100,
  price_per_share: 152.5,
  value: 15250,
  cost_basis: 9800,
  cusip: '037833100',
  isin: 'US0378331005',
  ...over,
});
export const security = (entity_id: number, over: Readonly<Record<string, unknown>> = {}, node: Partial<Node> = {}): Node => ({
  entity_id,
  name: `Entity ${entity_id}`,
  grouping: 'security',
  columns: columns(over),
  children: [],
  ...node,
});
export const holdingAccount = (entity_id: number, children: readonly Node[], over: Partial<Node> = {}): Node => ({
  entity_id,
  name: `Entity ${entity_id}`,
  grouping: 'holding_account',
  columns: { value: 1 },
  children,
  ...over,
});

export const STANDARD: Pick<AddeparFirm, 'entities' | 'positions' | 'tree'> = {
  entities: [
    entity(1, 'HOUSEHOLD', { display_name: 'Rivers' }),
    entity(2, 'PERSON_NODE'),
    entity(10, 'FINANCIAL_ACCOUNT', { account_number: '4471', display_name: 'Rivers IRA' }),
    entity(11, 'FINANCIAL_ACCOUNT', { account_number: '4472' }),
    entity(200, 'STOCK', { display_name: 'Apple' }),
    entity(201, 'BOND'),
    entity(202, 'CASH', { display_name: 'US Dollar' }),
  ],
  positions: [owns(1, 2), owns(2, 10), owns(2, 11)],
  tree: [holdingAccount(10, [security(200)])],
};

export const KEY = { apiKey: 'key', apiSecret: 'sec:ret' };

interface Query {
  readonly columns: readonly { readonly key: string }[];
  readonly portfolio_type: string;
  readonly end_date: string;
}

/** An imitation of Addepar's entities, positions, portfolio query and jobs, written from its documents apart from any other. */
export async function startAddepar(
  given: Partial<AddeparFirm> = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<Rig & { readonly firm: AddeparFirm; readonly queries: Query[] }> {
  const firm: AddeparFirm = { ...STANDARD, unlicensed: [], entitiesPerPage: 3, jobStates: [], job: {}, ...given };
  const queries: Query[] = [];
  const error = (status: number, detail: string): Reply =>
    json({ errors: [{ status: String(status), title: 'Bad Request', detail }] }, status);

  const answerQuery = (): Reply => {
    const asked = queries.at(-1)?.columns.map((c) => c.key) ?? [];
    const prune = (node: Node): object => ({
      ...node,
      ...(node.grouping === 'security' && node.columns
        ? { columns: Object.fromEntries(Object.entries(node.columns).filter(([key]) => asked.includes(key))) }
        : {}),
      ...(node.children ? { children: node.children.map(prune) } : {}),
    });
    const text = JSON.stringify({
      meta: {
        columns: [{ key: 'shares' }, { key: 'value', display_name: 'Value (USD)', output_type: 'Number', currency: 'USD' }],
        groupings: [],
      },
      data: {
        type: 'portfolio_views',
        attributes: { total: { name: 'Total', columns: { value: 1 }, children: firm.tree.map(prune) } },
      },
      included: [],
    });
    return json(firm.rewrite?.(text) ?? text);
  };
  const accept = (query: Query): Reply | null => {
    queries.push(query);
    const refused = query.columns.find((c) => firm.unlicensed.includes(c.key));
    return refused ? error(400, `Invalid attribute: ${refused.key}`) : null;
  };

  const jobs = (seen: Seen): Reply => {
    if (firm.job.gone) return error(410, 'Result expired');
    if (seen.path.endsWith('/download')) {
      if ((firm.job.earlyDownloads ?? 0) > 0) {
        firm.job.earlyDownloads = (firm.job.earlyDownloads ?? 0) - 1;
        return error(404, 'Job not finished');
      }
      if (firm.job.redirect === 'own') return { status: 303, headers: { location: '/v1/results/abc' } };
      if (firm.job.redirect === 'foreign') return { status: 303, headers: { location: `${firm.job.foreignHost}/result` } };
      return answerQuery();
    }
    const status = firm.jobStates.length > 1 ? firm.jobStates.shift() : firm.jobStates[0];
    if (firm.job.redirect === 'status' && status === 'Completed')
      return { status: 303, headers: { location: '/v1/jobs/abc/download' } };
    return json({ data: { id: 'abc', type: 'job', attributes: { status, percent_complete: 0.5, errors: [] } } });
  };

  const rig = await startRig(
    (seen) => {
      const { headers } = seen;
      if (
        headers['authorization'] !== `Basic ${Buffer.from('key:sec:ret').toString('base64')}` ||
        headers['addepar-firm'] !== '77'
      )
        return { status: 401 };
      const interference = firm.interfere?.(seen);
      if (interference) return interference;
      if (seen.method === 'POST' && headers['content-type'] !== 'application/vnd.api+json') return error(415, 'Unsupported');
      if (seen.path === '/api/v1/entities') {
        const after = Number(seen.query.get('page[after]') ?? '0');
        const size = Math.min(firm.entitiesPerPage, Number(seen.query.get('page[limit]')));
        const end = after + size;
        // Links are rooted at /v1, without the /api the address really has.
        const next = end < firm.entities.length ? `/v1/entities?page[limit]=${size}&page[after]=${end}` : null;
        return json({ data: firm.entities.slice(after, end), included: [], links: { next } });
      }
      if (seen.path === '/api/v1/positions') {
        return firm.positions === null
          ? error(403, 'Scope POSITIONS is missing')
          : json({ data: firm.positions, included: [], links: { next: null } });
      }
      if (seen.path === '/api/v1/portfolio/query') {
        const body = JSON.parse(seen.body) as { data: { type: string; attributes: Query } };
        if (body.data.type !== 'portfolio_query') return error(409, 'Type mismatch');
        return accept(body.data.attributes) ?? answerQuery();
      }
      if (seen.path === '/api/v1/jobs' && seen.method === 'POST') {
        const body = JSON.parse(seen.body) as { data: { attributes: { parameters: Query } } };
        return (
          accept(body.data.attributes.parameters) ??
          json({ data: { id: 'abc', type: 'jobs', attributes: { status: 'Queued', percent_complete: 0 } } }, 202)
        );
      }
      if (seen.path.startsWith('/api/v1/jobs/abc')) return jobs(seen);
      if (seen.path === '/api/v1/results/abc') return answerQuery();
      return error(404, 'Not found');
    },
    {
      basePath: '/api',
      credentials: KEY,
      settings: () => ({ firmId: '77', transactionDays: '0', streams: 'transactions', ...settings }),
    },
  );
  return Object.assign(rig, { firm, queries });
}
