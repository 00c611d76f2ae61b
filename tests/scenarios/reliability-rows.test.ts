import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { citedTests } from '../support/cited-tests.ts';

it('every test that docs/reliability.md cites exists, in the file it is said to be in', () => {
  const { cited, missing, unused } = citedTests('docs/reliability.md');
  expect([missing, unused]).toEqual([[], []]);
  expect(cited).toBeGreaterThan(40);
});

it('every scenario of a sync has a row in docs/reliability.md', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/reliability.md'), 'utf8');
  const listed = [...text.matchAll(/^\| ([A-G]\d+(?:, [A-G]\d+)*) \|/gm)].flatMap(([, names = '']) => names.split(', '));
  const numbered = (letter: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
  expect(listed).toEqual([
    ...numbered('A', 12),
    ...numbered('B', 2),
    ...numbered('C', 14),
    ...numbered('D', 6),
    ...numbered('G', 4),
  ]);
});
