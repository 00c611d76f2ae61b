import { writeFileSync } from 'node:fs';

/** What a test runner has to say at its end. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  /** Full name and reason of every test that did not run. */
  readonly skipped: readonly string[];
}

/** Prints the totals, what was skipped before them, and leaves them in the file that the caller of the runner named. */
export function reportTotals(totals: Totals): void {
  for (const name of totals.skipped) console.log(`skipped: ${name}`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  const file = process.env['TEST_TOTALS_FILE'];
  if (file !== undefined) writeFileSync(file, JSON.stringify(totals));
}
