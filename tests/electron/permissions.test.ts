import { readFileSync } from 'node:fs';
import type { Session } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { guardPermissions, isGranted } from '../../main/electron/permissions.ts';

// Electron's own list, so that a permission added by an upgrade is in the test by itself.
const declared = readFileSync('node_modules/electron/electron.d.ts', 'utf8');
const signature =
  /setPermissionRequestHandler\(handler: \(\(webContents: WebContents, permission: ([^,]+),/.exec(declared)?.[1] ?? '';
const PERMISSIONS = [...signature.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');

function guardedSession() {
  const session = {
    setPermissionRequestHandler: vi.fn<Session['setPermissionRequestHandler']>(),
    setPermissionCheckHandler: vi.fn<Session['setPermissionCheckHandler']>(),
    setDevicePermissionHandler: vi.fn<Session['setDevicePermissionHandler']>(),
    setDisplayMediaRequestHandler: vi.fn<Session['setDisplayMediaRequestHandler']>(),
    setBluetoothPairingHandler: vi.fn<Session['setBluetoothPairingHandler']>(),
    setUSBProtectedClassesHandler: vi.fn<Session['setUSBProtectedClassesHandler']>(),
  };
  guardPermissions(session);
  return session;
}

describe('isGranted', () => {
  it('reads the names from Electron itself', () => {
    expect(PERMISSIONS.length).toBeGreaterThan(30);
    expect(PERMISSIONS).toContain('geolocation');
  });

  it.each(PERMISSIONS.filter((name) => name !== 'clipboard-sanitized-write'))('refuses %s to its own page', (permission) => {
    expect(isGranted(permission, 'app://workstation/')).toBe(false);
  });

  it('lets its own page write to the clipboard, and no other page', () => {
    expect(isGranted('clipboard-sanitized-write', 'app://workstation/conflicts')).toBe(true);
    expect(isGranted('clipboard-sanitized-write', 'https://app.attacker.example/')).toBe(false);
    expect(isGranted('clipboard-sanitized-write', '')).toBe(false);
  });
});

describe('guardPermissions', () => {
  it('answers requests and checks by the same rule', () => {
    const session = guardedSession();
    const request = session.setPermissionRequestHandler.mock.calls[0]?.[0];
    const check = session.setPermissionCheckHandler.mock.calls[0]?.[0];
    const contents = {} as Electron.WebContents;
    const answers: boolean[] = [];
    for (const requestingUrl of ['app://workstation/', 'https://elsewhere.example/'])
      request?.(contents, 'clipboard-sanitized-write', (granted) => answers.push(granted), { requestingUrl, isMainFrame: true });
    request?.(contents, 'media', (granted) => answers.push(granted), { requestingUrl: 'app://workstation/', isMainFrame: true });
    expect(answers).toEqual([true, false, false]);
    const details = { isMainFrame: true, requestingUrl: 'app://workstation/' };
    expect(check?.(null, 'clipboard-sanitized-write', 'app://workstation', details)).toBe(true);
    expect(check?.(null, 'geolocation', 'app://workstation', details)).toBe(false);
  });

  it('gives no device, screen, Bluetooth pairing or USB class', () => {
    const session = guardedSession();
    expect(session.setDevicePermissionHandler.mock.calls[0]?.[0]?.({} as Electron.DevicePermissionHandlerHandlerDetails)).toBe(
      false,
    );
    const streams: unknown[] = [];
    session.setDisplayMediaRequestHandler.mock.calls[0]?.[0]?.({} as Electron.DisplayMediaRequestHandlerHandlerRequest, (it) =>
      streams.push(it),
    );
    expect(streams).toEqual([null]);
    const pairings: unknown[] = [];
    session.setBluetoothPairingHandler.mock.calls[0]?.[0]?.({} as Electron.BluetoothPairingHandlerHandlerDetails, (it) =>
      pairings.push(it),
    );
    expect(pairings).toEqual([{ confirmed: false }]);
    expect(session.setUSBProtectedClassesHandler.mock.calls[0]?.[0]?.({ protectedClasses: ['hid', 'mass-storage'] })).toEqual([
      'hid',
      'mass-storage',
    ]);
  });
});
