import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { menuTemplate } from '../../main/electron/menu.ts';

const flatten = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])]);
const roles = (platform: NodeJS.Platform, packaged: boolean) =>
  flatten(menuTemplate({ platform, packaged, openFolder: () => undefined })).map(({ role }) => role);

describe('menuTemplate', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('offers no developer tools and no reload when packaged for %s', (platform) => {
    expect(roles(platform, true)).not.toContain('toggleDevTools');
    expect(roles(platform, true)).not.toContain('reload');
    expect(roles(platform, false)).toContain('toggleDevTools');
  });

  it('has what the system expects in its own place', () => {
    expect(roles('darwin', true)).toContain('appMenu');
    expect(roles('linux', true)).toContain('quit');
    expect(roles('linux', true)).toContain('editMenu');
  });

  it('opens the data folder', () => {
    let opened = 0;
    const item = flatten(menuTemplate({ platform: 'linux', packaged: true, openFolder: () => void opened++ })).find(
      ({ label }) => label === 'Show data folder',
    );
    item?.click?.({} as Electron.MenuItem, undefined, {} as Electron.KeyboardEvent);
    expect(opened).toBe(1);
  });
});
