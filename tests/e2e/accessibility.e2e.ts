import { expect, test, violations } from './desk.ts';
import { shots } from './shots.ts';

// The same states the screenshots show; the desk’s own check adds: no console message, no policy violation.
for (const theme of ['light', 'dark'] as const) {
  test(`no screen, pane or overlay has an axe violation or a console message, ${theme}`, async ({ desk, program }) => {
    test.setTimeout(120_000);
    await desk.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const { name, path, ready, act } of await shots(program)) {
      await test.step(name, async () => {
        await desk.goto(program.url + path);
        await desk.locator(ready).first().waitFor();
        await act?.(desk);
        expect.soft(await violations(desk), name).toEqual([]);
      });
    }
  });
}
