import { describe, expect, it } from 'vitest';
import { isOwnPage } from '../../main/electron/own-page.ts';

describe('isOwnPage', () => {
  it.each(['app://workstation/', 'app://workstation/conflicts?view=mine#row', 'app://workstation'])(
    'knows %s as its own',
    (address) => {
      expect(isOwnPage(address)).toBe(true);
    },
  );

  it.each([
    'app://evil/',
    'app://workstation.evil/',
    'app://workstation@evil/',
    'app://user@workstation/',
    'app://workstation:8080/',
    'app:workstation',
    'appx://workstation/',
    'https://workstation/',
    'https://app.attacker.example/app://workstation/',
    'http://127.0.0.1/',
    'file:///etc/passwd',
    'data:text/html,app://workstation/',
    'javascript:location="app://workstation/"',
    'blob:app://workstation/1',
    'about:blank',
    '',
    'workstation',
  ])('does not take %s for its own', (address) => {
    expect(isOwnPage(address)).toBe(false);
  });
});
