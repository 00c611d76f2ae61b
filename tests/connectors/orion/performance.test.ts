import { describe, expect, it } from 'vitest';
import { createOrion } from '../../../main/connectors/orion/connector.ts';
import { json, type Reply, type Seen } from '../doubles/http-double.ts';
import { everything, pullAll } from '../doubles/rig.ts';
import { startOrion } from './orion-double.ts';

interface Ask {
  readonly entity: string;
  readonly entityIds: readonly number[];
  readonly endDate: string;
  readonly periods: number;
  readonly returnStyle: string;
  readonly feeCalculationMethod: string;
  readonly calculationMethod: string;
}
const summary = (dateRangeName: string, performance: unknown, over: object = {}) => ({
  dateRangeName,
  performance,
  startDate: '2025-06-01T00:00:00',
  endDate: '2025-06-30T00:00:00',
  annualize: false,
  error: null,
  overflow: false,
  ...over,
});
const entry = (id: number, gross: boolean, summaries: readonly object[], over: object = {}) => ({
  fkEntity: id,
  grouping: 'Account',
  fkGroupEntity: id,
  calcGrossOfFees: gross,
  portfolios: [],
  summaries,
  benchmarks: [],
  ...over,
});

async function read(
  answer: (ask: Ask, seen: Seen) => Reply | readonly object[],
  settings: Readonly<Record<string, string>> = {},
) {
  const asks: Ask[] = [];
  const rig = await startOrion(
    {
      interfere: (seen) => {
        if (!seen.path.toLowerCase().endsWith('/reporting/performance/verbose')) return undefined;
        const ask = JSON.parse(seen.body) as Ask;
        asks.push(ask);
        const given = answer(ask, seen);
        return 'status' in given ? given : json(given);
      },
    },
    { streams: 'performance', performanceMonths: '1', ...settings },
  );
  const pages = await pullAll(createOrion(rig.ports), rig.context);
  return { rig, asks, pages, performance: pages.flatMap((page) => page.performance ?? []), ...everything(pages) };
}

