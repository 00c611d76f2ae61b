import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { threeWay, type FieldValue, type ThreeWayInput } from '../../main/core/three-way.ts';
import { withinTolerance } from '../../main/core/tolerance.ts';
import { dec, type Dec } from '../../shared/model/decimal.ts';

const TOLERANCE = { absolute: dec('0.01'), relative: dec('0') };
const equal = (a: string, b: string): boolean => withinTolerance(a as Dec, b as Dec, TOLERANCE);
const judge = (base: FieldValue, clearway: FieldValue, source: FieldValue, more: Partial<ThreeWayInput> = {}) =>
  threeWay({ base, clearway, source, byPerson: false, olderThanSource: false, equal, ...more });

describe('the three-way rule, row by row', () => {
  it.each([
    ['same, same', '10', '10', '10', 'same'],
    ['same, changed', '10', '10', '11', 'adopt'],
    ['changed, same', '10', '12', '10', 'keep'],
    ['changed, changed, equal', '10', '12', '12', 'agree'],
    ['changed, changed, equal within tolerance', '10', '12', '12.01', 'agree'], // 0.01 <= 0.01
    ['changed, changed, different', '10', '12', '12.02', 'conflict'], // 0.02 > 0.01
    ['no base, Clearway has none', null, null, '10', 'adopt'],
    ['no base, both have one, equal within tolerance', null, '10', '10.01', 'agree'],
    ['no base, both have one, different', null, '10', '10.02', 'no_base'],
    ['nobody says anything', null, null, null, 'same'],
    ['the source says nothing', '10', '10', null, 'keep'],
    ['the source says nothing and never agreed', null, '10', null, 'keep'],
    ['Clearway lost the value that both had', '10', null, '11', 'adopt'],
    ['Clearway within tolerance of the base counts as there', '10', '10.01', '11', 'adopt'], // 0.01 <= 0.01
  ] as const)('%s', (_row, base, clearway, source, result) => {
    expect(judge(base, clearway, source)).toBe(result);
  });

  it.each([
    ['a person’s value within tolerance of the base has changed', '10', '10.01', '11', 'conflict'],
    ['a person’s value exactly at the base has not', '10', '10', '11', 'adopt'],
    ['a person’s value is kept while the source stands', '10', '10.01', '10', 'keep'],
    ['a person’s removal of a value is a decision', '10', null, '11', 'conflict'],
    ['a person’s value without a base', null, '10', '11', 'no_base'],
  ] as const)('%s', (_row, base, clearway, source, result) => {
    expect(judge(base, clearway, source, { byPerson: true })).toBe(result);
    expect(judge(base, clearway, source, { byPerson: true, olderThanSource: true })).toBe(result);
  });

  it('lets a synced value of an earlier date give way to a newer one', () => {
    expect(judge('10', '12', '13', { olderThanSource: true })).toBe('adopt');
    expect(judge('10', '12', '13', { olderThanSource: false })).toBe('conflict');
  });
});

describe('the three-way rule, always', () => {
  const value = fc.option(fc.constantFrom('9.99', '10', '10.01', '10.02', '11', '12', '-10', '0'), { nil: null });
  const input = fc.record({ base: value, clearway: value, source: value, byPerson: fc.boolean(), olderThanSource: fc.boolean() });

  it('never changes anything for a source that says nothing', () => {
    fc.assert(fc.property(input, (i) => ['same', 'keep'].includes(threeWay({ ...i, source: null, equal }))));
  });

  it('never adopts over a person’s value unless it stands exactly at the base', () => {
    fc.assert(
      fc.property(input, (i) => {
        if (i.clearway !== null && i.clearway !== i.base) expect(threeWay({ ...i, byPerson: true, equal })).not.toBe('adopt');
      }),
    );
  });

  it('adopts only what the source says and only when it moved or Clearway has nothing', () => {
    fc.assert(
      fc.property(input, (i) => {
        if (threeWay({ ...i, equal }) !== 'adopt') return;
        expect(i.source).not.toBeNull();
        expect(i.source !== i.base || i.clearway === null).toBe(true);
      }),
    );
  });

  it('does not depend on which side of the tolerance comparison a value stands', () => {
    fc.assert(
      fc.property(input, (i) => {
        expect(threeWay({ ...i, equal: (a, b) => equal(b, a) })).toBe(threeWay({ ...i, equal }));
      }),
    );
  });
});
