import { expect, it } from 'vitest';
import { citedTests } from '../support/cited-tests.ts';

it('every test that docs/platform-rows.md cites exists, in the file it is said to be in', () => {
  const { cited, missing, unused } = citedTests('docs/platform-rows.md');
  expect([missing, unused]).toEqual([[], []]);
  expect(cited).toBeGreaterThan(100);
});
