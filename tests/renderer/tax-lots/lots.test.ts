import { describe, expect, test } from 'vitest';
import { sumSentence, termSentence, type SourceLots } from '../../../renderer/features/tax-lots/lot-words.ts';
import { matchLots } from '../../../renderer/features/tax-lots/match-lots.ts';
import { statusTotals } from '../../../renderer/features/tax-lots/totals.ts';
import { NOTHING, type Selection } from '../../../renderer/grid/selection.ts';
import type { TaxLotRow } from '../../../shared/contract/tax-lots.ts';
import { dec } from '../../../shared/model/decimal.ts';

const source = (over: object, lots = 3): SourceLots =>
  ({
    source: 'Orion',
    sum: 'agrees',
    quantityDifference: dec('0'),
    costDifference: dec('0'),
    total: { lots },
    lots: [],
    ...over,
  }) as unknown as SourceLots;

describe('the sentence under the lots of a source', () => {
  test.each([
    [{}, 3, 'The 3 lots add up to the whole quantity of Orion’s own position, and its whole cost basis.'],
    [{}, 1, 'The 1 lot is the whole quantity of Orion’s own position, and its whole cost basis.'],
    [
      { costDifference: dec('-0.01') },
      3,
      'The 3 lots add up to the whole quantity of Orion’s own position, and within one cent its cost basis.',
    ],
    [
      { costDifference: null },
      3,
      'The 3 lots add up to the whole quantity of Orion’s own position. The cost is not compared, because it is not stated everywhere.',
    ],
    [
      { sum: 'differs', quantityDifference: dec('-1040.5'), costDifference: dec('-9579.6') },
      3,
      'The 3 lots hold 1,040.5 units less and cost 9,579.60 USD less than Orion’s own position.',
    ],
    [{ sum: 'differs', costDifference: dec('0.125') }, 1, 'The 1 lot costs 0.125 USD more than Orion’s own position.'],
    [{ sum: 'no_position' }, 2, 'Orion lists 2 lots here, but no position that they are part of.'],
    [{ sum: 'no_lots' }, 0, 'Orion lists no lots of this position, though it lists lots of others.'],
  ])('%j of %i', (over, lots, sentence) => {
    expect(sumSentence(source(over, lots), 'USD')).toBe(sentence);
  });

  test('counts the terms that do not fit their day, and says nothing where all fit', () => {
    const lots = (...doubtful: boolean[]) => source({ lots: doubtful.map((termDoubtful) => ({ termDoubtful })) });
    expect(termSentence(lots(false))).toBe('');
    expect(termSentence(lots(true, false))).toBe('The term of 1 lot does not fit the day it was acquired on.');
    expect(termSentence(lots(true, true))).toBe('The terms of 2 lots do not fit the days they were acquired on.');
  });
});

test('lots of two sources meet by day of acquisition, oldest first, and leave a gap where one of them has none', () => {
  const lot = (acquiredOn: string | null, quantity: string, cost: string | null) =>
    ({ acquiredOn, quantity: dec(quantity), cost: cost === null ? null : dec(cost) }) as TaxLotRow;
  const cedar = { lots: [lot('2024-05-02', '10', '100.5'), lot('2024-05-02', '5', '50'), lot('2023-01-04', '7', null)] };
  const willow = { lots: [lot('2024-05-02', '15', '150.5'), lot(null, '1', '2')] };
  expect(matchLots([cedar, willow])).toEqual([
    { acquiredOn: null, bySource: [null, { lots: 1, quantity: '1', cost: '2' }] },
    { acquiredOn: '2023-01-04', bySource: [{ lots: 1, quantity: '7', cost: null }, null] },
    // 10 + 5 = 15; 100.5 + 50 = 150.5.
    {
      acquiredOn: '2024-05-02',
      bySource: [
        { lots: 2, quantity: '15', cost: '150.5' },
        { lots: 1, quantity: '15', cost: '150.5' },
      ],
    },
  ]);
});

test('the status bar sums gains exactly, says over how many sources, how many lots have none, and what is chosen', () => {
  const amounts = { cost: dec('0'), shortTermGain: dec('0'), longTermGain: dec('0'), lots: 3 };
  const totals = [
    { ...amounts, currency: 'USD', gain: dec('5850.75'), unvalued: 0, sources: 1 },
    { ...amounts, currency: 'EUR', gain: dec('10'), unvalued: 2, sources: 2 },
  ];
  const said = (selection: Selection, known: readonly (readonly [string, string, string | null])[]) =>
    statusTotals(
      totals,
      selection,
      new Map(known.map(([id, currency, gain]) => [id, { currency, gain: gain === null ? null : dec(gain) }])),
    ).map(({ label, amount, currency }) => [label, amount, currency]);
  expect(said(NOTHING, [])).toEqual([
    ['Unrealised gain', '5,850.75', 'USD'],
    ['Unrealised gain of 2 sources, 2 lots without', '10.00', 'EUR'],
  ]);
  const chosen = [
    ['a', 'USD', '3750.6'],
    ['b', 'USD', null],
  ] as const;
  expect(said({ mode: 'some', ids: new Set(['a', 'b']) }, chosen)).toEqual([['Selected gain', '3,750.60', 'USD']]);
  // 5,850.75 - 3,750.60 = 2,100.15.
  expect(said({ mode: 'all', except: new Set(['a', 'b']) }, chosen)).toEqual([
    ['Selected gain', '2,100.15', 'USD'],
    ['Selected gain', '10.00', 'EUR'],
  ]);
});
