/** A stream of reproducible numbers: the same arguments give the same number, in whatever order they are asked for. */
export interface RandomStream {
  /** A whole number from 0 up to, not including, `bound` (at most 2^32). */
  below(bound: number, a: number, b?: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number, a: number, b?: number): number;
  /** True in about `perMille` of a thousand cases. */
  chance(perMille: number, a: number, b?: number): boolean;
}

const mix = (value: number): number => {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

const hashText = (text: string): number => {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
};

/**
 * Numbers by place instead of by sequence: account 900 can be made without making the 899 before it,
 * which is what lets a firm of a million positions be generated page by page.
 */
export function createRandom(seed: string): (stream: string) => RandomStream {
  return (stream) => {
    const base = hashText(`${seed}\u0000${stream}`);
    const word = (a: number, b: number): number => mix(mix(base ^ Math.imul(a + 1, 0x9e3779b1)) + Math.imul(b + 1, 0x7feb352d));
    const below = (bound: number, a: number, b = 0): number => word(a, b) % bound;
    return {
      below,
      between: (low, high, a, b = 0) => low + below(high - low + 1, a, b),
      chance: (perMille, a, b = 0) => below(1000, a, b) < perMille,
    };
  };
}

/** `bytes` bytes of hexadecimal text that depend on the arguments alone: ids and tokens of the sandbox. */
export function reproducibleHex(random: RandomStream, counter: number, bytes: number): string {
  let text = '';
  for (let i = 0; text.length < bytes * 2; i += 1)
    text += random
      .below(2 ** 32, counter, i)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, bytes * 2);
}

/** The same as a UUID of version 4. */
export function reproducibleUuid(random: RandomStream, counter: number): string {
  const hex = reproducibleHex(random, counter, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
