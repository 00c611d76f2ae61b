import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = mkdtempSync(join(tmpdir(), 'clearway-lint-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const BAD: Record<string, string> = {
  'main/core/cycle-a.ts': "import { b } from './cycle-b.ts';\nexport const a = (): number => b() + 1;\n",
  'main/core/cycle-b.ts': "import { a } from './cycle-a.ts';\nexport const b = (): number => a() + 1;\n",
  'main/core/floating.ts': 'const later = async (): Promise<number> => 1;\nexport const a = (): void => {\n  later();\n};\n',
  'main/core/any.ts': 'export const a = (x: any): unknown => x;\n',
  'main/core/now.ts': 'export const a = (): number => Date.now();\n',
  'main/core/random.ts': 'export const a = (): number => Math.random();\n',
  'main/core/timer.ts': 'export const a = (): unknown => setTimeout(() => undefined, 1);\n',
  'main/core/float.ts': "export const a = (): number => parseFloat('1.1');\n",
  'main/core/fixed.ts': 'export const a = (x: number): string => x.toFixed(2);\n',
  'main/core/console.ts': "export const a = (): void => console.log('x');\n",
  'renderer/click.tsx': 'export const A = () => <div onClick={() => undefined}>x</div>;\n',
  'renderer/hook.tsx':
    "import { useState } from 'react';\nexport const A = ({ x }: { x: boolean }) => (x ? useState(1)[0] : 0);\n",
  'renderer/now.ts': 'export const a = (): number => Date.now();\n',
};
const GOOD: Record<string, string> = {
  'main/ports/clock.ts': 'export const a = (): number => Date.now();\n',
  'main/sandbox/timer.ts': 'export const a = (): unknown => setTimeout(() => undefined, 1);\n',
  'renderer/debounce.ts': 'export const a = (): unknown => setTimeout(() => undefined, 1);\n',
  'scripts/say.mjs': "console.log('x', Date.now());\n",
};

let report = '';
beforeAll(async () => {
  for (const [file, source] of Object.entries({ ...BAD, ...GOOD })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), source);
  }
  copyFileSync('.oxlintrc.json', join(root, '.oxlintrc.json'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  writeFileSync(
    join(root, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        jsx: 'react-jsx',
        module: 'esnext',
        moduleResolution: 'bundler',
        target: 'es2024',
        allowImportingTsExtensions: true,
        noEmit: true,
      },
    }),
  );
  const oxlint = join(process.cwd(), 'node_modules/oxlint/bin/oxlint');
  report = await run(process.execPath, [oxlint, '--type-aware', '--format=unix'], { cwd: root }).then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? '',
  );
});

const found = (file: string): string =>
  report
    .split('\n')
    .filter((line) => line.startsWith(`${file}:`))
    .join('\n');

describe('the linter', () => {
  it.each([
    ['main/core/cycle-a.ts', 'no-cycle'],
    ['main/core/floating.ts', 'no-floating-promises'],
    ['main/core/any.ts', 'no-explicit-any'],
    ['main/core/now.ts', 'no-restricted-properties'],
    ['main/core/random.ts', 'no-restricted-properties'],
    ['main/core/timer.ts', 'no-restricted-globals'],
    ['main/core/float.ts', 'no-restricted-globals'],
    ['main/core/fixed.ts', 'no-restricted-properties'],
    ['main/core/console.ts', 'no-console'],
    ['renderer/click.tsx', 'click-events-have-key-events'],
    ['renderer/hook.tsx', 'rules-of-hooks'],
    ['renderer/now.ts', 'no-restricted-properties'],
  ])('stops %s by %s', (file, rule) => {
    expect(found(file)).toContain(rule);
  });

  it.each(Object.keys(GOOD))('lets %s be', (file) => {
    expect(found(file)).toBe('');
  });
});
