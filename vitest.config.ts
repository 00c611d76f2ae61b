import { defineConfig } from 'vitest/config';

// These start processes, servers, browsers or builds; everything else answers within a minute and runs with every check.
const SLOW = ['packaging', 'scripts', 'server', 'sandbox', 'renderer/browser', 'scenarios', 'simulation', 'bench'].map(
  (area) => `tests/${area}/**`,
);

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/closing-reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'unit', include: ['tests/**/*.test.{ts,tsx}'], exclude: SLOW } },
      { extends: true, test: { name: 'integration', include: SLOW.map((area) => `${area}/*.test.{ts,tsx}`) } },
    ],
  },
});
