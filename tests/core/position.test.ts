import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  equalWithin,
  judgeFields,
  type FieldsInput,
  type FieldVerdict,
  type PositionValues,
  type SourceView,
} from '../../main/core/position.ts';
import { inCurrency, signatureOf, summed } from '../../main/core/source-record.ts';
import { DEFAULT_TOLERANCES } from '../../main/core/tolerance.ts';
import { dec, type Dec } from '../../shared/model/decimal.ts';
import { HOLDING_FIELDS, type HoldingField } from '../../shared/model/holding.ts';

const NOTHING: PositionValues = { quantity: null, price: null, marketValue: null, costBasis: null };
const source = (
  connectionId: number,
  rank: number,
  values: Partial<PositionValues>,
  asOf = '2026-11-20',
): SourceView<HoldingField> => ({
  connectionId,
  rank,
  asOf,
  values: { ...NOTHING, ...values },
});
const judge = (
  input: Partial<FieldsInput<HoldingField>> & { source: SourceView<HoldingField> },
): Map<HoldingField, FieldVerdict<HoldingField>> =>
  new Map(
    judgeFields(HOLDING_FIELDS, {
      clearway: NOTHING,
      clearwayAsOf: '2026-11-20',
      byPerson: () => false,
      base: NOTHING,
      others: [],
      tolerances: DEFAULT_TOLERANCES,
      ...input,
    }).map((v) => [v.field, v]),
  );
const at = (price: string): Partial<PositionValues> => ({ price: dec(price) });
const values = (more: Partial<PositionValues>): PositionValues => ({ ...NOTHING, ...more });

describe('a source among others of the same date', () => {
  it('is adopted over worse ranked ones that differ, and a person hears of it', () => {
    const verdict = judge({ clearway: values(at('10')), source: source(1, 1, at('11')), others: [source(2, 2, at('10'))] }).get(
      'price',
    );
    expect(verdict).toEqual({ field: 'price', adopt: true, conflict: 'sources_disagree', settled: true });
  });

  it('is not adopted over a better ranked one that differs', () => {
    const verdict = judge({
      clearway: values(at('10')),
      base: values(at('10')),
      source: source(2, 2, at('11')),
      others: [source(1, 1, at('10'))],
    }).get('price');
    expect(verdict).toEqual({ field: 'price', adopt: false, conflict: 'sources_disagree', settled: false });
  });

  it('is not adopted over a person, whatever its rank', () => {
    const verdict = judge({
      clearway: values(at('15')),
      base: values(at('10')),
      byPerson: () => true,
      source: source(1, 1, at('11')),
      others: [source(2, 2, at('10'))],
    }).get('price');
    expect(verdict).toMatchObject({ adopt: false, conflict: 'both_changed', settled: false });
  });

  it('is not compared with one of another date or one that says nothing', () => {
    const others = [source(2, 1, at('10'), '2026-11-19'), source(3, 1, {})];
    expect(
      judge({ clearway: values(at('10')), base: values(at('10')), source: source(1, 2, at('11')), others }).get('price'),
    ).toEqual({
      field: 'price',
      adopt: true,
      conflict: null,
      settled: true,
    });
  });
});

