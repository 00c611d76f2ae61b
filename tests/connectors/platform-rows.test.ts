import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'docs/platform-rows.md'), 'utf8');

it('every test that docs/platform-rows.md cites exists, in the file it is said to be in', () => {
  const files = new Map(
    [...text.matchAll(/^\| ([A-Z]+) \| (tests\/\S+) \|$/gm)].map(([, mark, file]) => [mark ?? '', file ?? '']),
  );
  const sources = new Map([...files].map(([mark, file]) => [mark, readFileSync(join(root, file), 'utf8')]));
  const cited = [...text.matchAll(/`([A-Z]+): ([^`]+)`/g)].map(([, mark = '', name = '']) => ({ mark, name }));
  const missing = cited.filter(({ mark, name }) => {
    const source = sources.get(mark) ?? '';
    return !["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`));
  });
  expect(missing).toEqual([]);
  expect(cited.length).toBeGreaterThan(100);
  const unused = [...files.keys()].filter((mark) => !cited.some((citation) => citation.mark === mark));
  expect(unused).toEqual([]);
});
