import { describe, expect, test } from 'vitest';
import type { HandlerInput } from '../../shared/contract/index.ts';
import { calendarDate } from '../../shared/model/date.ts';
import { dec } from '../../shared/model/decimal.ts';
import type { TaxLotRecord } from '../../main/connectors/connector.ts';
import { taxLotReads } from '../../main/api/tax-lot-reads.ts';
import { gridRequest } from '../../shared/contract/grid.ts';
import { TAX_LOT_COLUMNS } from '../../shared/contract/tax-lots.ts';
import { testBook, type SyncBook } from './sync-book.ts';

const lot = (externalId: string, more: Partial<Record<keyof TaxLotRecord, string | null>> = {}): TaxLotRecord =>
  ({
    externalId,
    positionExternalId: 'Birch/Alder',
    accountExternalId: 'acc-Birch',
    securityExternalId: 'sec-Alder',
    acquiredOn: calendarDate('2023-02-01'),
    heldFrom: calendarDate('2023-02-01'),
    term: 'long',
    quantity: dec('60'),
    costBasis: dec('5400'),
    marketValue: null,
    currency: null,
    asOf: calendarDate('2026-11-20'),
    place: '/0',
    ...more,
  }) as TaxLotRecord;

const POSITION = { quantity: '100', price: '152.51', marketValue: '15251', costBasis: '9400.25' };
/** 60 + 40 = 100 units, 5,400 + 4,000.25 = 9,400.25. */
const WHOLE = [
  lot('l1'),
  lot('l2', { quantity: '40', costBasis: '4000.25', term: 'short', acquiredOn: '2026-03-02', heldFrom: '2026-03-02' }),
];

const stored = ({ db }: SyncBook): unknown =>
  db.prepare('SELECT external_id, quantity, cost_basis, valid_from_op, valid_to_op FROM source_tax_lots ORDER BY id').raw().all();
const listed = ({ db }: SyncBook, request: Partial<HandlerInput<'taxLots.page'>> = {}) =>
  taxLotReads['taxLots.page'](db, { ...gridRequest(TAX_LOT_COLUMNS).parse({}), ...request });
const ofHolding = (book: SyncBook) => taxLotReads['taxLots.ofHolding'](book.db, { id: String(book.holdingId()) }).sources;

describe('tax lots of a pass', () => {
  test('are versioned like everything else: unchanged ones write nothing, not even on a later day', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [POSITION], { taxLots: WHOLE });
    book.pass(orion, [POSITION], { taxLots: WHOLE.map((l) => ({ ...l, asOf: calendarDate('2026-11-21') })) });
    expect(stored(book)).toEqual([
      ['l1', '60', '5400', 1, null],
      ['l2', '40', '4000.25', 1, null],
    ]);
    book.pass(orion, [POSITION], { taxLots: [lot('l1', { costBasis: '5500' })] });
    expect(stored(book)).toEqual([
      ['l1', '60', '5400', 1, 3],
      ['l2', '40', '4000.25', 1, 3],
      ['l1', '60', '5500', 3, null],
    ]);
  });

  test('stay where a pass did not ask for lots, and end where it asked and there are none', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [POSITION], { taxLots: WHOLE });
    book.pass(orion, [POSITION]);
    expect(listed(book).total).toBe(2);
    book.pass(orion, [POSITION], { taxLots: [] });
    expect(listed(book).total).toBe(0);
  });

  test('stop the pass when more than a fifth would be gone, unless a person accepted that', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    const all = Array.from({ length: 40 }, (_, i) => lot(`l${i}`));
    book.pass(orion, [POSITION], { taxLots: all });
    const operation = book.stage(orion, [POSITION], { taxLots: all.slice(0, 29) });
    expect(() => book.merge(operation)).toThrow('would remove 11 of 40 tax lots');
    expect(listed(book).total).toBe(40);
  });
});

