import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFiles, checkSource, describeViolation, zoneOf } from '../../scripts/boundaries/check.mjs';
import { CODE, sourceFiles } from '../../scripts/source-files.mjs';
import { tempFolder } from '../support/temp-folder.ts';

const messagesOf = (file: string, source: string): string[] => checkSource(file, source).map(describeViolation);

// Every form in which one file can name another. The canary: a form that the checker does not see would pass unnoticed.
const FORMS: Record<string, (specifier: string) => string> = {
  import: (it) => `import { a } from '${it}';`,
  'import for its effect': (it) => `import '${it}';`,
  'import type': (it) => `import type { A } from '${it}';`,
  'inline import type': (it) => `import { type A } from '${it}';`,
  'export from': (it) => `export { a } from '${it}';`,
  'export type from': (it) => `export type { A } from '${it}';`,
  'export everything': (it) => `export * from '${it}';`,
  'dynamic import': (it) => `export const a = () => import('${it}');`,
  'dynamic import by template': (it) => `export const a = () => import(\`${it}\`);`,
  'type of an import': (it) => `export type A = import('${it}').A;`,
  'import equals': (it) => `import a = require('${it}');`,
  require: (it) => `export const a = require('${it}');`,
  'worker beside the file': (it) => `export const a = new Worker(new URL('${it}', import.meta.url));`,
  'worker chosen by extension': (it) =>
    `export const a = new URL(import.meta.url.endsWith('.ts') ? '${it}' : './b.js', import.meta.url);`,
  'glob of modules': (it) => `export const a = import.meta.glob('${it}');`,
};

