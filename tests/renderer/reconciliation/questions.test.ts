import { describe, expect, it } from 'vitest';
import { breakViewOf, matchRate, runInFront, toBreakQuestion } from '../../../renderer/features/reconciliation/questions.ts';
import { readBound, readTolerances, sameTolerances } from '../../../renderer/components/tolerance-draft.ts';
import { RUN } from '../fixture/reconciliation.ts';

describe('which breaks are shown', () => {
  it('are the open ones unless a link names another status', () => {
    expect(breakViewOf(null, [])).toBe('open');
    expect(breakViewOf(null, [{ column: 'status', operator: 'is', value: 'fixed' }])).toBe('all');
    expect(toBreakQuestion('closed', [], 'x')).toEqual({
      filters: [{ column: 'status', operator: 'in', value: ['fixed', 'accepted'] }],
      search: 'x',
    });
    expect(toBreakQuestion('all', [], '').filters).toEqual([]);
  });
});

describe('the run in front', () => {
  const older = { ...RUN, id: 'r0' };
  const running = { ...RUN, id: 'r2', status: 'running' as const };

  it('is the one asked for, else the newest that is finished, else the newest', () => {
    expect(runInFront([running, RUN, older], 'r0')?.id).toBe('r0');
    expect(runInFront([running, RUN, older], null)?.id).toBe('r1');
    expect(runInFront([running], null)?.id).toBe('r2');
    expect(runInFront([], null)).toBeNull();
  });

  it('says what part matched without a person', () => {
    // 17,002 / 17,642 = 0.96372..., 96.37 %
    expect(matchRate({ compared: 17_642, matched: 17_002 })).toBe('96.37\u00a0%');
    expect(matchRate({ compared: 0, matched: 0 })).toBeNull();
  });
});

describe('tolerances as typed', () => {
  it('are zero or more, exact', () => {
    expect(readBound(' 0.010 ')).toBe('0.01');
    expect(readBound('-1')).toBeNull();
    expect(readBound('a')).toBeNull();
  });

  it('are read together, or not at all', () => {
    expect(readTolerances({ ...RUN.tolerances, price: { absolute: '0.0050', relative: '0' } })?.price).toEqual({
      absolute: '0.005',
      relative: '0',
    });
    expect(readTolerances({ ...RUN.tolerances, cash: { absolute: '', relative: '0' } })).toBeNull();
    expect(sameTolerances(RUN.tolerances, readTolerances(RUN.tolerances) ?? RUN.tolerances)).toBe(true);
  });
});
