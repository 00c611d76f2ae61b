import { describe, expect, it } from 'vitest';
import { desktopOptions } from '../../main/electron/desktop-options.ts';

describe('desktopOptions', () => {
  it.each([
    [[], { dataDir: null, sandbox: false }],
    [['/app', '--sandbox'], { dataDir: null, sandbox: true }],
    [['/app', '--data', 'my book'], { dataDir: 'my book', sandbox: false }],
    [['--data=C:\\Books', '--sandbox'], { dataDir: 'C:\\Books', sandbox: true }],
    [['--data'], { dataDir: null, sandbox: false }],
    [['--data='], { dataDir: null, sandbox: false }],
    [['--remote-debugging-pipe', '--lang=de'], { dataDir: null, sandbox: false }],
  ])('reads %j', (argv, expected) => {
    expect(desktopOptions(argv)).toEqual(expected);
  });
});