describe('the import table', () => {
  it('is kept by every file of the project', () => {
    const root = process.cwd();
    const files = sourceFiles(root, CODE);
    expect(files.length).toBeGreaterThan(100);
    expect(checkFiles(root, files).map(describeViolation)).toEqual([]);
  });

  it.each(Object.entries(FORMS))('sees a forbidden %s in a file', (_form, write) => {
    const root = tempFolder();
    const file = 'main/core/bad.ts';
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `// a line above\n${write('../store/open.ts')}\n`);
    const violations = checkFiles(root, [file]);
    expect(violations).toMatchObject([{ file, line: 2, imports: '../store/open.ts' }]);
    expect(violations.map(describeViolation)[0]).toMatch(
      /^main\/core\/bad\.ts:2 imports \.\.\/store\/open\.ts: main\/core may not import main\/store\/open\.ts: core is pure/,
    );
  });

  it.each(Object.entries(FORMS))('lets an allowed %s through', (_form, write) => {
    expect(messagesOf('main/core/good.ts', write('../../shared/model/decimal.ts'))).toEqual([]);
  });

  it.each([
    ['main/core/a.ts', 'node:fs'],
    ['main/core/a.ts', 'fs'],
    ['main/core/a.ts', 'decimal.js'],
    ['main/core/a.ts', '../../shared/contract/index.ts'],
    ['main/core/a.ts', '../ports/clock.ts'],
    ['shared/model/a.ts', 'node:crypto'],
    ['shared/model/a.ts', '../../main/core/position.ts'],
    ['shared/contract/a.ts', 'fastify'],
    ['main/ports/a.ts', '../store/open.ts'],
    ['main/ports/a.ts', 'electron'],
    ['main/store/a.ts', '../api/dispatcher.ts'],
    ['main/store/a.ts', '../sync/merge.ts'],
    ['main/store/a.ts', 'fastify'],
    ['main/sync/a.ts', 'better-sqlite3'],
    ['main/sync/a.ts', '../connectors/addepar/connector.ts'],
    ['main/sync/a.ts', '../connectors/registry.ts'],
    ['main/sync/a.ts', '../api/dispatcher.ts'],
    ['main/conflicts/a.ts', '../sync/merge.ts'],
    ['main/imports/a.ts', '../connectors/orion/connector.ts'],
    ['main/connectors/addepar/a.ts', '../orion/connector.ts'],
    ['main/connectors/addepar/a.ts', '../registry.ts'],
    ['main/connectors/addepar/a.ts', '../../store/open.ts'],
    ['main/connectors/addepar/a.ts', '../../../shared/contract/index.ts'],
    ['main/connectors/json.ts', './addepar/connector.ts'],
    ['main/api/a.ts', '../connectors/addepar/connector.ts'],
    ['main/api/a.ts', '../server/create-server.ts'],
    ['main/api/a.ts', 'fastify'],
    ['main/vault/a.ts', '../store/open.ts'],
    ['main/observability/a.ts', 'keytar'],
    ['main/server/a.ts', '../store/open.ts'],
    ['main/server/a.ts', '../electron/menu.ts'],
    ['main/server/a.ts', 'electron'],
    ['main/electron/a.ts', '../server/create-server.ts'],
    ['main/electron/a.ts', '../core/position.ts'],
    ['main/electron/a.ts', 'fastify'],
    ['main/app.ts', './server/create-server.ts'],
    ['main/app.ts', './electron/menu.ts'],
    ['main/app.ts', './sandbox/cli.ts'],
    ['main/app.ts', 'electron'],
    ['main/sandbox/a.ts', '../connectors/json.ts'],
    ['main/sandbox/a.ts', '../../shared/contract/index.ts'],
    ['preload/a.ts', '../main/electron/ipc-handshake.ts'],
    ['preload/a.ts', 'node:fs'],
    ['renderer/a.tsx', '../main/core/position.ts'],
    ['renderer/a.tsx', 'node:path'],
    ['renderer/a.tsx', 'electron'],
    ['renderer/a.tsx', 'better-sqlite3'],
    ['renderer/a.tsx', 'ag-grid-enterprise'],
    ['tests/sandbox/a.test.ts', '../../main/connectors/addepar/connector.ts'],
    ['scripts/a.mjs', '../main/core/position.ts'],
    ['main/core/a.ts', '../../../elsewhere.ts'],
    ['renderer/a.tsx', '/etc/passwd'],
  ])('forbids %s to import %s', (file, specifier) => {
    expect(messagesOf(file, `import '${specifier}';`)).toHaveLength(1);
  });

  it.each([
    ['main/core/a.ts', './position.ts'],
    ['shared/contract/a.ts', 'zod'],
    ['main/store/a.ts', 'better-sqlite3'],
    ['main/store/a.ts', 'drizzle-orm/sqlite-core'],
    ['main/sync/a.ts', '../connectors/connector.ts'],
    ['main/imports/a.ts', '../connectors/custodian-file/read.ts'],
    ['main/connectors/addepar/a.ts', '../json.ts'],
    ['main/connectors/addepar/a.ts', './pages.ts'],
    ['main/connectors/connector.ts', '../ports/http.ts'],
    ['main/connectors/registry.ts', './addepar/connector.ts'],
    ['main/api/a.ts', '../connectors/registry.ts'],
    ['main/app.ts', './store/open.ts'],
    ['main/writer.ts', './app.ts'],
    ['main/server/a.ts', '../app.ts'],
    ['main/electron/a.ts', 'electron'],
    ['main/sandbox/a.ts', 'fastify'],
    ['preload/a.ts', 'electron'],
    ['renderer/a.tsx', './a.css?inline'],
    ['renderer/a.tsx', 'react-dom/client'],
    ['tests/store/a.test.ts', '../../main/store/open.ts'],
    ['tests/sandbox/a.test.ts', '../../main/sandbox/cli.ts'],
  ])('lets %s import %s', (file, specifier) => {
    expect(messagesOf(file, `import '${specifier}';`)).toEqual([]);
  });

  it('has no place for a file of no zone', () => {
    expect(zoneOf('helpers/strings.ts')).toBeUndefined();
    expect(messagesOf('main/helpers/strings.ts', '')).toEqual([
      'main/helpers/strings.ts:1 the table in scripts/boundaries/table.mjs has no place for this file.',
    ]);
  });

  it('refuses what it cannot read: a computed import, and a file that does not parse', () => {
    expect(messagesOf('main/sync/a.ts', 'export const a = (name: string) => import(name);')[0]).toContain('cannot be checked');
    expect(messagesOf('main/sync/a.ts', 'const = ;')[0]).toContain('does not parse');
  });

  it('takes data beside a file for data', () => {
    expect(messagesOf('main/store/a.ts', "export const a = new URL('../../migrations/sqlite', import.meta.url);")).toEqual([]);
  });
});
