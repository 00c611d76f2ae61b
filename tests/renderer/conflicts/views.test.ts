import { describe, expect, it } from 'vitest';
import { statusCount } from '../../../renderer/grid/other-filters.ts';
import { toConflictSelection } from '../../../renderer/features/conflicts/conflict-selection.ts';
import { toQuestion, viewOf } from '../../../renderer/features/conflicts/views.ts';
import { choose, EVERYTHING, NOTHING } from '../../../renderer/grid/selection.ts';

const UNDECIDED = { column: 'status', operator: 'in', value: ['open', 'review'] };
const field = { column: 'field', operator: 'in', value: ['price'] } as const;

describe('views of the conflicts', () => {
  it('shows what is undecided unless asked otherwise', () => {
    expect(viewOf(null, [])).toBe('undecided');
    expect(viewOf('healed', [])).toBe('healed');
    expect(viewOf('nonsense', [])).toBe('undecided');
  });

  it('opens up when a filter names a status outside the view, so that a link never leads to an empty list', () => {
    expect(viewOf(null, [{ column: 'status', operator: 'is', value: 'review' }])).toBe('undecided');
    expect(viewOf(null, [{ column: 'status', operator: 'is', value: 'settled' }])).toBe('all');
    expect(viewOf('settled', [{ column: 'status', operator: 'in', value: ['open', 'settled'] }])).toBe('all');
  });

  it('puts the view in front of the filters', () => {
    expect(toQuestion('undecided', [field], 'elm')).toEqual({
      filters: [UNDECIDED, { ...field, value: ['price'] }],
      search: 'elm',
    });
    expect(toQuestion('all', [], '')).toEqual({ filters: [], search: '' });
  });

  it('counts the whole of an upper day', () => {
    expect(toQuestion('all', [{ column: 'openedAt', operator: 'atMost', value: '2026-11-20' }], '').filters).toEqual([
      { column: 'openedAt', operator: 'atMost', value: '2026-11-20T23:59:59.999Z' },
    ]);
    expect(toQuestion('all', [{ column: 'openedAt', operator: 'atLeast', value: '2026-11-20' }], '').filters).toEqual([
      { column: 'openedAt', operator: 'atLeast', value: '2026-11-20' },
    ]);
  });

  it('adds up the counts of the statuses a view shows, 0 until counted', () => {
    const status = [
      { value: 'open', count: 12 },
      { value: 'review', count: 3 },
      { value: 'settled', count: 40 },
    ];
    expect(statusCount({ total: 55, facets: { status } }, 'open', 'review')).toBe(15);
    expect(statusCount({ total: 55, facets: { status } }, 'healed')).toBe(0);
    expect(statusCount(undefined, 'open')).toBe(0);
  });
});

describe('what a decision about many is about', () => {
  const question = toQuestion('undecided', [field], 'elm');

  it('is the chosen rows by id', () => {
    expect(toConflictSelection(NOTHING, question)).toBeNull();
    expect(toConflictSelection(choose(choose(NOTHING, 'k1', true), 'k2', true), question)).toEqual({ ids: ['k1', 'k2'] });
  });

  it('is everything that matches, with the view among its conditions, except what was taken out', () => {
    expect(toConflictSelection(choose(EVERYTHING, 'k3', false), question)).toEqual({ matching: question, except: ['k3'] });
    expect(question.filters[0]).toEqual(UNDECIDED);
  });
});