describe('Orion: returns of accounts', () => {
  it('asks for the periods up to the last business day, then for each month what was to date on its last day', async () => {
    const { asks } = await read(() => []);
    expect(asks.map(({ endDate, periods }) => [endDate, periods])).toEqual([
      // 1 MTD + 2 QTD + 4 YTD + 8 one year + 16 three + 32 five + 128 inception
      ['2025-06-30', 191],
      ['2025-06-30', 1],
    ]);
    expect(asks[0]).toMatchObject({
      entity: 'Account',
      entityIds: [7068],
      returnStyle: 'PortfolioSummary',
      calculationMethod: 'TWR',
      feeCalculationMethod: 'Both',
    });
  });

  it('reads gross and net, and from a first day the close before it', async () => {
    const { performance, quarantined } = await read(({ periods }) =>
      periods === 1
        ? [entry(7068, false, [summary('MTD', 0.0105)]), entry(7068, true, [summary('MTD', 0.0113)])]
        : [entry(7068, false, [summary('Inception', -0.25, { startDate: '2024-03-15T00:00:00', annualize: true })])],
    );
    expect(performance.map(({ externalId, rate, period, annualised }) => [externalId, rate, period.from, annualised])).toEqual([
      ['7068:inception:net', '-0.25', '2024-03-14', true],
      ['7068:month:2025-06:net', '0.0105', '2025-05-31', false],
      ['7068:month:2025-06:gross', '0.0113', '2025-05-31', false],
    ]);
    expect(quarantined).toEqual([]);
  });

  it('finds accounts below the entity they were asked through, and leaves others out', async () => {
    const { performance } = await read(({ periods }) =>
      periods === 1
        ? [
            {
              fkEntity: 1836,
              grouping: 'Household',
              summaries: [summary('MTD', 0.9)],
              portfolios: [entry(7068, false, [summary('MTD', 0.01)]), entry(9999, false, [summary('MTD', 0.8)])],
            },
          ]
        : [],
    );
    expect(performance.map(({ externalId, rate, place }) => [externalId, rate, place])).toEqual([
      ['7068:month:2025-06:net', '0.01', '/0/portfolios/0/summaries/0'],
    ]);
  });

  it('reads percent where the connection says that Orion writes percent', async () => {
    const { performance } = await read(({ periods }) => (periods === 1 ? [entry(7068, false, [summary('MTD', 1.05)])] : []), {
      performanceForm: 'percent',
    });
    // 1.05 / 100
    expect(performance.map(({ rate }) => rate)).toEqual(['0.0105']);
  });

  it('sets aside what Orion could not compute, what overflowed and what no return can be; null is no return', async () => {
    const { performance, quarantined } = await read(({ periods }) =>
      periods === 1
        ? []
        : [
            entry(7068, false, [
              summary('MTD', 0, { error: 'No start value' }),
              summary('QTD', 0.1, { overflow: true }),
              summary('YTD', -1.5),
              summary('OneYear', '0.1'),
              summary('ThreeYear', null),
            ]),
          ],
    );
    expect(performance).toEqual([]);
    expect(quarantined.map(({ externalId, reason }) => `${externalId}: ${reason}`)).toEqual([
      '7068:mtd: Orion could not compute this return: No start value',
      '7068:qtd: Orion says that this return overflowed.',
      '7068:ytd: performance is beyond what a return can be: less than -100 % or more than 10,000 %.',
      '7068: performance should be a number but is text.',
    ]);
  });

  it('reads positions all the same where the user may not read returns, and says so', async () => {
    const { accounts, quarantined, pages } = await read(() => json({ message: 'No right' }, 403));
    expect(accounts).toHaveLength(1);
    expect(quarantined.map(({ path }) => path)).toEqual(['performance']);
    expect(pages.at(-1)?.next).toBeNull();
    expect(pages.some((page) => page.performanceFrom !== undefined)).toBe(false);
  });

  it('goes on behind the request that was staged last when a pass is resumed', async () => {
    const { rig, pages, asks } = await read(({ periods }) => (periods === 1 ? [entry(7068, false, [summary('MTD', 0.01)])] : []));
    const asked = asks.length;
    const inMiddle = pages.find((page) => page.performance !== undefined)?.next ?? null;
    const again = await pullAll(createOrion(rig.ports), rig.context, inMiddle);
    expect(again.flatMap((page) => page.performance ?? []).map(({ externalId }) => externalId)).toEqual([
      '7068:month:2025-06:net',
    ]);
    expect(again.flatMap((page) => page.accounts)).toEqual([]);
    // Two requests make the stage, and the first of them was staged.
    expect([asked, asks.length]).toEqual([2, 3]);
  });
});

describe('Orion: benchmarks', () => {
  it('reads which benchmark an account has and its returns, and its months through one account that has it', async () => {
    const benchmark = (name: string, performance: number) => [
      { fkKey: '191531_P', bmType: 'Index', name: 'Broad market', summaries: [summary(name, performance)] },
    ];
    const { asks, pages } = await read(
      ({ periods }) => [entry(7068, false, [], { benchmarks: periods === 1 ? benchmark('MTD', 0.02) : benchmark('YTD', 0.12) })],
      { streams: 'benchmarks' },
    );
    expect(asks.map(({ returnStyle }) => returnStyle)).toEqual(['BenchmarkSummary', 'BenchmarkSummary']);
    const parts = pages.flatMap((page) => page.benchmarks ?? []);
    expect(parts.flatMap((part) => part.returns).map(({ externalId, rate }) => [externalId, rate])).toEqual([
      ['191531_P:ytd', '0.12'],
      ['191531_P:month:2025-06', '0.02'],
    ]);
    expect(parts.flatMap((part) => part.assignments)).toEqual([
      { accountExternalId: '7068', benchmarkExternalId: '191531_P', place: '/0/benchmarks/0' },
    ]);
    expect(pages.at(-1)).toMatchObject({ next: null, benchmarksFrom: '2025-06-30' });
  });
});
