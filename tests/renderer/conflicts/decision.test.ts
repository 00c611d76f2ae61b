import { describe, expect, it } from 'vitest';
import { ANSWERS } from '../fixture/answers.ts';
import { CONNECTIONS } from '../fixture/connections.ts';
import { DESK_ANSWERS } from '../fixture/desk.ts';
import { readAmount } from '../../../renderer/grid/filter-draft.ts';
import {
  BEST_PLATFORM,
  decisionDone,
  decisionKeys,
  decisionLabel,
  outcomeOf,
  readableSentence,
  readByHand,
  sourceKeys,
  valueWords,
  type ConflictDetail,
} from '../../../renderer/features/conflicts/decision.ts';

const ORDER = sourceKeys(CONNECTIONS);
const detail = (id: string): ConflictDetail => {
  const answer = DESK_ANSWERS['conflicts.get'];
  if (!answer) throw new Error('The fixture answers conflicts.get');
  return answer({ id });
};

describe('keys of decisions', () => {
  it('numbers the sources by survivorship rank, whatever order they arrive in', () => {
    expect(sourceKeys(CONNECTIONS.toReversed()).map(({ key, name }) => [key, name])).toEqual([
      ['1', 'Black Diamond'],
      ['2', 'Orion'],
      ['3', 'Addepar'],
      ['4', 'Northgate Custody'],
    ]);
  });

  it('gives keys to the first nine sources only', () => {
    const first = CONNECTIONS[0];
    if (!first) throw new Error('The fixture has connections');
    const many = Array.from({ length: 11 }, (_, index) => ({ ...first, id: `c${index + 1}`, survivorshipRank: index + 1 }));
    expect(sourceKeys(many).map((source) => source.key)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', null, null]);
  });

  it('maps every key to one decision', () => {
    expect(Object.fromEntries(decisionKeys(ORDER).map(({ keys, decision }) => [keys, decision]))).toEqual({
      a: { strategy: 'CLEARWAY_WINS' },
      1: { strategy: 'PLATFORM_WINS', connectionId: 'c1' },
      2: { strategy: 'PLATFORM_WINS', connectionId: 'c2' },
      3: { strategy: 'PLATFORM_WINS', connectionId: 'c3' },
      4: { strategy: 'PLATFORM_WINS', connectionId: 'c4' },
      p: { strategy: 'PLATFORM_WINS' },
      m: { strategy: 'MERGE' },
      t: { strategy: 'TIMESTAMP' },
      l: { strategy: 'MANUAL_REVIEW' },
    });
  });

  it('hides the column of a custodian file that disputes nothing, and of no platform', () => {
    expect(ORDER.filter((source) => source.quiet).map((source) => source.name)).toEqual(['Northgate Custody']);
    expect(ANSWERS['connections.list']?.({}).items.length).toBe(ORDER.length);
  });
});

describe('outcomes', () => {
  // k13: quantity of an option, Clearway 30, Black Diamond 31.32.
  const one = detail('k13');

  it('says what each decision would write', () => {
    expect(outcomeOf({ strategy: 'CLEARWAY_WINS' }, one, ORDER)).toEqual({ value: '30', reason: null });
    expect(outcomeOf({ strategy: 'PLATFORM_WINS', connectionId: 'c1' }, one, ORDER)).toEqual({ value: '31.32', reason: null });
    expect(outcomeOf({ strategy: 'MANUAL_REVIEW', value: '29' }, one, ORDER)).toEqual({ value: '29', reason: null });
  });

  it('says why a decision cannot', () => {
    expect(outcomeOf({ strategy: 'MERGE' }, one, ORDER)).toEqual({
      value: null,
      reason: 'Fewer than three platforms report the quantity',
    });
    expect(outcomeOf({ strategy: 'PLATFORM_WINS', connectionId: 'c4' }, one, ORDER)).toEqual({
      value: null,
      reason: 'It does not report this position',
    });
  });

  it('takes the best-ranked source that differs from Clearway', () => {
    const [said] = one.row.sources;
    if (!said) throw new Error('k13 has a source');
    const agreeing = {
      ...one,
      row: {
        ...one.row,
        sources: [
          { ...said, value: '30' },
          { ...said, connectionId: 'c3', value: '28' },
          { ...said, connectionId: 'c2', value: '27' },
        ],
      },
    };
    // Rank 1 agrees with Clearway, rank 2 says 27, rank 3 says 28.
    expect(outcomeOf(BEST_PLATFORM.decision, agreeing, ORDER)).toEqual({ value: '27', reason: null });
    const nobody = { ...one, row: { ...one.row, sources: [{ ...said, value: '30' }] } };
    expect(outcomeOf(BEST_PLATFORM.decision, nobody, ORDER).reason).toBe('No platform gives another value');
  });
});

describe('words', () => {
  it('names decisions before and after', () => {
    expect(decisionLabel({ strategy: 'PLATFORM_WINS', connectionId: 'c2' }, ORDER)).toBe('Accept Orion');
    expect(decisionDone({ strategy: 'PLATFORM_WINS', connectionId: 'c2' }, ORDER)).toBe('Accepted Orion');
    expect(decisionDone({ strategy: 'TIMESTAMP' }, ORDER)).toBe('Took latest');
    expect(decisionDone({ strategy: 'MANUAL_REVIEW' }, ORDER)).toBe('Put aside for review');
    expect(decisionDone({ strategy: 'MANUAL_REVIEW', value: '5' }, ORDER)).toBe('Set by hand');
  });

  it('writes amounts with every digit they have and at least those their field has', () => {
    expect(valueWords('1571735.3', 'marketValue')).toBe('1,571,735.30');
    expect(valueWords('0.123456789', 'price')).toBe('0.123456789');
    expect(valueWords('-1200', 'quantity')).toBe('−1,200');
    expect(valueWords('not_held')).toBe('Not held');
    expect(valueWords(null)).toBe('none');
  });

  it('writes the values inside a sentence as the rest of the screen does, and touches nothing else', () => {
    const row = {
      ...detail('k13').row,
      field: 'marketValue' as const,
      base: '1000',
      clearway: '1727548.16',
      sources: [{ connectionId: 'c1', value: '17.5', asOf: null }],
    };
    expect(readableSentence('Since 1000, not 10001 or 1000.5: Clearway has 1727548.16, Fund 2030 says 17.5.', row)).toBe(
      'Since 1,000.00, not 10001 or 1000.5: Clearway has 1,727,548.16, Fund 2030 says 17.50.',
    );
  });
});

describe('values by hand', () => {
  it('reads amounts as people type them', () => {
    expect(readByHand('price', '−1,234.50', readAmount)).toEqual({ value: '-1234.5' });
    expect(readByHand('quantity', ' 007 ', readAmount)).toEqual({ value: '7' });
  });

  it('refuses what is no amount, and for presence all but the two words', () => {
    expect(readByHand('price', '1.2.3', readAmount)).toEqual({ error: 'Write a number, such as 1,250.50.' });
    expect(readByHand('presence', 'held', readAmount)).toEqual({ value: 'held' });
    expect(readByHand('presence', '1', readAmount)).toEqual({ error: 'Choose held or not held.' });
  });
});
