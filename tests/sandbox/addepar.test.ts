import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarDate } from '../../shared/model/date.ts';
import { fixed } from '../../main/sandbox/firm/fixed.ts';
import { javaNumber } from '../../main/sandbox/addepar/number-text.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { addeparGet, addeparHeaders, addeparPost, addeparQuery, queryAttributes } from './support/clients.ts';
import { send, type Reply } from './support/http.ts';

interface List {
  readonly data: readonly { readonly id: string; readonly type: string; readonly attributes: Readonly<Record<string, string>> }[];
  readonly links: { readonly next: string | null };
}
interface Node {
  readonly entity_id?: string;
  readonly name: string;
  readonly grouping?: string;
  readonly columns: Readonly<Record<string, string | null>>;
  readonly children: readonly Node[];
}
const totalOf = (reply: Reply): Node => reply.json<{ data: { attributes: { total: Node } } }>().data.attributes.total;
const detailOf = (reply: Reply): string | undefined => reply.json<{ errors: { detail: string }[] }>().errors[0]?.detail;

let time = Date.UTC(2026, 10, 20, 12);
let sandbox: Sandbox;
const start = (addepar: Parameters<typeof startSandbox>[0] = {}): Promise<Sandbox> =>
  startSandbox({ today: calendarDate('2026-11-20'), now: () => time, ...addepar });

beforeAll(async () => {
  sandbox = await start({ addepar: { rateScale: 100 } });
});
afterAll(() => sandbox.close());

describe('signing in', () => {
  it('answers 401 without the Addepar-Firm header, and with a wrong firm, key or secret', async () => {
    const { authorization, ...firm } = addeparHeaders(sandbox);
    const url = `${sandbox.addepar.baseUrl}/v1/entities`;
    for (const headers of [
      { authorization },
      { ...firm },
      { authorization, 'addepar-firm': '1' },
      { ...firm, authorization: 'Basic eDp5' },
    ])
      expect((await send(url, { headers: headers as Record<string, string> })).status).toBe(401);
    expect((await addeparGet(sandbox, '/v1/api_version')).status).toBe(200);
  });
});

