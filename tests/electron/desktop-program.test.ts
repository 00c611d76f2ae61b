import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { startDesktop } from './start-desktop.ts';

describe('the desktop program', () => {
  it('opens a guarded window on its own page, answers its calls, and closes the book when it quits', async () => {
    const folder = tempFolder();
    const { next, tell, exited } = startDesktop(folder);
    const { names } = await next('handlers');
    const sandboxed = names.indexOf('enableSandbox');
    expect(sandboxed).toBeGreaterThan(-1);
    expect(names.indexOf('requestSingleInstanceLock')).toBeGreaterThan(sandboxed);
    expect(names).toEqual(
      expect.arrayContaining([
        'registerSchemesAsPrivileged',
        'setPermissionRequestHandler',
        'setPermissionCheckHandler',
        'setWindowOpenHandler',
      ]),
    );
    expect(await next('load')).toMatchObject({
      url: 'app://workstation/',
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
    });

    tell({ do: 'connect', frame: {} });
    await next('port');
    tell({ do: 'send', message: { id: 1, name: 'app.info', input: {} } });
    const { message } = await next('answer');
    expect(message).toMatchObject({ id: 1, ok: true, output: { host: 'desktop', version: '0.1.0' } });

    tell({ do: 'quit' });
    expect(await exited).toBe(0);
    expect(existsSync(join(folder, 'book.db'))).toBe(true);
    // A book that was closed in order leaves no write-ahead log.
    expect(existsSync(join(folder, 'book.db-wal'))).toBe(false);
    expect(JSON.parse(readFileSync(join(folder, 'desktop/preferences.json'), 'utf8'))).toEqual({
      window: { bounds: { x: 5, y: 6, width: 1200, height: 800 }, maximised: false },
    });
  });

  it('gives no port to a foreign page', async () => {
    const { next, tell, heard, log, exited } = startDesktop(tempFolder());
    await next('load');
    tell({ do: 'connect', frame: { origin: 'https://app.attacker.example', url: 'https://app.attacker.example/' } });
    tell({ do: 'connect', frame: { parent: {} } });
    tell({ do: 'connect', frame: null });
    tell({ do: 'quit' });
    expect(await exited).toBe(0);
    expect(heard.filter(({ did }) => did === 'port')).toEqual([]);
    expect(log().match(/request for a port was refused/g)).toHaveLength(3);
  });

  it('says why it cannot open a book that is not one, and leaves it as it is', async () => {
    const folder = tempFolder();
    writeFileSync(join(folder, 'book.db'), 'this is no database '.repeat(500));
    const { exited, log } = startDesktop(folder);
    expect(await exited).toBe(1);
    expect(log()).toContain('Clearway cannot open its book');
    expect(readFileSync(join(folder, 'book.db'), 'utf8')).toBe('this is no database '.repeat(500));
  });
});
