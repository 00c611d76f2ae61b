import { describe, expect, it } from 'vitest';
import { PIECE, toBase64 } from '../../../renderer/features/import/to-base64.ts';

const bytesOf = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) % 256);

describe('a file as base64', () => {
  it.each([1, 2, 3, 4, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 2])(
    'is the same in pieces as in one go, at %i bytes',
    async (length) => {
      const bytes = bytesOf(length);
      expect(await toBase64(new Blob([bytes]))).toBe(Buffer.from(bytes).toString('base64'));
    },
  );

  it('is read piece by piece, never whole', async () => {
    const asked: number[] = [];
    const blob = new Blob([bytesOf(2 * PIECE + 10)]);
    await toBase64({ size: blob.size, slice: (start, end) => (asked.push(end - start), blob.slice(start, end)) });
    expect(asked).toEqual([PIECE, PIECE, 10]);
  });

  it('tells how far it is', async () => {
    const shares: number[] = [];
    await toBase64(new Blob([bytesOf(4 * PIECE)]), (share) => shares.push(share));
    expect(shares).toEqual([0.25, 0.5, 0.75, 1]);
  });

  it('stops between two pieces when it is given up', async () => {
    const stop = new AbortController();
    let pieces = 0;
    const blob = new Blob([bytesOf(3 * PIECE)]);
    const reading = toBase64(
      {
        size: blob.size,
        slice: (start, end) => {
          pieces += 1;
          return blob.slice(start, end);
        },
      },
      () => stop.abort(),
      stop.signal,
    );
    await expect(reading).rejects.toThrow();
    expect(pieces).toBe(1);
  });
});