describe('sources of one date, in any order of their reports', () => {
  // Clusters of values within tolerance of each other, far from the next cluster, so that agreeing is transitive.
  const VALUES: Readonly<Record<HoldingField, readonly string[]>> = {
    quantity: ['100', '100.00005', '120', '-5'],
    price: ['10', '10.003', '11', '0'],
    marketValue: ['1000', '1000.05', '1100'],
    costBasis: ['900', '900.08', '50'],
  };
  const report = fc.record(
    Object.fromEntries(
      HOLDING_FIELDS.map((f) => [f, fc.option(fc.constantFrom(...VALUES[f].map(dec)), { nil: null })]),
    ) as Record<HoldingField, fc.Arbitrary<Dec | null>>,
  );
  const ORDERS = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;

  /** The book after the reports: Clearway's values and the fields on which a source and Clearway or another source differ. */
  function apply(
    reports: readonly SourceView<HoldingField>[],
    order: readonly number[],
    opening: PositionValues,
  ): { clearway: PositionValues; open: HoldingField[] } {
    let clearway = { ...opening };
    let clearwayAsOf: string | null = '2026-11-19';
    const reported: SourceView<HoldingField>[] = [];
    const open = new Set<HoldingField>();
    for (const i of order) {
      const next = reports[i] as SourceView<HoldingField>;
      for (const verdict of judge({ clearway, clearwayAsOf, base: opening, source: next, others: reported }).values()) {
        if (verdict.adopt) clearway = { ...clearway, [verdict.field]: next.values[verdict.field] };
        if (verdict.conflict) open.add(verdict.field);
      }
      clearwayAsOf = next.asOf;
      reported.push(next);
    }
    const agrees = (f: HoldingField): boolean =>
      reported.every((s) => s.values[f] === null || equalWithin(f, DEFAULT_TOLERANCES)(clearway[f], s.values[f]));
    return { clearway, open: HOLDING_FIELDS.filter((f) => open.has(f) && !agrees(f)) };
  }

  it.each([
    ['a position new to the book', false],
    ['a position they had agreed on before', true],
  ])('leave the same values and the same open fields: %s', (_name, agreed) => {
    const opening: PositionValues = agreed
      ? { quantity: dec('100'), price: dec('10'), marketValue: dec('1000'), costBasis: null }
      : NOTHING;
    fc.assert(
      fc.property(fc.tuple(report, report, report), fc.shuffledSubarray([1, 2, 3], { minLength: 3 }), (reports, ranks) => {
        const views = reports.map((r, i) => source(i + 1, ranks[i] ?? 9, r));
        const outcomes = ORDERS.map((order) => apply(views, order, opening));
        for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
      }),
      { numRuns: 1000 },
    );
  });

  it('Clearway ends with the best ranked source that states the value', () => {
    fc.assert(
      fc.property(fc.tuple(report, report, report), fc.constantFrom(...ORDERS), (reports, order) => {
        const views = reports.map((r, i) => source(i + 1, i + 1, r));
        const { clearway } = apply(views, order, NOTHING);
        for (const f of HOLDING_FIELDS) expect(clearway[f]).toBe(reports.find((r) => r[f] !== null)?.[f] ?? null);
      }),
    );
  });
});

describe('records of one source', () => {
  it('add up in amounts and keep the first price', () => {
    const rows = [
      values({ quantity: dec('1.5'), price: dec('10'), marketValue: dec('15') }),
      values({ quantity: dec('2'), price: dec('11'), costBasis: dec('7') }),
    ];
    expect(summed(rows)).toEqual({ quantity: '3.5', price: '10', marketValue: '15', costBasis: '7' }); // 1.5 + 2 = 3.5
    expect(summed([])).toBeNull();
  });

  it('in another currency state a quantity and nothing else', () => {
    const row = { ...values({ quantity: dec('1'), price: dec('2'), marketValue: dec('2') }), currency: 'GBP' as string | null };
    expect(inCurrency(row, 'USD')).toEqual({ ...NOTHING, quantity: '1', currency: 'GBP' });
    expect(inCurrency({ ...row, currency: null }, 'USD').price).toBe('2');
  });

  it('have one signature in whatever order and of whatever date', () => {
    expect(
      signatureOf([
        [2, '11', '2026-11-20'],
        [10, null, null],
        [1, '10', '2026-11-20'],
      ]),
    ).toBe(
      signatureOf([
        [1, '10', '2026-11-19'],
        [10, null, '2026-11-20'],
        [2, '11', null],
      ]),
    );
    expect(signatureOf([[1, '10', null]])).not.toBe(signatureOf([[1, '11', null]]));
  });
});
