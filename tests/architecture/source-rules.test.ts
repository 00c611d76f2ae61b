import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CODE, sourceFiles } from '../../scripts/source-files.mjs';

const ROOT = process.cwd();
const TEXT = /(\.([cm]?[jt]sx?|css|sql|html|json|ya?ml|md|sh)|\/run|\.npmrc)$/;
const GENERATED = new Set(['package-lock.json']);
const SELF = 'tests/architecture/source-rules.test.ts';

const files = sourceFiles(ROOT, TEXT).filter((file) => !GENERATED.has(file) && file !== SELF);
const read = (file: string): string => readFileSync(file, 'utf8');

/** `file:line text` of every line that fits, in files that fit. */
const linesWith = (pattern: RegExp, wanted: RegExp = /./): string[] =>
  files
    .filter((file) => wanted.test(file))
    .flatMap((file) =>
      read(file)
        .split('\n')
        .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1} ${line.trim().slice(0, 120)}`] : [])),
    );

describe('every source file', () => {
  it('is among those that are looked at', () => {
    expect(files).toContain('shared/contract/index.ts');
    expect(files).toContain('migrations/sqlite/0001_spine.sql');
    expect(files).toContain('.ci/run');
  });

  it('has at most 500 lines', () => {
    const lines = (file: string): number => read(file).split('\n').length - 1;
    const long = files.filter((file) => CODE.test(file) || /\.(css|sql)$/.test(file)).filter((file) => lines(file) > 500);
    expect(long.map((file) => `${file} has ${lines(file)} lines`)).toEqual([]);
  });

  it('names no path of one machine', () => {
    expect(linesWith(/(^|[\s'"`(=])\/(work|home\/\w|root|Users\/\w)\//)).toEqual([]);
  });

  it('names no package registry or mirror', () => {
    expect(linesWith(/https?:\/\/[a-z0-9.-]*(registry|mirror|artifactory|nexus)[a-z0-9.-]*/i)).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });

  it('postpones nothing and hides nothing from the compiler or the linter', () => {
    expect(
      linesWith(/\b(TODO|FIXME|HACK)\b|@ts-(ignore|nocheck|expect-error)|(eslint|oxlint|biome)-(disable|ignore)/, CODE),
    ).toEqual([]);
  });

  it('reads the clock through a port', () => {
    const program = /^(main|shared|preload|renderer)\//;
    const exempt = /^(main\/ports|main\/sandbox|renderer\/ports)\//;
    expect(linesWith(/\bnew Date\(\)|\bDate\(\)/, program).filter((line) => !exempt.test(line))).toEqual([]);
  });
});
