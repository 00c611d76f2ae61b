import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/**
 * Tests that a document cites as `MARK: name`, where a table of it says which file a mark is. Answers how many there are,
 * those whose name is not in that file, and marks that nothing cites.
 */
export function citedTests(document: string): { readonly cited: number; readonly missing: string[]; readonly unused: string[] } {
  const text = readFileSync(join(ROOT, document), 'utf8');
  const files = new Map(
    [...text.matchAll(/^\| ([A-Z]+) \| (tests\/\S+) \|$/gm)].map(([, mark, file]) => [mark ?? '', file ?? '']),
  );
  const sources = new Map([...files].map(([mark, file]) => [mark, readFileSync(join(ROOT, file), 'utf8')]));
  const cited = [...text.matchAll(/`([A-Z]+): ([^`]+)`/g)].map(([, mark = '', name = '']) => ({ mark, name }));
  return {
    cited: cited.length,
    missing: cited
      .filter(({ mark, name }) => {
        const source = sources.get(mark) ?? '';
        return !["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`));
      })
      .map(({ mark, name }) => `${mark}: ${name}`),
    unused: [...files.keys()].filter((mark) => !cited.some((citation) => citation.mark === mark)),
  };
}