describe('what the book makes of tax lots', () => {
  test('value and gain follow exactly from the source’s own price, in total and by term', () => {
    const book = testBook();
    book.pass(book.connection('Orion', 1), [POSITION], { taxLots: WHOLE });
    const { rows, totals, differing } = listed(book);
    // 60 x 152.51 = 9,150.60; less 5,400 = 3,750.60. 40 x 152.51 = 6,100.40; less 4,000.25 = 2,100.15.
    expect(rows.map((row) => [row.acquiredOn, row.unitCost, row.value, row.gain, row.currency, row.sum])).toEqual([
      ['2026-03-02', '100.00625', '6100.4', '2100.15', 'USD', 'agrees'],
      ['2023-02-01', '90', '9150.6', '3750.6', 'USD', 'agrees'],
    ]);
    // 2,100.15 + 3,750.60 = 5,850.75 = 15,251 - 9,400.25.
    expect(totals).toEqual([
      {
        currency: 'USD',
        cost: '9400.25',
        gain: '5850.75',
        shortTermGain: '2100.15',
        longTermGain: '3750.6',
        lots: 2,
        unvalued: 0,
        sources: 1,
      },
    ]);
    expect(differing).toBe(0);
  });

  test('a bond is worth its face by its price of a hundred, and costs per unit what compares with that price', () => {
    const book = testBook();
    book.pass(book.connection('Orion', 1), [{ quantity: '5000', price: '98.5', marketValue: '4925', costBasis: '4900' }], {
      securities: [{ name: 'Alder', type: 'bond', multiplier: dec('0.01') }],
      taxLots: [lot('l1', { quantity: '5000', costBasis: '4900' })],
    });
    // 5,000 x 98.5 x 0.01 = 4,925; 4,900 / (5,000 x 0.01) = 98.
    expect(listed(book).rows).toMatchObject([{ value: '4925', unitCost: '98', gain: '25', sum: 'agrees' }]);
  });

  test.each([
    ['a lot is missing', [lot('l1')], { quantityDifference: '-40', costDifference: '-4000.25' }],
    [
      'a lot costs another amount',
      [lot('l1', { costBasis: '5400.02' }), ...WHOLE.slice(1)],
      { quantityDifference: '0', costDifference: '0.02' },
    ],
  ])('where %s, the sum differs from the source’s own position by that much', (_what, taxLots, expected) => {
    const book = testBook();
    book.pass(book.connection('Orion', 1), [POSITION], { taxLots });
    expect(ofHolding(book)).toMatchObject([{ source: 'Orion', sum: 'differs', ...expected }]);
    expect(listed(book).differing).toBe(1);
    expect(listed(book, { filters: [{ column: 'sum', operator: 'is', value: 'differs' }] }).total).toBe(taxLots.length);
    expect(listed(book, { filters: [{ column: 'sum', operator: 'is', value: 'agrees' }] }).total).toBe(0);
  });

  test('a cent between the costs is rounding, and a cost nobody knows is not compared', () => {
    const cent = testBook();
    cent.pass(cent.connection('Orion', 1), [POSITION], { taxLots: [lot('l1', { costBasis: '5400.01' }), ...WHOLE.slice(1)] });
    expect(ofHolding(cent)).toMatchObject([{ sum: 'agrees', costDifference: '0.01' }]);
    const unknown = testBook();
    unknown.pass(unknown.connection('Orion', 1), [POSITION], { taxLots: [lot('l1', { costBasis: null }), ...WHOLE.slice(1)] });
    expect(ofHolding(unknown)).toMatchObject([
      { sum: 'agrees', costDifference: null, total: { cost: null, gain: null, value: '15251' }, shortTerm: { gain: '2100.15' } },
    ]);
    expect(listed(unknown).totals).toMatchObject([{ gain: '2100.15', unvalued: 1 }]);
  });

  test('lots without a position of their source are told apart, and so is a position whose lots are not listed', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [POSITION, { ...POSITION, security: 'Oak' }], {
      taxLots: [...WHOLE, lot('l3', { positionExternalId: 'gone' })],
    });
    expect(ofHolding(book).map((source) => [source.sum, source.total.quantity])).toEqual([
      ['agrees', '100'],
      ['no_position', '60'],
    ]);
    const oak = taxLotReads['taxLots.ofHolding'](book.db, { id: String(book.holdingId('Birch', 'Oak')) });
    expect(oak.sources).toMatchObject([{ sum: 'no_lots', position: { quantity: '100' }, lots: [] }]);
  });

  test('two sources stand side by side, in the order of their rank', () => {
    const book = testBook();
    const [second, first] = [book.connection('Willow', 2), book.connection('Cedar', 1)];
    book.pass(second, [POSITION], { taxLots: WHOLE });
    book.pass(first, [POSITION], { taxLots: WHOLE.slice(0, 1) });
    expect(ofHolding(book).map((source) => [source.source, source.sum, source.total.lots])).toEqual([
      ['Cedar', 'differs', 1],
      ['Willow', 'agrees', 2],
    ]);
  });

  test.each([
    ['long after a year and a day', { term: 'long', heldFrom: '2025-11-19' }, false],
    ['long after a year to the day', { term: 'long', heldFrom: '2025-11-20' }, true],
    ['short after more than a year', { term: 'short', heldFrom: '2023-02-01' }, true],
    ['long where the holding period is not counted', { term: 'long', heldFrom: null }, false],
  ])('a term that is %s on 20 November 2026: doubtful %#', (_what, over, doubtful) => {
    const book = testBook();
    book.pass(book.connection('Orion', 1), [POSITION], { taxLots: [lot('l1', over)] });
    expect(listed(book).rows).toMatchObject([{ termDoubtful: doubtful }]);
  });

  test('a short lot gains as its value falls, and nothing is worked out where its cost has the sign of a long one', () => {
    const book = testBook();
    const short = { quantity: '-10', price: '90', marketValue: '-900', costBasis: '-1000' };
    book.pass(book.connection('Orion', 1), [short], { taxLots: [lot('l1', { quantity: '-10', costBasis: '-1000' })] });
    // -10 x 90 = -900; -900 - -1,000 = 100.
    expect(listed(book).rows).toMatchObject([{ value: '-900', gain: '100', sum: 'agrees', unitCost: '100' }]);
    book.pass(1, [short], { taxLots: [lot('l1', { quantity: '-10', costBasis: '1000' })] });
    expect(listed(book).rows).toMatchObject([{ value: '-900', gain: null, sum: 'differs' }]);
  });

  test('nothing is worked out of a position whose own value is not near its quantity by its price', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    // 100 x 152.51 = 15,251, and the source says a hundred times that; then 30,502 is just twice it, and 30,502.01 is more.
    const gainAt = (marketValue: string) => {
      book.pass(orion, [{ ...POSITION, marketValue }], { taxLots: WHOLE });
      return listed(book).rows.map((row) => [row.value, row.gain]);
    };
    expect(gainAt('1525100')).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(gainAt('30502')).toEqual([
      ['6100.4', '2100.15'],
      ['9150.6', '3750.6'],
    ]);
    expect(gainAt('30502.01').flat()).toEqual([null, null, null, null]);
    expect(gainAt('-15251').flat()).toEqual([null, null, null, null]);
  });

  test('a value the source states goes before one that is worked out', () => {
    const book = testBook();
    book.pass(book.connection('Orion', 1), [POSITION], { taxLots: [lot('l1', { marketValue: '9000' })] });
    expect(listed(book).rows).toMatchObject([{ value: '9000', gain: '3600' }]);
  });

  test('lists sort and filter exactly by what is worked out, and find lots by words', () => {
    const book = testBook();
    book.pass(book.connection('Orion', 1), [POSITION], { taxLots: WHOLE });
    const by = (direction: 'asc' | 'desc') => listed(book, { sort: [{ column: 'gain', direction }] }).rows.map((row) => row.gain);
    expect(by('asc')).toEqual(['2100.15', '3750.6']);
    expect(by('desc')).toEqual(['3750.6', '2100.15']);
    expect(listed(book, { filters: [{ column: 'gain', operator: 'atLeast', value: '2100.16' }] }).total).toBe(1);
    expect(listed(book, { filters: [{ column: 'value', operator: 'is', value: '6100.4' }] }).total).toBe(1);
    expect(listed(book, { search: 'birch alder' }).total).toBe(2);
    expect(listed(book, { search: 'cedar' }).total).toBe(0);
  });

  test('one lot tells where it came from, which position it is a part of, and what it was before', () => {
    const book = testBook();
    const orion = book.connection('Orion', 1);
    book.pass(orion, [POSITION], { taxLots: [lot('l1')] });
    book.pass(orion, [POSITION], { taxLots: [lot('l1', { costBasis: '5500' })] });
    const [row] = listed(book).rows;
    expect(taxLotReads['taxLots.get'](book.db, { id: row?.id ?? '' })).toMatchObject({
      externalId: 'l1',
      holdingId: String(book.holdingId()),
      current: true,
      row: { cost: '5500' },
      versions: [{ row: { cost: '5400' }, operationId: '1' }],
    });
    expect(taxLotReads['taxLots.get'](book.db, { id: '1' })).toMatchObject({ current: false, versions: [] });
  });
});
