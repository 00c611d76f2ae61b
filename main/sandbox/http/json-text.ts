/** JSON text of a string or null. */
export const quoted = (text: string | null): string => (text === null ? 'null' : JSON.stringify(text));

/** Joins small pieces into chunks worth sending one by one; memory holds one chunk. */
export function* chunked(pieces: Iterable<string>, size = 262_144): Generator<Buffer> {
  let waiting: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    length += piece.length;
    if (length < size) continue;
    yield Buffer.from(waiting.join(''));
    waiting = [];
    length = 0;
  }
  if (length > 0) yield Buffer.from(waiting.join(''));
}
