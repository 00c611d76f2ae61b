import { describe, expect, it } from 'vitest';
import { createCrashPolicy } from '../../main/electron/crash-policy.ts';

function policyAt() {
  const clock = { ms: 0 };
  return { clock, decide: createCrashPolicy({ monotonicMs: () => clock.ms }) };
}

describe('createCrashPolicy', () => {
  it('does nothing after an ordinary end', () => {
    expect(policyAt().decide('clean-exit')).toBe('nothing');
  });

  it.each(['crashed', 'oom', 'killed', 'abnormal-exit', 'memory-eviction'] as const)(
    'loads the page again after %s',
    (reason) => {
      expect(policyAt().decide(reason)).toBe('reload');
    },
  );

  it.each(['launch-failed', 'integrity-failure'] as const)('asks after %s, since loading again cannot help', (reason) => {
    expect(policyAt().decide(reason)).toBe('ask');
  });

  it('asks at the fourth loss within a minute', () => {
    const { clock, decide } = policyAt();
    const answers = [0, 10_000, 20_000, 59_999].map((ms) => ((clock.ms = ms), decide('crashed')));
    expect(answers).toEqual(['reload', 'reload', 'reload', 'ask']);
  });

  it('forgets losses after a minute', () => {
    const { clock, decide } = policyAt();
    const answers = [0, 20_000, 40_000, 60_000].map((ms) => ((clock.ms = ms), decide('crashed')));
    expect(answers).toEqual(['reload', 'reload', 'reload', 'reload']);
  });
});
