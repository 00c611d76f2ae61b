import type { Reporter, TestModule } from 'vitest/node';
import { reportTotals } from './totals.ts';

/** Ends a vitest run with `N passed, M failed`. A file that cannot be loaded and an error outside any test count as failed. */
export default class ClosingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed++;
        else if (result.state !== 'skipped') failed++;
        else skipped.push(`${module.relativeModuleId} > ${test.fullName}${result.note ? ` (${result.note})` : ''}`);
      }
    }
    reportTotals({ passed, failed, skipped });
  }
}
