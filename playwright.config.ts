import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGUMENTS, findChromium } from './scripts/chromium.mjs';

const executablePath = findChromium();

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // Each with a program and a book of its own.
  workers: availableParallelism() > 1 ? 2 : 1,
  // A machine with other work must not look like a fault.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: true,
  reporter: [['list'], ['./tests/support/closing-playwright-reporter.ts']],
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    trace: 'retain-on-failure',
    launchOptions: {
      ...(executablePath === null ? {} : { executablePath }),
      args: CHROMIUM_ARGUMENTS,
    },
  },
  projects: [
    { name: 'browser', testMatch: 'e2e/**/*.e2e.ts' },
    { name: 'desktop', testMatch: 'electron/**/*.e2e.ts' },
  ],
});
