import { describe, expect, it } from 'vitest';
import { dec } from '../../../shared/model/decimal.ts';
import { firstDifference } from '../../../renderer/components/diff-amount.tsx';
import { sideBySideRows } from '../../../renderer/features/conflicts/side-by-side-rows.ts';
import type { ConflictDetail } from '../../../renderer/features/conflicts/decision.ts';
import { DESK_ANSWERS } from '../fixture/desk.ts';

const detail = (id: string): ConflictDetail => {
  const answer = DESK_ANSWERS['conflicts.get'];
  if (!answer) throw new Error('The fixture answers conflicts.get');
  return answer({ id });
};

/** A conflict about quantity with the given source values, Clearway at 100. */
const withSources = (values: readonly (readonly [id: string, value: string | null, base: string | null])[]): ConflictDetail => {
  const one = detail('k13');
  const [field, ...rest] = one.fields;
  const [source] = field?.sources ?? [];
  if (!field || !source) throw new Error('k13 has a source');
  const sources = values.map(([connectionId, value, base]) => ({
    ...source,
    connectionId,
    connectionName: `Source ${connectionId}`,
    value: value === null ? null : dec(value),
    base: base === null ? null : dec(base),
    held: value !== null,
    difference: value === null ? null : dec(String(Number(value) - 100)),
    differencePercent: value === null ? null : dec(String((Number(value) - 100) / 100)),
  }));
  return { ...one, fields: [{ ...field, clearway: dec('100'), sources }, ...rest] };
};

describe('the table beside each other', () => {
  it('puts the field in conflict first, then what differs, and folds what agrees', () => {
    const { shown, agreeing } = sideBySideRows(detail('k13'));
    // Quantity is in conflict; market value differs with it; price and cost basis agree.
    expect(shown.map((row) => [row.field, row.inConflict])).toEqual([
      ['quantity', true],
      ['marketValue', false],
    ]);
    expect(agreeing.map((row) => row.field)).toEqual(['price', 'costBasis']);
  });

  it('puts whether the position is held in front, from who reports it', () => {
    // k3: Clearway holds the position, the source does not report it.
    const { shown } = sideBySideRows(detail('k3'));
    expect(shown[0]).toMatchObject({ field: 'presence', inConflict: true, clearway: 'held' });
    expect(shown[0]?.sources.map((source) => source.value)).toContain('not_held');
  });

  it('measures the source that is furthest away, in either direction, and names it among several', () => {
    const { shown } = sideBySideRows(
      withSources([
        ['c1', '103', '98'],
        ['c2', '95', '98'],
        ['c3', '100', '98'],
      ]),
    );
    // |95 - 100| = 5 is more than |103 - 100| = 3.
    expect(shown[0]?.difference).toEqual({ amount: '-5', percent: '-0.05', of: 'Source c2' });
  });

  it('names nobody when one source reports the field', () => {
    const { shown } = sideBySideRows(
      withSources([
        ['c1', '103', '98'],
        ['c2', null, null],
      ]),
    );
    expect(shown[0]?.difference).toEqual({ amount: '3', percent: '0.03', of: null });
  });

  it('shows one base when all sources share it, else whose is whose', () => {
    expect(
      sideBySideRows(
        withSources([
          ['c1', '103', '98'],
          ['c2', '95', '98'],
        ]),
      ).shown[0]?.bases,
    ).toEqual([{ value: '98', of: [] }]);
    expect(
      sideBySideRows(
        withSources([
          ['c1', '103', '98'],
          ['c2', '95', '97'],
          ['c3', '100', '98'],
        ]),
      ).shown[0]?.bases,
    ).toEqual([
      { value: '98', of: ['Source c1', 'Source c3'] },
      { value: '97', of: ['Source c2'] },
    ]);
  });
});

describe('differing digits', () => {
  it('begin at the first digit that differs, compared at the same place', () => {
    expect(firstDifference('1,796,650.09', '1,727,548.16')).toBe('1,7'.length);
    expect(firstDifference('130.24', '130.24')).toBeNull();
    expect(firstDifference('2,150', '215,000')).toBe(0);
    expect(firstDifference('9.567', '9')).toBe(1);
  });
});
