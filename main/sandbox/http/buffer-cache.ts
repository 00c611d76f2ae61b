/** Finished replies by key. The oldest go when the bytes kept exceed the limit; a reply larger than that is not kept. */
export interface BufferCache {
  get(key: string, make: () => Buffer): Buffer;
}

export function createBufferCache(maxBytes = 192 * 1024 * 1024): BufferCache {
  const kept = new Map<string, Buffer>();
  let bytes = 0;
  return {
    get(key, make) {
      const known = kept.get(key);
      if (known) return known;
      const made = make();
      if (made.length > maxBytes) return made;
      kept.set(key, made);
      bytes += made.length;
      for (const [oldest, buffer] of kept) {
        if (bytes <= maxBytes) break;
        kept.delete(oldest);
        bytes -= buffer.length;
      }
      return made;
    },
  };
}
