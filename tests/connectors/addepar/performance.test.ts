import { describe, expect, it } from 'vitest';
import { createAddepar } from '../../../main/connectors/addepar/connector.ts';
import { excerpt } from '../../../main/connectors/excerpt.ts';
import { json, type Reply, type Seen } from '../doubles/http-double.ts';
import { everything, pullAll } from '../doubles/rig.ts';
import { startAddepar } from './addepar-double.ts';

interface Column {
  readonly key: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}
const error = (status: number, detail: string): Reply => json({ errors: [{ status: String(status), detail }] }, status);
const FEES = { id: 'excluded_fee_types', attributes: { values: ['ADVISORY', 'PERFORMANCE'], default_value: [] } };

/** Returns by account and period text; a second one of the same key carries a number, as the platform does it. */
function answer(columns: readonly Column[], rates: Readonly<Record<string, unknown>>, gross: number): Reply {
  const times = new Map<string, number>();
  const names = columns.map(({ key }) => {
    times.set(key, (times.get(key) ?? 0) + 1);
    return times.get(key) === 1 ? key : `${key}_${times.get(key)}`;
  });
  const values = Object.fromEntries(
    columns.map(({ key, arguments: given }, place) => {
      if (key === 'value') return [names[place], given['time_point'] === '2025-05-31' ? 1000 : 1010.5];
      const rate = rates[String(given['period'])] ?? null;
      return [names[place], typeof rate === 'number' && given['excluded_fee_types'] ? rate + gross : rate];
    }),
  );
  const inner = { entity_id: 11, name: 'Sleeve', grouping: 'holding_account', columns: values, children: [] };
  const child = { entity_id: 10, name: 'IRA', grouping: 'holding_account', columns: values, children: [inner] };
  const owned = { name: 'Directly Owned', grouping: 'holding_account', columns: {}, children: [] };
  return json({
    meta: { columns: columns.map(({ key }, place) => ({ key: names[place] ?? key, currency: 'USD' })), groupings: [] },
    data: { type: 'portfolio_views', attributes: { total: { name: 'Total', columns: {}, children: [child, owned] } } },
  });
}

async function read(
  given: {
    readonly rates?: Readonly<Record<string, unknown>>;
    readonly fees?: object | null;
    readonly replies?: (seen: Seen) => Reply | undefined;
    readonly settings?: Readonly<Record<string, string>>;
  } = {},
) {
  const queries: (readonly Column[])[] = [];
  const rig = await startAddepar(
    {
      interfere: (seen) => {
        const own = given.replies?.(seen);
        if (own) return own;
        if (seen.path.endsWith('/time_weighted_return/arguments'))
          return json({
            data: [
              { id: 'period', attributes: { default_value: 'CURRENT' } },
              ...(given.fees === null ? [] : [given.fees ?? FEES]),
            ],
          });
        if (seen.path !== '/api/v1/portfolio/query') return undefined;
        const { columns } = (JSON.parse(seen.body) as { data: { attributes: { columns: Column[] } } }).data.attributes;
        if (columns[0]?.key !== 'time_weighted_return') return undefined;
        queries.push(columns);
        return answer(columns, given.rates ?? { '2025-05-31 to 2025-06-30': 0.0105, 'since inception': 0.5 }, 0.25);
      },
    },
    { streams: 'performance', performanceMonths: '1', ...given.settings },
  );
  const pages = await pullAll(createAddepar(rig.ports), rig.context);
  return { rig, pages, queries, performance: pages.flatMap((page) => page.performance ?? []), ...everything(pages) };
}

