import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPageFiles, segmentsOf } from '../../main/electron/page-files.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A built renderer with a secret beside it. */
function builtPages() {
  const base = tempFolder();
  const root = join(base, 'renderer');
  mkdirSync(join(root, 'assets'), { recursive: true });
  writeFileSync(join(base, 'secret.txt'), 'secret');
  mkdirSync(join(base, 'renderer-other'));
  writeFileSync(join(base, 'renderer-other', 'near.js'), 'near');
  writeFileSync(join(root, 'index.html'), '<title>page</title>');
  writeFileSync(join(root, 'assets', 'index-1.js'), 'script');
  writeFileSync(join(root, 'assets', 'notes.exe'), 'program');
  symlinkSync(join(base, 'secret.txt'), join(root, 'assets', 'link.txt'));
  symlinkSync(base, join(root, 'up'));
  return { root, read: createPageFiles(root) };
}

const HOSTILE = [
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%2fsecret.txt',
  '/assets/%2e%2e/%2e%2e/secret.txt',
  '/%252e%252e/secret.txt',
  '/..%5csecret.txt',
  '/assets\\..\\..\\secret.txt',
  '/assets/index-1.js%00.txt',
  '//etc/passwd.txt',
  '/C:/Windows/win.ini.txt',
  '/c%3a/secret.txt',
  '/assets/link.txt',
  '/up/secret.txt',
  '/../renderer-other/near.js',
  '/%',
  '/%ff.js',
  'assets/index-1.js',
];

describe('createPageFiles', () => {
  it('reads built files with their content type', async () => {
    const { read } = builtPages();
    const file = await read('/assets/index-1.js');
    expect(file && Buffer.from(file.bytes).toString()).toBe('script');
    expect(file).toMatchObject({ contentType: 'text/javascript; charset=utf-8', isPage: false });
  });

  it.each(['/', '/conflicts', '/portfolios/ab-1/holdings', '/index.html'])('serves the page for %s', async (path) => {
    expect(await builtPages().read(path)).toMatchObject({ contentType: 'text/html; charset=utf-8', isPage: true });
  });

  it.each(HOSTILE)('has nothing at %s', async (path) => {
    expect(await builtPages().read(path)).toBeNull();
  });

  it.each(['/assets/gone.js', '/assets/index-1.js/more.js', '/assets/notes.exe', `/${'a'.repeat(300)}.js`])(
    'has nothing at %s',
    async (path) => {
      expect(await builtPages().read(path)).toBeNull();
    },
  );
});

describe('segmentsOf', () => {
  it('decodes once', () => {
    expect(segmentsOf('/assets/a%20b.js')).toEqual(['assets', 'a b.js']);
  });
});
