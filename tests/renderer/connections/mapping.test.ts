import { describe, expect, it } from 'vitest';
import {
  claimedTwice,
  fateOf,
  linksOf,
  setAll,
  takeSuggestions,
  type Waiting,
} from '../../../renderer/features/connections/wizard/mapping.ts';
import { chosenStreams, streamsSetting } from '../../../renderer/features/connections/streams.ts';
import { inOrder } from '../../../renderer/features/connections/urgency.ts';
import { CONNECTIONS, ENDED_SIGN_IN } from '../fixture/connections.ts';

const account = (externalId: string, ...suggestions: string[]): Waiting => ({
  kind: 'account',
  externalId,
  label: externalId,
  detail: '',
  positions: 1,
  reason: '',
  suggestions: suggestions.map((id) => ({ id, label: `Account ${id}`, reason: '' })),
});
const ITEMS = [account('one', '1'), account('two', '1', '2'), account('none'), account('other', '1')];

describe('tying accounts of a platform to the book', () => {
  it('starts with everything left for later, so that nothing is tied unless a person says so', () => {
    expect(linksOf(ITEMS, {})).toEqual([]);
    expect(fateOf({}, 'one')).toEqual({ kind: 'later' });
  });

  it('takes a suggestion only where there is exactly one, because choosing among several would be a guess', () => {
    expect(linksOf(ITEMS.slice(0, 3), takeSuggestions(ITEMS.slice(0, 3), {}))).toEqual([{ externalId: 'one', targetId: '1' }]);
  });

  it('makes new accounts, and takes a choice back', () => {
    const made = setAll(ITEMS, {}, { kind: 'new' });
    expect(linksOf(ITEMS, made)).toEqual(ITEMS.map(({ externalId }) => ({ externalId })));
    expect(linksOf(ITEMS, setAll(ITEMS, made, { kind: 'later' }))).toEqual([]);
  });

  it('names the account that two rows claim', () => {
    expect(claimedTwice(ITEMS, takeSuggestions(ITEMS, {}))).toEqual(['Account 1']);
    expect(claimedTwice(ITEMS, takeSuggestions(ITEMS.slice(0, 1), {}))).toEqual([]);
  });
});

describe('what is read', () => {
  it('is everything unless set, and the setting of everything is none, so that a later stream is read too', () => {
    expect(chosenStreams(undefined)).toEqual(['transactions', 'tax_lots', 'performance', 'benchmarks']);
    expect(streamsSetting(chosenStreams(''))).toBe('');
    expect(chosenStreams('none')).toEqual([]);
    expect(streamsSetting([])).toBe('none');
    expect(chosenStreams('Performance, transactions')).toEqual(['transactions', 'performance']);
  });
});

describe('connections by urgency', () => {
  it('put lost sign-ins first, then failures, then what is late, and among equals what was read longest ago', () => {
    const names = inOrder([...CONNECTIONS, ENDED_SIGN_IN], 'urgency').map(({ name }) => name);
    expect(names).toEqual(['Addepar trusts', 'Northgate Custody', 'Orion', 'Addepar', 'Black Diamond']);
  });

  it('put a disconnected one last', () => {
    const [first, ...rest] = CONNECTIONS;
    if (!first) throw new Error('The fixture has connections.');
    const ended = { ...first, status: 'disconnected' as const, freshness: 'never' as const };
    expect(inOrder([ended, ...rest], 'urgency').at(-1)?.name).toBe(first.name);
  });
});