describe('Addepar: returns of accounts', () => {
  it('asks once for each treatment of fees that its arguments allow, for months and for periods up to the day', async () => {
    const { queries } = await read();
    // Today is 2025-07-01, so the last business day is 2025-06-30: June is full and is the only month asked for.
    const periods = queries[0]?.filter(({ key }) => key !== 'value').map(({ arguments: { period } }) => period);
    expect(periods).toEqual([
      '2025-05-31 to 2025-06-30',
      '2025-05-31 to 2025-06-30',
      '2025-03-31 to 2025-06-30',
      '2024-12-31 to 2025-06-30',
      '2024-06-30 to 2025-06-30',
      '2022-06-30 to 2025-06-30',
      '2020-06-30 to 2025-06-30',
      'since inception',
    ]);
    expect(queries.map((columns) => columns[0]?.arguments['excluded_fee_types'])).toEqual([
      undefined,
      ['ADVISORY', 'PERFORMANCE'],
    ]);
    expect(queries).toHaveLength(2);
  });

  it('reads gross and net of an account and of the one within it, with its values, and leaves out what is null', async () => {
    const { performance, pages, quarantined } = await read();
    expect(performance.map(({ externalId, rate }) => [externalId, rate])).toEqual([
      ['10:month:2025-06:net', '0.0105'],
      ['10:mtd:net', '0.0105'],
      ['10:inception:net', '0.5'],
      ['11:month:2025-06:net', '0.0105'],
      ['11:mtd:net', '0.0105'],
      ['11:inception:net', '0.5'],
      // 0.0105 + 0.25; 0.5 + 0.25
      ['10:month:2025-06:gross', '0.2605'],
      ['10:mtd:gross', '0.2605'],
      ['10:inception:gross', '0.75'],
      ['11:month:2025-06:gross', '0.2605'],
      ['11:mtd:gross', '0.2605'],
      ['11:inception:gross', '0.75'],
    ]);
    expect(performance[0]).toMatchObject({
      accountExternalId: '10',
      period: { kind: 'month', from: '2025-05-31', to: '2025-06-30' },
      method: 'twr',
      annualised: false,
      beginValue: '1000',
      endValue: '1010.5',
      netFlows: null,
      currency: 'USD',
    });
    expect(performance[2]?.period).toEqual({ kind: 'inception', from: null, to: '2025-06-30' });
    expect(quarantined).toEqual([]);
    const page = pages.at(-1);
    expect(await excerpt(page?.raw ?? new Uint8Array(), page?.contentType ?? '', performance.at(-1)?.place ?? '')).toContain(
      'Sleeve',
    );
    expect(page).toMatchObject({ next: null, performanceFrom: '2025-06-30' });
  });

  it('says nothing of fees where the arguments do not tell them apart', async () => {
    for (const fees of [null, { ...FEES, attributes: { ...FEES.attributes, default_value: ['ADVISORY'] } }]) {
      const { performance, queries } = await read({ fees });
      expect(queries).toHaveLength(1);
      expect(new Set(performance.map((r) => r.fees))).toEqual(new Set([null]));
    }
  });

  it('sets aside what no return can be, and what is no number', async () => {
    const { performance, quarantined } = await read({
      rates: { '2025-05-31 to 2025-06-30': -1.01, '2025-03-31 to 2025-06-30': '0.1', '2024-12-31 to 2025-06-30': -1 },
      fees: null,
    });
    expect(performance.map(({ externalId, rate }) => [externalId, rate])).toEqual([
      ['10:ytd:unsaid', '-1'],
      ['11:ytd:unsaid', '-1'],
    ]);
    expect(quarantined.slice(0, 3).map(({ externalId, reason }) => `${externalId} ${reason}`)).toEqual([
      '10:month:2025-06:unsaid columns.time_weighted_return is beyond what a return can be: less than -100 % or more than 10,000 %.',
      '10:mtd:unsaid columns.time_weighted_return_2 is beyond what a return can be: less than -100 % or more than 10,000 %.',
      '10:qtd:unsaid columns.time_weighted_return_3 should be a number.',
    ]);
  });

  it.each([
    ['may not see the attribute', (seen: Seen) => (seen.path.endsWith('/arguments') ? error(404, 'None') : undefined)],
    ['may not read it', (seen: Seen) => (seen.path.endsWith('/arguments') ? error(403, 'Scope PORTFOLIO') : undefined)],
    [
      'has no licence for it',
      (seen: Seen) => (seen.body.includes('time_weighted_return') ? error(400, 'Needs a licence') : undefined),
    ],
  ])('reads positions all the same where the user %s, and says so', async (_case, replies) => {
    const { holdings, performance, quarantined, pages } = await read({ replies });
    expect([holdings.length, performance.length]).toEqual([1, 0]);
    expect(quarantined.map(({ reason }) => reason)).toEqual([
      'Addepar does not let this user read performance, so none were read. Ask for the right, or leave performance out of what this connection reads.',
    ]);
    // Nothing is said to be complete, so nothing that was read before ends.
    expect(pages.some((page) => page.performanceFrom !== undefined)).toBe(false);
  });

  it('hands the whole stage out again when a pass is resumed in it', async () => {
    const { rig, pages } = await read();
    const inMiddle = pages.find((page) => (page.performance?.length ?? 0) > 0)?.next ?? null;
    const again = await pullAll(createAddepar(rig.ports), rig.context, inMiddle);
    expect(again.flatMap((page) => page.performance ?? [])).toHaveLength(12);
    expect(again.flatMap((page) => page.holdings)).toEqual([]);
  });
});

