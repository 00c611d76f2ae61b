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
    expect(desktopOptions(argv)).toEqual({ metricsPort: null, metricsTokenFile: null, ...expected });
  });

  it.each([
    [['--metrics-port', '9090', '--metrics-token-file=token'], { metricsPort: 9090, metricsTokenFile: 'token' }],
    [['--metrics-port=0'], { metricsPort: 0, metricsTokenFile: null }],
    [['--metrics-port=99999', '--metrics-token-file'], { metricsPort: null, metricsTokenFile: null }],
    [['--metrics-port', 'all'], { metricsPort: null, metricsTokenFile: null }],
  ])('reads %j for scrapes, which are off without', (argv, expected) => {
    expect(desktopOptions(argv)).toEqual({ dataDir: null, sandbox: false, restoreBackup: null, ...expected });
  });
});
