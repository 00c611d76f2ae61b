import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyStrategy, type Choice, type SourceSay, type StrategyInput } from '../../main/core/strategy.ts';
import { conflictSize, severityOf } from '../../main/core/conflict-size.ts';
import { DEFAULT_TOLERANCES, valueTolerances } from '../../main/core/tolerance.ts';
import { cmp, dec, type Dec } from '../../shared/model/decimal.ts';
import { CONFLICT_FIELDS, STRATEGIES, type ConflictField } from '../../shared/model/holding.ts';

const say = (connectionId: number, value: string | null, more: Partial<SourceSay> = {}): SourceSay => ({
  connectionId,
  name: `Platform ${connectionId}`,
  rank: connectionId,
  value,
  asOf: '2026-11-20',
  modifiedAt: `2026-11-20T0${connectionId}:00:00.000Z`,
  ...more,
});
const input = (field: ConflictField, sources: readonly SourceSay[], more: Partial<StrategyInput> = {}): StrategyInput => ({
  field,
  clearway: '100',
  sources,
  tolerance: field === 'presence' ? null : valueTolerances(DEFAULT_TOLERANCES)[field],
  quantity: dec('3'),
  price: dec('10.5'),
  multiplier: dec('1'),
  ...more,
});
const apply = (choice: Choice, i: StrategyInput): string => {
  const outcome = applyStrategy(choice, i);
  return outcome.kind === 'settle'
    ? `= ${outcome.value}`
    : outcome.kind === 'refuse'
      ? `refused: ${outcome.reason}`
      : outcome.kind;
};

describe('CLEARWAY_WINS', () => {
  it('keeps what Clearway has, and is refused when it has nothing', () => {
    expect(apply({ strategy: 'CLEARWAY_WINS' }, input('price', [say(1, '9')]))).toBe('= 100');
    expect(apply({ strategy: 'CLEARWAY_WINS' }, input('price', [say(1, '9')], { clearway: null }))).toBe(
      'refused: Clearway has no value for this field',
    );
  });
});

describe('PLATFORM_WINS', () => {
  const choice = (connectionId?: number): Choice => ({
    strategy: 'PLATFORM_WINS',
    ...(connectionId === undefined ? {} : { connectionId }),
  });
  it('takes the named platform’s value, else the best ranked one that states it', () => {
    const sources = [say(2, '8'), say(1, null), say(3, '7')];
    expect(apply(choice(3), input('price', sources))).toBe('= 7');
    expect(apply(choice(), input('price', sources))).toBe('= 8');
  });
  it('is refused when the platform does not report or state it', () => {
    expect(apply(choice(9), input('price', [say(1, '9')]))).toBe('refused: The chosen platform does not report this position');
    expect(apply(choice(1), input('price', [say(1, null)]))).toBe('refused: Platform 1 gives no value for this field');
    expect(apply(choice(), input('price', [say(1, null)]))).toBe('refused: No platform gives a value for this field');
  });
});

