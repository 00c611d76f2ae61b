import { describe, expect, it } from 'vitest';
import { tryPacking } from '../../scripts/packaging/pack.mjs';
import { setUp } from '../../scripts/setup.mjs';

describe('packing', () => {
  it.each(['linux', 'win'] as const)(
    'for %s holds the program, its native modules, its migrations and nothing else, with every fuse set',
    async (system) => {
      const node = await setUp({ build: true });
      expect(await tryPacking(process.cwd(), node, system)).toEqual([]);
    },
    180_000,
  );
});
