import { describe, expect, it } from 'vitest';
import { desktopOptions } from '../../main/electron/desktop-options.ts';

describe('desktopOptions', () => {
  it.each([
    [[], { dataDir: null, sandbox: false, restoreBackup: null }],
    [['/app', '--sandbox'], { dataDir: null, sandbox: true, restoreBackup: null }],
    [['/app', '--data', 'my book'], { dataDir: 'my book', sandbox: false, restoreBackup: null }],
    [['--data=C:\\Books', '--sandbox'], { dataDir: 'C:\\Books', sandbox: true, restoreBackup: null }],
    [['--data'], { dataDir: null, sandbox: false, restoreBackup: null }],
    [['--data='], { dataDir: null, sandbox: false, restoreBackup: null }],
    [['--remote-debugging-pipe', '--lang=de'], { dataDir: null, sandbox: false, restoreBackup: null }],
  ])('reads %j', (argv, expected) => {
    expect(desktopOptions(argv)).toEqual(expected);
  });
});
