import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, utimesSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../scripts/setup/fingerprint.mjs';
import { installedMatchesLock } from '../../scripts/setup/install.mjs';
import { withLock } from '../../scripts/setup/lock.mjs';
import { parseStartArguments } from '../../scripts/setup/start-arguments.mjs';
import { tempFolder } from '../support/temp-folder.ts';

describe('fingerprint', () => {
  const tree = () => {
    const root = tempFolder();
    mkdirSync(join(root, 'src/deep'), { recursive: true });
    writeFileSync(join(root, 'src/a.ts'), 'a');
    writeFileSync(join(root, 'src/deep/b.ts'), 'b');
    return root;
  };

  it('follows the bytes and names of files, not their times', () => {
    const root = tree();
    const before = fingerprint(root, ['src']);
    utimesSync(join(root, 'src/a.ts'), 1, 1);
    expect(fingerprint(root, ['src'])).toBe(before);
    writeFileSync(join(root, 'src/a.ts'), 'A');
    expect(fingerprint(root, ['src'])).not.toBe(before);
  });

  it('notices a file that comes, goes, or moves its bytes to another', () => {
    const root = tree();
    const prints = [fingerprint(root, ['src', 'absent'])];
    writeFileSync(join(root, 'src/c.ts'), '');
    prints.push(fingerprint(root, ['src', 'absent']));
    writeFileSync(join(root, 'src/a.ts'), '');
    writeFileSync(join(root, 'src/c.ts'), 'a');
    prints.push(fingerprint(root, ['src', 'absent']));
    expect(new Set(prints).size).toBe(3);
  });

  it('is the same for the same tree in another place', () => {
    expect(fingerprint(tree(), ['src'])).toBe(fingerprint(tree(), ['src']));
  });
});

describe('installedMatchesLock', () => {
  const project = (wanted: object, installed: object | null) => {
    const root = tempFolder();
    mkdirSync(join(root, 'node_modules'));
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': { version: '1.0.0' }, ...wanted } }));
    if (installed) writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
    return root;
  };
  const a = { 'node_modules/a': { version: '1.0.0' } };

  it.each([
    [true, 'every package has its version', a, a],
    [
      true,
      'only an optional package of another platform is absent',
      { ...a, 'node_modules/w': { version: '2.0.0', optional: true } },
      a,
    ],
    [false, 'a package has another version', a, { 'node_modules/a': { version: '1.0.1' } }],
    [false, 'a package is absent', { ...a, 'node_modules/b': { version: '1.0.0' } }, a],
    [false, 'nothing was installed', a, null],
  ])('is %s when %s', (expected, _when, wanted, installed) => {
    expect(installedMatchesLock(project(wanted, installed))).toBe(expected);
  });
});

describe('withLock', () => {
  it('runs one holder at a time', async () => {
    const file = join(tempFolder(), 'deep/setup.lock');
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      log.push(`${name} out`);
    };
    await Promise.all([withLock(file, work('first')), withLock(file, work('second'))]);
    expect(log).toEqual(['first in', 'first out', 'second in', 'second out']);
    expect(existsSync(file)).toBe(false);
  });

  it('lets go when the work fails', async () => {
    const file = join(tempFolder(), 'setup.lock');
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(withLock(file, () => Promise.resolve('next'))).resolves.toBe('next');
  });

  it('takes over from a holder that was killed', async () => {
    const file = join(tempFolder(), 'setup.lock');
    const script = `import { withLock } from ${JSON.stringify(pathToFileURL('scripts/setup/lock.mjs').href)};
      withLock(${JSON.stringify(file)}, () => new Promise(() => setInterval(() => undefined, 1000)));`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    while (!existsSync(file) || readFileSync(file, 'utf8') === '') await new Promise((resolve) => setTimeout(resolve, 20));
    const gone = new Promise((resolve) => holder.once('close', resolve));
    holder.kill('SIGKILL');
    await gone;
    await expect(withLock(file, () => Promise.resolve('taken over'))).resolves.toBe('taken over');
  });
});

describe('parseStartArguments', () => {
  it('asks for the demo firm on a plain start, and only then', () => {
    expect(parseStartArguments([])).toEqual({ host: 'any', args: ['--sandbox'] });
    expect(parseStartArguments(['--sandbox'])).toEqual({ host: 'any', args: ['--sandbox'] });
    expect(parseStartArguments(['--host', 'headless'])).toEqual({ host: 'headless', args: [] });
    expect(parseStartArguments(['--host=desktop'])).toEqual({ host: 'desktop', args: [] });
  });

  it('passes on what it does not know, in order', () => {
    expect(parseStartArguments(['--host', 'headless', '--data', 'a folder', '--port', '0', '--no-open']).args).toEqual([
      '--data',
      'a folder',
      '--port',
      '0',
      '--no-open',
    ]);
  });

  it.each([['--host'], ['--host=tablet']])('refuses %s', (...argv) => {
    expect(() => parseStartArguments(argv)).toThrow('Use --host desktop or --host headless');
  });
});
