import type { Preferences } from '../app/preferences.ts';

export type ThemeName = 'light' | 'dark' | 'light-contrast' | 'dark-contrast';

/** The theme that the choice of the person and of the system come to. */
export const resolveTheme = (
  choice: Pick<Preferences, 'theme' | 'contrast'>,
  system: { readonly dark: boolean; readonly moreContrast: boolean },
): ThemeName => {
  const dark = choice.theme === 'system' ? system.dark : choice.theme === 'dark';
  const more = choice.contrast === 'system' ? system.moreContrast : choice.contrast === 'more';
  return `${dark ? 'dark' : 'light'}${more ? '-contrast' : ''}`;
};

/** Keeps `data-theme` on the document in step with preferences and system; returns how to stop. */
export const followTheme = (
  preferences: { getState(): Preferences; subscribe(listener: () => void): () => void },
  view: Window,
): (() => void) => {
  const dark = view.matchMedia('(prefers-color-scheme: dark)');
  const contrast = view.matchMedia('(prefers-contrast: more)');
  const apply = (): void => {
    const system = { dark: dark.matches, moreContrast: contrast.matches };
    view.document.documentElement.dataset['theme'] = resolveTheme(preferences.getState(), system);
  };
  apply();
  dark.addEventListener('change', apply);
  contrast.addEventListener('change', apply);
  const stop = preferences.subscribe(apply);
  return () => {
    stop();
    dark.removeEventListener('change', apply);
    contrast.removeEventListener('change', apply);
  };
};
