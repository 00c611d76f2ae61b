import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import LongestFirst from './scripts/test/longest-first.mjs';

const SUFFIX = '.test.{ts,tsx}';
// These start processes, servers, browsers or builds, or try thousands of cases; everything else answers within a minute
// and runs with every check.
const SLOW = [
  ...['bench', 'contract', 'packaging', 'renderer/browser', 'sandbox', 'scenarios', 'scripts', 'server', 'simulation'].map(
    (area) => `tests/${area}/**/*${SUFFIX}`,
  ),
  `tests/**/*.property${SUFFIX}`,
  `tests/electron/desktop-program${SUFFIX}`,
  `tests/reconciliation/reference${SUFFIX}`,
];

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/closing-reporter.ts'],
    // Most of the time is spent waiting for browsers and processes, so no core is kept back.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    // What hangs is found as well after two minutes; a machine with other work must not look like a fault.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
    projects: [
      {
        extends: true,
        // Modules keep no state of their own, so that one process can try the files one after another and load them once.
        test: { name: 'unit', include: [`tests/**/*${SUFFIX}`], exclude: SLOW, isolate: false },
      },
      { extends: true, test: { name: 'integration', include: SLOW } },
    ],
  },
});
