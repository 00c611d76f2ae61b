import { useEffect, useLayoutEffect, useRef } from 'react';
import { useRuntime } from '../app/runtime.tsx';
import type { Shortcut } from './keyboard.ts';

/** Registers shortcuts while the component is on screen. They always run the functions of the latest render. */
export const useShortcuts = (shortcuts: readonly Shortcut[]): void => {
  const { keyboard } = useRuntime();
  const latest = useRef(shortcuts);
  // Before the picture changes, not after: a key pressed at once must act on what the person sees, not on what was there.
  useLayoutEffect(() => {
    latest.current = shortcuts;
  });
  const signature = shortcuts.map(({ keys, label }) => `${keys}\n${label}`).join('\n\n');
  useEffect(
    () => keyboard.register(latest.current.map((shortcut, index) => ({ ...shortcut, run: () => latest.current[index]?.run() }))),
    [keyboard, signature],
  );
};
