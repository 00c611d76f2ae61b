import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

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
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'unit', include: [`tests/**/*${SUFFIX}`], exclude: SLOW } },
      { extends: true, test: { name: 'integration', include: SLOW } },
    ],
  },
});
