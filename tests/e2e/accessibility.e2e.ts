import { violationsInBothThemes } from '../support/violations.ts';
import { expect, test } from './desk.ts';
import { shots } from './shots.ts';

// The states the screenshots show. The desk’s own check adds: no console message, no violation of the content policy.
test('no screen, pane or overlay has an axe violation or a console message, in light and in dark', async ({ desk, program }) => {
  test.setTimeout(900_000);
  for (const { name, path, ready, act } of await shots(program)) {
    await test.step(name, async () => {
      await desk.goto(program.url + path);
      await desk.locator(ready).first().waitFor();
      await act?.(desk);
      expect.soft(await violationsInBothThemes(desk), name).toEqual([]);
    });
  }
});
