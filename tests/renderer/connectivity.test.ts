import { describe, expect, it } from 'vitest';
import { createConnectivity } from '../../renderer/api/connectivity.ts';
import { createManualClock } from './manual-clock.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('connectivity', () => {
  it('asks every four seconds while out of reach and tells once when it is back', async () => {
    const clock = createManualClock();
    const answers = [false, false, true];
    let asked = 0;
    let returned = 0;
    const connectivity = createConnectivity(
      clock,
      async () => {
        asked += 1;
        return answers.shift() ?? true;
      },
      () => {
        returned += 1;
      },
    );
    connectivity.report(false);
    connectivity.report(false);
    for (let round = 0; round < 5; round += 1) {
      clock.pass(4000);
      await settled();
    }
    // Two refusals, then the answer; after that nothing is asked any more.
    expect(asked).toBe(3);
    expect(returned).toBe(1);
    expect(connectivity.store.getState().online).toBe(true);
  });
});