describe('MERGE', () => {
  const merge: Choice = { strategy: 'MERGE' };

  it('quantity: what more than half of at least three share, told as the best ranked of them tells it', () => {
    expect(apply(merge, input('quantity', [say(1, '5'), say(2, '7'), say(3, '5.0001')]))).toBe('= 5'); // 0.0001 <= 0.0001, two of three
    expect(apply(merge, input('quantity', [say(1, '5'), say(2, '7'), say(3, '9')]))).toBe(
      'refused: No quantity is shared by a majority of the platforms',
    );
    expect(apply(merge, input('quantity', [say(1, '5'), say(2, '5'), say(3, '6'), say(4, '6')]))).toBe(
      'refused: No quantity is shared by a majority of the platforms',
    ); // two of four are not more than half
    expect(apply(merge, input('quantity', [say(1, '5'), say(2, '5'), say(3, null)]))).toBe(
      'refused: Fewer than three platforms report the quantity',
    );
  });

  it('price: the mean of the freshest date when they agree, with as many decimals as they have, ties to even', () => {
    expect(apply(merge, input('price', [say(1, '10.01'), say(2, '10.012')]))).toBe('= 10.011'); // (10.01 + 10.012) / 2
    expect(apply(merge, input('price', [say(1, '10.00'), say(2, '10.005'), say(3, '9', { asOf: '2026-11-19' })]))).toBe(
      '= 10.002',
    ); // 20.005 / 2 = 10.0025
  });

  it('price: else the one that was changed last, when all say when', () => {
    expect(apply(merge, input('price', [say(1, '10'), say(2, '11')]))).toBe('= 11');
    expect(apply(merge, input('price', [say(1, '10'), say(2, '11', { modifiedAt: null })]))).toMatch(
      /^refused: The prices differ/,
    );
    expect(apply(merge, input('price', [say(1, '10', { modifiedAt: '2026-11-20T02:00:00.000Z' }), say(2, '11')]))).toMatch(
      /^refused: The prices differ/,
    );
    expect(apply(merge, input('price', [say(1, null)]))).toBe('refused: No platform gives a dated price');
  });

  it('market value: recomputed from quantity, price and multiplier, to cents, ties to even', () => {
    expect(apply(merge, input('marketValue', [say(1, '1')]))).toBe('= 31.5'); // 3 x 10.5
    expect(
      apply(merge, input('marketValue', [], { quantity: dec('-100000'), price: dec('99.5'), multiplier: dec('0.01') })),
    ).toBe('= -99500'); // -100000 x 99.5 x 0.01
    expect(apply(merge, input('marketValue', [], { quantity: dec('1'), price: dec('0.125') }))).toBe('= 0.12'); // 0.125 to even
    expect(apply(merge, input('marketValue', [], { price: null }))).toBe(
      'refused: Market value needs a quantity and a price to be recomputed',
    );
  });

  it('cost basis and presence: never', () => {
    expect(apply(merge, input('costBasis', [say(1, '1'), say(2, '1'), say(3, '1')]))).toBe(
      'refused: No source with tax lots reports this position',
    );
    expect(apply(merge, input('presence', [say(1, 'held'), say(2, 'held'), say(3, 'held')]))).toBe(
      'refused: Merging never invents or removes a position',
    );
  });

  const price = fc
    .tuple(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 4 }))
    .map(([units, scale]) => dec(`${units}e-${scale}`));
  const sources = fc.array(
    fc.record({
      value: price,
      date: fc.constantFrom('2026-11-19', '2026-11-20'),
      hour: fc.option(fc.integer({ min: 10, max: 23 }), { nil: null }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  it('price: never leaves the range of what the platforms say', () => {
    fc.assert(
      fc.property(sources, (list) => {
        const says = list.map((s, i) =>
          say(i + 1, s.value, { asOf: s.date, modifiedAt: s.hour === null ? null : `2026-11-20T${s.hour}:00:00.000Z` }),
        );
        const outcome = applyStrategy(merge, input('price', says));
        if (outcome.kind !== 'settle') return;
        const sorted = list.map((s) => s.value).toSorted(cmp);
        expect(cmp(outcome.value as Dec, sorted[0] as Dec)).toBeGreaterThanOrEqual(0);
        expect(cmp(outcome.value as Dec, sorted.at(-1) as Dec)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('TIMESTAMP', () => {
  const choice: Choice = { strategy: 'TIMESTAMP' };
  it('takes what was changed last', () => {
    expect(apply(choice, input('quantity', [say(1, '5'), say(3, '7'), say(2, '6')]))).toBe('= 7');
    expect(apply(choice, input('quantity', [say(1, '5'), say(2, null, { modifiedAt: null })]))).toBe('= 5'); // who states nothing is not asked when
  });
  it('leaves it to a person when a time is missing, or the last ones differ at one moment', () => {
    expect(apply(choice, input('quantity', [say(1, '5', { modifiedAt: null }), say(2, '6')]))).toBe(
      'refused: Platform 1 gives no modification time',
    );
    expect(apply(choice, input('quantity', [say(1, '5', { modifiedAt: '2026-11-20T02:00:00.000Z' }), say(2, '6')]))).toBe(
      'refused: Two platforms changed it at the same moment',
    );
    expect(apply(choice, input('quantity', [say(1, '6', { modifiedAt: '2026-11-20T02:00:00.000Z' }), say(2, '6')]))).toBe('= 6');
    expect(apply(choice, input('quantity', [say(1, null)]))).toBe('refused: No platform reports this value');
    expect(apply(choice, input('presence', [say(1, 'held')]))).toBe('refused: A missing position has no modification time');
  });
});

describe('MANUAL_REVIEW', () => {
  const choice = (value?: string): Choice => ({ strategy: 'MANUAL_REVIEW', ...(value === undefined ? {} : { value }) });
  it('puts aside without a value, and settles on a typed one in canonical form', () => {
    expect(apply(choice(), input('price', [say(1, '9')]))).toBe('review');
    expect(apply(choice('0012.50'), input('price', []))).toBe('= 12.5');
    expect(apply(choice('-0'), input('price', []))).toBe('= 0');
    expect(apply(choice('twelve'), input('price', []))).toBe('refused: The value is not a number');
    expect(apply(choice('not_held'), input('presence', []))).toBe('= not_held');
    expect(apply(choice('12'), input('presence', []))).toBe('refused: Presence is either held or not held');
  });
});

it('no strategy ever settles on a value that nobody stated, typed or worked out', () => {
  const field = fc.constantFrom(...CONFLICT_FIELDS);
  const value = fc.option(fc.constantFrom('held', 'not_held', '10', '11'), { nil: null });
  fc.assert(
    fc.property(
      field,
      fc.constantFrom(...STRATEGIES),
      fc.array(value, { maxLength: 4 }),
      value,
      (f, strategy, list, clearway) => {
        const fits = (v: string | null): boolean => v === null || (f === 'presence') === v.includes('held');
        if (![...list, clearway].every(fits)) return;
        const outcome = applyStrategy(
          { strategy },
          input(
            f,
            list.map((v, i) => say(i + 1, v)),
            { clearway },
          ),
        );
        if (outcome.kind !== 'settle' || (strategy === 'MERGE' && f !== 'quantity')) return;
        expect([...list, clearway]).toContain(outcome.value);
      },
    ),
  );
});

describe('the size of a conflict', () => {
  const size = (field: ConflictField, clearway: string | null, sources: (string | null)[], more: object = {}) =>
    conflictSize({
      field,
      clearway,
      sources,
      quantity: dec('100'),
      price: dec('10'),
      marketValue: dec('-1234.567'),
      multiplier: dec('1'),
      ...more,
    });

  it.each([
    ['quantity: the widest distance times the price', size('quantity', '100', ['101', '97', null]), '3', '0.03', '30'], // |97 - 100| = 3; 3/100; 3 x 10
    ['price: the distance times the quantity', size('price', '10', ['10.5']), '0.5', '0.05', '50'], // 0.5/10; 0.5 x 100
    [
      'price of a bond: times the multiplier',
      size('price', '99', ['101'], { quantity: dec('100000'), multiplier: dec('0.01') }),
      '2',
      '0.020202',
      '2000',
    ], // 2/99; 2 x 100000 x 0.01
    ['a short position is worth as much', size('price', '10', ['12'], { quantity: dec('-100') }), '2', '0.2', '200'], // 2/10; 2 x 100
    ['market value: the distance itself, to cents', size('marketValue', '-10', ['-10.005']), '0.005', '0.0005', '0'], // 0.005 to even cents
    ['nothing to compare with', size('price', null, ['12']), null, null, null],
    ['nothing to divide by', size('quantity', '0', ['5']), '5', null, '50'], // 5 x 10
    ['presence: the whole position', size('presence', 'held', ['not_held']), null, null, '1234.57'], // 1234.567 to cents
  ])('%s', (_name, found, difference, percent, impact) => {
    expect([found.difference, found.differencePercent, found.impact]).toEqual([difference, percent, impact]);
  });

  it.each([
    ['100000', 0],
    ['99999.99', 1],
    ['10000', 1],
    ['9999.99', 2],
    ['500', 2],
    ['499.99', 3],
    ['0', 3],
    ['-100000', 0],
    [null, 2],
  ] as const)('an impact of %s has severity %i', (impact, severity) => {
    expect(severityOf(impact === null ? null : dec(impact))).toBe(severity);
  });
});
