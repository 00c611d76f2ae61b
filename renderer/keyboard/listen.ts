import type { Keyboard } from './keyboard.ts';

const isBusy = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest(
    'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox]',
  ) !== null;

/** Feeds the window's key presses to the registry; returns how to stop. */
export const listenToKeys = (keyboard: Keyboard, view: Window): (() => void) => {
  const onKeyDown = (event: KeyboardEvent): void => {
    // The handle between list and pane takes F6 for itself, and whoever came to it by Tab could not leave it that way.
    if ((event.defaultPrevented && event.key !== 'F6') || event.isComposing) return;
    const { key, ctrlKey, metaKey, altKey, shiftKey, timeStamp, repeat } = event;
    if (keyboard.handle({ key, ctrlKey, metaKey, altKey, shiftKey, timeStamp, repeat, busy: isBusy(event.target) }))
      event.preventDefault();
  };
  view.addEventListener('keydown', onKeyDown);
  return () => view.removeEventListener('keydown', onKeyDown);
};
