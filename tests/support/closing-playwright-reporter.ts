import type { FullConfig, FullResult, Reporter, Suite, TestError } from '@playwright/test/reporter';
import { reportTotals } from './totals.ts';

/** Ends a Playwright run with `N passed, M failed`. An error outside any test and a test that never came to run count as failed. */
export default class ClosingPlaywrightReporter implements Reporter {
  #suite: Suite | undefined;
  #errors = 0;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite;
  }

  onError(_error: TestError): void {
    this.#errors++;
  }

  onEnd(_result: FullResult): void {
    let passed = 0;
    let failed = this.#errors;
    const skipped: string[] = [];
    for (const test of this.#suite?.allTests() ?? []) {
      const name = test.titlePath().filter(Boolean).join(' > ');
      if (test.outcome() === 'skipped' && test.expectedStatus === 'skipped')
        skipped.push(`${name}${test.annotations.map(({ description }) => (description ? ` (${description})` : '')).join('')}`);
      else if (test.outcome() === 'expected' || test.outcome() === 'flaky') passed++;
      else failed++;
    }
    reportTotals({ passed, failed, skipped });
  }

  printsToStdio(): boolean {
    return false;
  }
}
