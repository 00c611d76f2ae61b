import { describe, expect, it } from 'vitest';
import { excerpt } from '../../../main/connectors/excerpt.ts';
import { createOrion } from '../../../main/connectors/orion/connector.ts';
import { pullAll } from '../doubles/rig.ts';
import { asset, startOrion, type OrionFirm } from './orion-double.ts';

const lot = (id: number, over: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    id,
    assetId: 50020,
    accountId: 7068,
    productId: 911,
    asOfDate: '2025-06-30T00:00:00',
    acquiredDate: '2023-02-01T00:00:00',
    holdPeriodDate: '2023-02-01T00:00:00',
    longTermUnits: 60,
    shortTermUnits: 0,
    longTermCost: 5400,
    shortTermCost: 0,
    amortizationAmt: 0,
    isShort: false,
    isLongTerm: true,
    isInherited: false,
    isUnknown: false,
    navOfBuy: 90,
    ...over,
  });

async function read(lots: string[], settings: Readonly<Record<string, string>> = {}, firm: Partial<OrionFirm> = {}) {
  const rig = await startOrion({ assets: [asset(50020)], lots, ...firm }, { streams: 'transactions,tax_lots', ...settings });
  const pages = await pullAll(createOrion(rig.ports), rig.context);
  return {
    rig,
    pages,
    lots: pages.flatMap((page) => page.taxLots ?? []),
    quarantined: pages.flatMap((page) => page.quarantined),
  };
}

describe('Orion: tax lots', () => {
  it('reads a lot with its position, its dates, its cost and the place of its bytes', async () => {
    const { lots, pages } = await read([lot(88_100_200_300)]);
    expect(lots).toEqual([
      {
        externalId: '88100200300',
        positionExternalId: '50020',
        accountExternalId: '7068',
        securityExternalId: '911',
        acquiredOn: '2023-02-01',
        heldFrom: '2023-02-01',
        term: 'long',
        quantity: '60',
        costBasis: '5400',
        marketValue: null,
        currency: null,
        asOf: '2025-06-30',
        place: '/0',
      },
    ]);
    const page = pages.find((p) => (p.taxLots?.length ?? 0) > 0);
    expect(await excerpt(page?.raw ?? new Uint8Array(), 'application/json', '/0')).toBe(lot(88_100_200_300));
  });

  it('takes a lot of both terms for two, so that their units, costs and gains stay apart', async () => {
    const { lots } = await read([lot(1, { shortTermUnits: 2.5, shortTermCost: 300.01 })]);
    expect(lots.map((l) => [l.externalId, l.term, l.quantity, l.costBasis])).toEqual([
      ['1/long', 'long', '60', '5400'],
      ['1/short', 'short', '2.5', '300.01'],
    ]);
  });

  it.each([
    ['a short lot, units sent as a magnitude', { isShort: true, isLongTerm: false }, { quantity: '-60' }],
    ['a short lot, units sent with their sign', { isShort: true, longTermUnits: -60 }, { quantity: '-60' }],
    ['a cost nobody knows', { isUnknown: true, longTermCost: 0 }, { costBasis: null }],
    ['a cost of nothing', { longTermCost: 0 }, { costBasis: '0' }],
    ['an empty date', { acquiredDate: '0001-01-01T00:00:00-06:00', holdPeriodDate: null }, { acquiredOn: null, heldFrom: null }],
    [
      'an inherited lot, whose term does not count from a day',
      { isInherited: true },
      { acquiredOn: '2023-02-01', heldFrom: null },
    ],
    ['a holding period that began earlier', { holdPeriodDate: '2020-05-04T00:00:00' }, { heldFrom: '2020-05-04' }],
  ])('%s', async (_what, over, expected) => {
    const { lots } = await read([lot(1, over)]);
    expect(lots).toMatchObject([expected]);
  });

  it('keeps every digit, and sets aside what is not clear', async () => {
    const { lots, quarantined } = await read([
      lot(1).replace('5400', '15251234567890123.4567'),
      lot(2, { longTermUnits: -60 }),
      lot(3, { acquiredDate: 'yesterday' }),
      lot(4, { longTermUnits: '60' }),
      lot(5, { asOfDate: 'today' }),
      lot(1),
      lot(6, { longTermUnits: 0, longTermCost: 0 }),
    ]);
    expect(lots.map((l) => [l.externalId, l.costBasis])).toEqual([['1', '15251234567890123.4567']]);
    expect(quarantined.map((q) => [q.externalId, q.path])).toEqual([
      ['2', 'isShort'],
      ['3', 'acquiredDate'],
      ['4', 'longTermUnits'],
      ['5', 'asOfDate'],
      ['1', 'id'],
    ]);
  });

  it('does not ask where the connection leaves lots out, and says nothing of them then', async () => {
    const { rig, pages } = await read([lot(1)], { streams: 'transactions' });
    expect(rig.double.seen.filter((request) => request.path.endsWith('/OrionUnrealized'))).toEqual([]);
    expect(pages.some((page) => 'taxLots' in page)).toBe(false);
  });

  it('resumes behind the page that was staged last, then goes on to transactions', async () => {
    const rig = await startOrion(
      { assets: [asset(50020)], lots: [1, 2, 3].map((id) => lot(id)) },
      { transactionDays: '60', pageSize: '2', streams: 'transactions,tax_lots' },
    );
    const connector = createOrion(rig.ports);
    const pages = await pullAll(connector, rig.context);
    expect(pages.flatMap((page) => page.taxLots ?? []).map((l) => l.externalId)).toEqual(['1', '2', '3']);
    const at = pages.findIndex((page) => page.taxLots);
    const rest = await pullAll(connector, rig.context, pages[at]?.next ?? null);
    expect(rest.flatMap((page) => page.taxLots ?? []).map((l) => l.externalId)).toEqual(['3']);
    expect(rest.flatMap((page) => page.holdings)).toEqual([]);
    expect(rest.at(-1)).toMatchObject({ next: null, transactionsFrom: '2025-05-02' });
  });

  it('reads positions and transactions all the same where the user may not read lots, and says so', async () => {
    const { pages, quarantined } = await read(
      [],
      { transactionDays: '60' },
      {
        interfere: (seen) => (seen.path.toLowerCase().endsWith('/orionunrealized') ? { status: 403 } : undefined),
      },
    );
    expect(pages.flatMap((page) => page.holdings)).toHaveLength(1);
    // Nothing was listed, so nothing may be taken for gone.
    expect(pages.some((page) => 'taxLots' in page)).toBe(false);
    expect(pages.at(-1)).toMatchObject({ next: null, transactionsFrom: '2025-05-02' });
    expect(quarantined).toMatchObject([
      {
        path: 'tax lots',
        reason: expect.stringMatching(/^Orion does not let this user read tax lots, so none were read\./) as string,
      },
    ]);
  });
});
