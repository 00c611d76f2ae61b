const inside = (region: Element): HTMLElement | null =>
  region.querySelector<HTMLElement>(
    '.ag-cell-focus, .ag-cell[tabindex], [tabindex="0"], a[href], button:not([disabled]), input:not([disabled])',
  );

/** Puts the focus into the next region of the window: search, rail, screen, detail pane, status bar. */
export const cycleRegion = (by: 1 | -1): void => {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (region) => region.offsetParent !== null || region.tabIndex >= -1,
  );
  if (regions.length === 0) return;
  const focused = document.activeElement;
  // The innermost region counts: the detail pane lies within the screen.
  const at = regions.findLastIndex((region) => focused !== null && region.contains(focused));
  const next = regions[(at + by + regions.length) % regions.length];
  if (!next) return;
  const target = inside(next) ?? next;
  target.focus();
  if (document.activeElement !== target) next.focus();
};
