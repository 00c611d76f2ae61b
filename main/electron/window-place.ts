/** A rectangle in screen coordinates, in device-independent pixels. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the window opens; without x and y the system centres it. */
export interface WindowPlace {
  readonly bounds: Bounds | { readonly width: number; readonly height: number };
  readonly maximised: boolean;
}

/** What is remembered of the window between runs. */
export interface SavedPlace {
  readonly bounds: Bounds;
  readonly maximised: boolean;
}

export const FIRST_PLACE: WindowPlace = { bounds: { width: 1440, height: 900 }, maximised: false };
/** So much of the window must lie on one screen that it can be grabbed and read. */
const VISIBLE = { width: 200, height: 100 };

const overlap = (startA: number, lengthA: number, startB: number, lengthB: number): number =>
  Math.min(startA + lengthA, startB + lengthB) - Math.max(startA, startB);

const isReachable = ({ x, y, width, height }: Bounds, screen: Bounds): boolean =>
  overlap(x, width, screen.x, screen.width) >= VISIBLE.width &&
  overlap(y, height, screen.y, screen.height) >= VISIBLE.height &&
  y >= screen.y;

/** The remembered place, unless no present screen shows enough of it: a screen that was unplugged takes no window with it. */
export const placeWindow = (saved: SavedPlace | undefined, screens: readonly Bounds[]): WindowPlace =>
  saved && screens.some((screen) => isReachable(saved.bounds, screen))
    ? saved
    : { ...FIRST_PLACE, maximised: saved?.maximised ?? false };
