import { expect, test, violations } from './desk.ts';
import { shots } from './shots.ts';

// The states the screenshots show. The desk’s own check adds: no console message, no violation of the content policy.
test('no screen, pane or overlay has an axe violation or a console message, in light and in dark', async ({ desk, program }) => {
  test.setTimeout(300_000);
  for (const { name, path, ready, act } of await shots(program)) {
    await test.step(name, async () => {
      await desk.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await desk.goto(program.url + path);
      await desk.locator(ready).first().waitFor();
      await act?.(desk);
      expect.soft(await violations(desk), `${name}, light`).toEqual([]);
      await desk.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      // The theme changes colours only.
      expect.soft(await violations(desk, ['color-contrast']), `${name}, dark`).toEqual([]);
    });
  }
});
