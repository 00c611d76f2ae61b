import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { combineTotals, splitTestArguments } from '../../scripts/test/totals.mjs';
import { tempFolder } from '../support/temp-folder.ts';

const run = promisify(execFile);

describe('splitTestArguments', () => {
  it.each([
    [[], { vitest: [], playwright: [] }],
    [['tests/core'], { vitest: ['tests/core'], playwright: null }],
    [['tests/e2e'], { vitest: null, playwright: ['tests/e2e'] }],
    [['tests/electron/desktop.e2e.ts'], { vitest: null, playwright: ['tests/electron/desktop.e2e.ts'] }],
    [['tests/core', 'tests/e2e/grid.e2e.ts'], { vitest: ['tests/core'], playwright: ['tests/e2e/grid.e2e.ts'] }],
    [['-t', 'adopts'], { vitest: ['-t', 'adopts'], playwright: null }],
    [['tests/core', '-t', 'adopts'], { vitest: ['tests/core', '-t', 'adopts'], playwright: null }],
    [['tests/e2e', '--grep', 'sorts'], { vitest: null, playwright: ['tests/e2e', '--grep', 'sorts'] }],
  ])('gives %j to the right runner', (args, expected) => {
    expect(splitTestArguments(args)).toEqual(expected);
  });
});

describe('combineTotals', () => {
  it('adds the runners: 3 + 4 passed, 1 + 0 failed', () => {
    expect(
      combineTotals([
        { passed: 3, failed: 1, skipped: ['a'] },
        { passed: 4, failed: 0, skipped: [] },
      ]),
    ).toEqual({ passed: 7, failed: 1, skipped: ['a'] });
  });
});

describe('the closing line of Vitest', () => {
  async function closingLines(files: Record<string, string>) {
    const folder = tempFolder();
    mkdirSync(join(folder, 'suite'));
    for (const [name, source] of Object.entries(files)) writeFileSync(join(folder, 'suite', name), source);
    const totals = join(folder, 'totals.json');
    const args = [
      'node_modules/vitest/vitest.mjs',
      'run',
      `--root=${folder}`,
      '--globals',
      `--reporter=${join(process.cwd(), 'tests/support/closing-reporter.ts')}`,
    ];
    const { stdout } = await run(process.execPath, args, { env: { ...process.env, TEST_TOTALS_FILE: totals } }).catch(
      (error: { stdout: string }) => error,
    );
    return { lines: stdout.trim().split('\n'), totals: JSON.parse(readFileSync(totals, 'utf8')) };
  }

  it('counts passed and failed tests and names those that were skipped', async () => {
    const { lines, totals } = await closingLines({
      'a.test.ts': `it('passes', () => {}); it('fails', () => { throw new Error('no'); }); it('waits', (context) => context.skip('no display'));`,
      'b.test.ts': `it('passes too', () => {});`,
    });
    expect(lines.slice(-2)).toEqual(['skipped: suite/a.test.ts > waits (no display)', '2 passed, 1 failed']);
    expect(totals).toEqual({ passed: 2, failed: 1, skipped: ['suite/a.test.ts > waits (no display)'] });
  });

  it.each([
    ['a file that cannot be loaded', `import './absent.ts'; it('never runs', () => {});`],
    ['a file without tests', `export {};`],
    [
      'an error outside any test',
      `it('passes', async () => { setTimeout(() => { throw new Error('late'); }, 1); await new Promise((done) => setTimeout(done, 50)); });`,
    ],
    [
      'a hook that fails',
      `describe('group', () => { beforeAll(() => { throw new Error('no'); }); it('never runs', () => {}); });`,
    ],
  ])('counts %s as failed', async (_what, source) => {
    const { totals } = await closingLines({ 'a.test.ts': source });
    expect(totals.failed).toBeGreaterThan(0);
  });
});