describe('lists', () => {
  it('gives 500 entities unless told, at most 2,000, and refuses more', async () => {
    expect((await addeparGet(sandbox, '/v1/entities')).json<List>().data.length).toBe(500);
    expect((await addeparGet(sandbox, '/v1/entities?page[limit]=2000')).json<List>().data.length).toBe(
      60 + 250 + sandbox.firm.securities.length + 1,
    );
    expect((await addeparGet(sandbox, '/v1/entities?page[limit]=2001')).status).toBe(400);
  });

  it('links to the next page from /v1 without /api, and the last page to null', async () => {
    let path: string | null = '/v1/entities?page[limit]=400&filter[model_types]=FINANCIAL_ACCOUNT,STOCK';
    const seen: string[] = [];
    while (path !== null) {
      const list: List = (await addeparGet(sandbox, path)).json<List>();
      seen.push(...list.data.map((row) => row.id));
      if (list.links.next !== null) expect(list.links.next).toMatch(/^\/v1\/entities\?page\[limit\]=400&page\[after\]=\d+/);
      path = list.links.next;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(250 + sandbox.firm.securities.filter((security) => security.type === 'stock').length);
  });

  it('does not show identifiers on entities, and the ticker as a list over time', async () => {
    const list = (await addeparGet(sandbox, '/v1/entities?filter[ids]=5000001')).json<List>();
    expect(list.data[0]?.attributes).toMatchObject({ ticker_symbol: [{ date: null, value: 'AAPL', weight: '1.0' }] });
    expect(list.data[0]?.attributes).not.toHaveProperty('cusip');
  });

  it('drops all attributes for fields[entities]=[] and keeps those named', async () => {
    expect(
      (await addeparGet(sandbox, '/v1/entities?page[limit]=1&fields[entities]=[]')).json<List>().data[0]?.attributes,
    ).toEqual({});
    const named = await addeparGet(sandbox, '/v1/entities?page[limit]=1&fields[entities]=display_name');
    expect(Object.keys(named.json<List>().data[0]?.attributes ?? {})).toEqual(['display_name']);
  });

  it('refuses a linking status together with model types', async () => {
    expect((await addeparGet(sandbox, '/v1/entities?filter[linking_status]=linked&filter[model_types]=STOCK')).status).toBe(400);
  });

  it('answers 404 with a detail for an entity that is not there', async () => {
    const reply = await addeparGet(sandbox, '/v1/entities/42');
    expect(reply.status).toBe(404);
    expect(detailOf(reply)).toContain('42');
  });

  it('lists ownership without units or values, households first', async () => {
    const households = (
      await addeparGet(sandbox, '/v1/positions?page[limit]=2000&filter[owner_model_types]=HOUSEHOLD')
    ).json<List>();
    expect(households.data.length).toBe(250 - 8 + 1); // 8 of 60 households have a sleeve, and one owns an orchard
    expect(households.data[0]?.attributes).not.toHaveProperty('value');
    const inside = (await addeparGet(sandbox, '/v1/positions?filter[owner_entity_id]=2000000')).json<List>();
    expect(inside.data.length).toBe(sandbox.plan.books.addepar.records(0, 1).length);
  });

  it('pages through every ownership exactly once', async () => {
    let path: string | null = '/v1/positions?page[limit]=2000';
    const seen = new Set<string>();
    let rows = 0;
    while (path !== null) {
      const list: List = (await addeparGet(sandbox, path)).json<List>();
      rows += list.data.length;
      for (const row of list.data) seen.add(row.id);
      path = list.links.next;
    }
    const holdings = sandbox.firm.accounts.reduce(
      (sum, account) => sum + sandbox.plan.books.addepar.recordCount(account.index, 1),
      0,
    );
    expect(rows).toBe(holdings + 250 + 1);
    expect(seen.size).toBe(rows);
  });

  it('writes ids as text in resources and as integers in relationships', async () => {
    expect((await addeparGet(sandbox, '/v1/positions/10000000')).text).toContain('"data":{"type":"entities","id":"1000000"}');
    expect((await addeparGet(sandbox, '/v1/positions/10000000/relationships/owner')).text).toBe(
      '{"data":{"id":1000000,"type":"entities"}}',
    );
    expect((await addeparGet(sandbox, '/v1/groups/1/relationships/members')).text).toContain('{"id":2000000,"type":"entities"}');
  });

  it('has a group of all accounts and one for each custodian', async () => {
    const groups = (await addeparGet(sandbox, '/v1/groups')).json<List>();
    expect(groups.data.map((group) => group.attributes['name'])).toEqual([
      'All accounts',
      'Accounts at Harborline Clearing',
      'Accounts at Northgate Custody',
      'Accounts at Meridian Trust Services',
      'Accounts at Stonebridge Securities',
    ]);
    const members = (await addeparGet(sandbox, '/v1/groups/2/members')).json<List>();
    expect(members.data.length).toBe(
      sandbox.firm.accounts.filter((account) => account.custodian === 'Harborline Clearing').length,
    );
  });
});

describe('portfolio queries', () => {
  it('answers 415 to anything but the JSON:API content type and 409 to a wrong type', async () => {
    const body = { data: { type: 'portfolio_query', attributes: queryAttributes(sandbox) } };
    expect((await addeparPost(sandbox, '/v1/portfolio/query', body, 'application/json')).status).toBe(415);
    expect((await addeparPost(sandbox, '/v1/portfolio/query', { data: { ...body.data, type: 'jobs' } })).status).toBe(409);
  });

  it('gives a tree of accounts and securities with integer entity ids, typed portfolio_views', async () => {
    const reply = await addeparQuery(sandbox);
    expect(reply.text).toContain('"data":{"type":"portfolio_views"');
    expect(reply.text).toContain('{"entity_id":2000000,"name":"Alderbrook family trust","grouping":"holding_account"');
    expect(reply.text).not.toContain('"entity_id":"');
    const total = totalOf(reply);
    expect(total.name).toBe('Total');
    expect(Object.keys(total.columns)).toEqual(['value', 'cost_basis']); // columns that are null for the whole are left out
    expect(total.children[0]?.columns).toMatchObject({ shares: null, cusip: null });
  });

  it('nests a sleeve inside its account, and counts it into the account', async () => {
    const ids = [2_000_004, 2_000_005];
    const nested = totalOf(await addeparQuery(sandbox, { portfolio_type: 'entity', portfolio_id: ids }));
    expect(nested.children.map((node) => node.entity_id)).toEqual(['2000004']);
    const inner = nested.children[0]?.children.filter((node) => node.grouping === 'holding_account');
    expect(inner?.map((node) => node.entity_id)).toEqual(['2000005']);
    const alone = totalOf(await addeparQuery(sandbox, { portfolio_type: 'ENTITY', portfolio_id: 2_000_004 }));
    expect(alone.children[0]?.children.every((node) => node.grouping === 'security')).toBe(true);
  });

  it('shows what stands in no account as Directly Owned, without an entity id', async () => {
    const direct = totalOf(await addeparQuery(sandbox)).children.find((node) => node.name === 'Directly Owned');
    expect(direct).not.toHaveProperty('entity_id');
    expect(direct?.children[0]).toMatchObject({ name: 'Lakeside orchard', columns: { shares: null, value: '1245000.0' } });
  });

  it('writes numbers as floats, large ones with an exponent, without losing a digit', async () => {
    expect((await addeparQuery(sandbox)).text).toMatch(/"columns":\{"value":\d\.\d+E8/);
    expect(javaNumber(fixed(437_000_000, 0))).toBe('4.37E8');
    expect(javaNumber(fixed(1_234_567_891_234n, 4))).toBe('1.234567891234E8');
    expect(javaNumber(fixed(1_234_567, 0))).toBe('1234567.0');
    expect(javaNumber(fixed(-10_000_000, 0))).toBe('-1.0E7');
    expect(javaNumber(fixed(5, 4))).toBe('5.0E-4');
    expect(javaNumber(fixed(1500, 2))).toBe('15.0');
  });

  it('writes null for the identifiers that a foreign listing lacks', async () => {
    const rows = totalOf(await addeparQuery(sandbox)).children.flatMap((account) => account.children);
    const foreign = rows.filter((row) => row.columns['isin']?.startsWith('GB'));
    expect(foreign.length).toBeGreaterThan(10);
    expect(foreign.every((row) => row.columns['cusip'] === null)).toBe(true);
  });

  it('fails with 400 for identifiers when the firm has no licence for them', async () => {
    const unlicensed = await start({ accounts: 10, holdings: 60, addepar: { identifierLicence: false } });
    try {
      for (const key of ['cusip', 'isin']) {
        const reply = await addeparQuery(unlicensed, { columns: [{ key: 'value' }, { key }] });
        expect(reply.status).toBe(400);
        expect(detailOf(reply)).toContain(key);
      }
      expect((await addeparQuery(unlicensed, { columns: [{ key: 'value' }, { key: 'ticker_symbol' }] })).status).toBe(200);
    } finally {
      await unlicensed.close();
    }
  });

  it('says which portfolio, column or date is not valid', async () => {
    const reply = await addeparQuery(sandbox, { portfolio_type: 'ENTITY', portfolio_id: 10 });
    expect([reply.status, detailOf(reply)]).toEqual([400, 'Invalid portfolio: ENTITY 10']);
    expect((await addeparQuery(sandbox, { columns: [{ key: 'nonsense' }] })).status).toBe(400);
    expect((await addeparQuery(sandbox, { columns: [{ key: 'benchmark' }] })).status).toBe(400);
    expect((await addeparQuery(sandbox, { end_date: 'yesterday' })).status).toBe(400);
    expect((await addeparQuery(sandbox, { groupings: ['security', 'holding_account'] })).status).toBe(400);
  });

  it('takes bare strings as groupings and numbers a key that is asked twice', async () => {
    const total = totalOf(
      await addeparQuery(sandbox, {
        groupings: ['security'],
        columns: [{ key: 'value' }, { key: 'value', arguments: { currency: 'USD' } }],
      }),
    );
    const foreign = total.children.filter((row) => row.columns['value'] !== row.columns['value_2']);
    expect(foreign.length).toBeGreaterThan(5); // in euros or pounds, and in dollars
  });

  it('lists positions sold before unless previous holdings are hidden', async () => {
    const rows = (total: Node): number => total.children.reduce((sum, account) => sum + account.children.length, 0);
    const shown = rows(totalOf(await addeparQuery(sandbox, { hide_previous_holdings: false })));
    const hidden = rows(totalOf(await addeparQuery(sandbox)));
    expect(shown - hidden).toBeGreaterThan(50);
  });

  it('answers the day before as the opening book has it, and nothing for the time before that', async () => {
    const yesterday = totalOf(
      await addeparQuery(sandbox, {
        portfolio_type: 'ENTITY',
        portfolio_id: 2_000_000,
        end_date: '2026-11-19',
        start_date: '2026-11-19',
      }),
    );
    const values = sandbox.firm.positions(0, 0).map((row) => javaNumber(row.value));
    expect(yesterday.children[0]?.children.map((row) => row.columns['value'])).toEqual(values);
    expect(totalOf(await addeparQuery(sandbox, { start_date: '2020-01-01', end_date: '2020-01-02' })).children).toEqual([]);
  });

  it('groups by owner first when asked to', async () => {
    const total = totalOf(
      await addeparQuery(sandbox, { groupings: ['top_level_owner', 'holding_account'], columns: [{ key: 'value' }] }),
    );
    expect(total.children.length).toBe(60);
    expect(total.children[0]).toMatchObject({ entity_id: '1000000', grouping: 'top_level_owner' });
  });
});

describe('request limits', () => {
  it('lets 50 requests through in 15 minutes and names the seconds to wait in X-RateLimit-Retry-After', async () => {
    const limited = await start({ accounts: 10, holdings: 60 });
    try {
      for (let n = 0; n < 50; n += 1) expect((await addeparGet(limited, '/v1/api_version')).status).toBe(200);
      time += 60_000;
      const refused = await addeparGet(limited, '/v1/api_version');
      expect(refused.status).toBe(429);
      expect(refused.headers.get('x-ratelimit-retry-after')).toBe(String(14 * 60)); // the first request leaves the window then
      expect(refused.json<{ errors: { status: string }[] }>().errors[0]?.status).toBe('429');
      time += 14 * 60_000;
      expect((await addeparGet(limited, '/v1/api_version')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  it('lets 1,000 requests through in 24 hours', async () => {
    const limited = await start({ accounts: 10, holdings: 60 });
    try {
      for (let window = 0; window < 20; window += 1) {
        for (let n = 0; n < 50; n += 1) expect((await addeparGet(limited, '/v1/api_version')).status).toBe(200);
        time += 15 * 60_000;
      }
      const refused = await addeparGet(limited, '/v1/api_version');
      expect(refused.status).toBe(429);
      expect(refused.headers.get('x-ratelimit-retry-after')).toBe(String((24 - 5) * 3600)); // 20 windows of 15 minutes are 5 hours
    } finally {
      await limited.close();
    }
  });
});

describe('jobs', () => {
  const submit = async (target: Sandbox): Promise<string> => {
    const reply = await addeparPost(target, '/v1/jobs', {
      data: {
        type: 'jobs',
        attributes: { job_type: 'PORTFOLIO_QUERY', parameters: queryAttributes(target, { columns: [{ key: 'value' }] }) },
      },
    });
    expect(reply.status).toBe(202);
    expect(reply.json<{ data: { attributes: object } }>().data.attributes).toMatchObject({
      status: 'Queued',
      percent_complete: '0.0',
    });
    return reply.json<{ data: { id: string } }>().data.id;
  };
  const statusOf = async (target: Sandbox, id: string): Promise<string | undefined> =>
    (await addeparGet(target, `/v1/jobs/${id}`)).json<{ data: { attributes: Record<string, string> } }>().data.attributes[
      'status'
    ];

  it('go from queued over in progress to completed, and download only then', async () => {
    const id = await submit(sandbox);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    expect((await addeparGet(sandbox, `/v1/jobs/${id}/download`)).status).toBe(404);
    time += 1_000;
    expect(await statusOf(sandbox, id)).toBe('In Progress');
    time += 1_000;
    expect(await statusOf(sandbox, id)).toBe('Completed');
    expect(totalOf(await addeparGet(sandbox, `/v1/jobs/${id}/download`)).name).toBe('Total');
    time += 25 * 3_600_000;
    expect((await addeparGet(sandbox, `/v1/jobs/${id}/download`)).status).toBe(410);
  });

  it('can be cancelled, and then have no result', async () => {
    const id = await submit(sandbox);
    expect(
      (await send(`${sandbox.addepar.baseUrl}/v1/jobs/${id}`, { method: 'DELETE', headers: addeparHeaders(sandbox) })).status,
    ).toBe(204);
    time += 5_000;
    expect(await statusOf(sandbox, id)).toBe('User Cancelled');
    expect((await addeparGet(sandbox, `/v1/jobs/${id}/download`)).status).toBe(404);
  });

  it('answer 303 with a Location once done, when that is switched on', async () => {
    const redirecting = await start({ accounts: 10, holdings: 60, addepar: { redirectJobs: true } });
    try {
      const id = await submit(redirecting);
      time += 5_000;
      const done = await addeparGet(redirecting, `/v1/jobs/${id}`);
      expect([done.status, done.headers.get('location')]).toEqual([303, `/v1/jobs/${id}/download`]);
      const download = await addeparGet(redirecting, `/v1/jobs/${id}/download`);
      expect(download.status).toBe(303);
      // The place it leads to needs no credentials, only the link.
      expect(totalOf(await send(download.headers.get('location') ?? '')).name).toBe('Total');
    } finally {
      await redirecting.close();
    }
  });
});
