import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../../renderer/theme/tokens.css', import.meta.url), 'utf8');
const THEMES = ['light', 'dark', 'light-contrast', 'dark-contrast'] as const;

const tokensOf = (theme: string): ReadonlyMap<string, string> => {
  const start = css.indexOf(`:root[data-theme='${theme}'] {`);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
};

/** WCAG 2.2 relative luminance and contrast ratio. */
const luminance = (hex: string): number => {
  const channel = (at: number): number => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
};
const contrast = (a: string, b: string): number => {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};

const SURFACES = ['surface-frame', 'surface-work', 'surface-raised', 'surface-hover', 'surface-selected'];
const TEXTS = [
  'text',
  'text-secondary',
  'text-quiet',
  'accent',
  'clearway',
  'platform',
  'platform-second',
  'platform-third',
  'good',
  'bad',
  'wait',
];
const ON_SOFT = [
  ['accent', 'accent-soft'],
  ['platform', 'platform-soft'],
  ['good', 'good-soft'],
  ['bad', 'bad-soft'],
  ['wait', 'wait-soft'],
  ['text', 'bad-soft'],
  ['text', 'wait-soft'],
  ['text', 'accent-soft'],
  ['text-secondary', 'accent-soft'],
] as const;
const ON_FILL = [
  ['on-fill', 'accent-fill'],
  ['on-fill', 'accent-fill-hover'],
  ['on-fill', 'bad-fill'],
  ['on-fill', 'bad-fill-hover'],
] as const;
/** Edges of controls, the focus ring and bars: 3 to 1 beside what they lie on. */
const GRAPHICS = ['line-control', 'focus', 'good', 'bad', 'wait'].flatMap((name) =>
  ['surface-frame', 'surface-work'].map((surface) => [name, surface] as const),
);

describe.each(THEMES)('theme %s', (theme) => {
  const tokens = tokensOf(theme);
  const ratio = (front: string, back: string): number => {
    const [a, b] = [tokens.get(front), tokens.get(back)];
    if (a === undefined || b === undefined) throw new Error(`${theme} lacks ${front} or ${back}`);
    return contrast(a, b);
  };
  const least = theme.endsWith('contrast') ? 7 : 4.5;

  it(`has text at ${least} to 1 or more on every surface it stands on`, () => {
    const pairs = [...TEXTS.flatMap((text) => SURFACES.map((surface) => [text, surface] as const)), ...ON_SOFT, ...ON_FILL];
    const weak = pairs
      .map(([front, back]) => ({ front, back, ratio: ratio(front, back) }))
      .filter((pair) => pair.ratio < (pair.front === 'on-fill' ? 4.5 : least));
    expect(weak).toEqual([]);
  });

  it('has edges, focus ring and marks at 3 to 1 or more', () => {
    const weak = GRAPHICS.map(([front, back]) => ({ front, back, ratio: ratio(front, back) })).filter((pair) => pair.ratio < 3);
    expect(weak).toEqual([]);
  });
});

describe('tokens', () => {
  it('are the same set in every theme, so that none falls back by accident', () => {
    const [first, ...others] = THEMES.map((theme) => [...tokensOf(theme).keys()].toSorted());
    for (const other of others) expect(other).toEqual(first);
  });

  it('are the only place of the styles that names a colour', () => {
    const root = new URL('../../renderer/', import.meta.url).pathname;
    const files = globSync('**/*.css', { cwd: root }).filter((file) => file !== 'theme/tokens.css');
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => /#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|oklch\(/i.test(readFileSync(root + file, 'utf8')))).toEqual(
      [],
    );
  });
});