describe('Addepar: benchmarks', () => {
  const benchmarks = (seen: Seen): Reply | undefined => {
    if (seen.path === '/api/v1/benchmarks')
      return json({
        data: [
          { id: '571', type: 'benchmarks', attributes: { name: 'Own blend', benchmark_type: 'IMPORTED' } },
          { id: '572', type: 'benchmarks', attributes: { name: 'Index', benchmark_type: 'SECURITY_BENCHMARK' } },
          { id: '573', type: 'benchmarks', attributes: { name: 'Not in use', benchmark_type: 'IMPORTED' } },
        ],
        links: { next: null },
      });
    if (seen.path === '/api/v1/benchmark_associations_strategies')
      return json({
        data: [
          {
            id: '2',
            attributes: {
              matching_type: 'PATH',
              benchmark_associations: [
                { rules: [{ attribute: 'asset_class', value: 'Equity', type: 'WORD' }], benchmarks: [573] },
                {
                  rules: [{ attribute: 'bottom_level_holding_account', value: 10, type: 'FINANCIAL_ENTITY' }],
                  benchmarks: [571, 572],
                },
              ],
            },
          },
        ],
        links: { next: null },
      });
    if (seen.path === '/api/v1/imported_benchmark_data/571')
      return json({
        data: {
          id: '571',
          attributes: {
            daily_returns: [
              // April begins in the middle, so it is no full month.
              { date: '2025-04-15', value: 0.5 },
              { date: '2025-05-30', value: 0.5 },
              { date: '2025-06-02', value: 0.1 },
              { date: '2025-06-16', value: 0.1 },
              { date: '2025-06-30', value: -0.5 },
            ],
          },
        },
      });
    return undefined;
  };

  it('ties benchmarks to accounts by their entity id, and links daily returns to full months', async () => {
    const { pages } = await read({ replies: benchmarks, settings: { streams: 'benchmarks', performanceMonths: '3' } });
    const parts = pages.flatMap((page) => page.benchmarks ?? []);
    expect(parts.flatMap((part) => part.list).map(({ externalId, name }) => [externalId, name])).toEqual([
      ['571', 'Own blend'],
      ['572', 'Index'],
      ['573', 'Not in use'],
    ]);
    expect(parts.flatMap((part) => part.assignments).map((a) => [a.accountExternalId, a.benchmarkExternalId])).toEqual([
      ['10', '571'],
      ['10', '572'],
    ]);
    // 1.1 x 1.1 x 0.5 - 1 = -0.395
    expect(parts.flatMap((part) => part.returns).map(({ externalId, rate }) => [externalId, rate])).toEqual([
      ['571:month:2025-06', '-0.395'],
    ]);
    expect(pages.at(-1)).toMatchObject({ next: null, benchmarksFrom: '2025-04-30' });
  });

  it('goes without them where the user may not read them', async () => {
    const { holdings, quarantined } = await read({
      replies: (seen) => (seen.path === '/api/v1/benchmarks' ? error(403, 'Scope BENCHMARKS_READ') : undefined),
      settings: { streams: 'benchmarks' },
    });
    expect(holdings).toHaveLength(1);
    expect(quarantined.map(({ path }) => path)).toEqual(['benchmarks']);
  });
});
