import { describe, expect, it } from 'vitest';
import { FIRST_PLACE, placeWindow, type Bounds } from '../../main/electron/window-place.ts';

const screen: Bounds = { x: 0, y: 0, width: 1920, height: 1080 };
const saved = (bounds: Bounds, maximised = false) => ({ bounds, maximised });

describe('placeWindow', () => {
  it('opens where it was closed', () => {
    const place = saved({ x: 100, y: 80, width: 1200, height: 800 });
    expect(placeWindow(place, [screen])).toEqual(place);
  });

  it('opens centred the first time', () => {
    expect(placeWindow(undefined, [screen])).toEqual(FIRST_PLACE);
  });

  it('comes back to a present screen when its own was unplugged, and stays maximised', () => {
    const place = saved({ x: 2500, y: 80, width: 1200, height: 800 }, true);
    expect(placeWindow(place, [screen])).toEqual({ ...FIRST_PLACE, maximised: true });
    expect(placeWindow(place, [screen, { x: 1920, y: 0, width: 1920, height: 1080 }])).toEqual(place);
  });

  it('needs 200 by 100 pixels on one screen: 1920 - 1720 = 200 is enough, one less is not', () => {
    expect(placeWindow(saved({ x: 1720, y: 80, width: 1200, height: 800 }), [screen]).bounds).toHaveProperty('x', 1720);
    expect(placeWindow(saved({ x: 1721, y: 80, width: 1200, height: 800 }), [screen])).toEqual(FIRST_PLACE);
  });

  it('does not open with its title bar above the screen', () => {
    expect(placeWindow(saved({ x: 100, y: -30, width: 1200, height: 800 }), [screen])).toEqual(FIRST_PLACE);
  });
});
