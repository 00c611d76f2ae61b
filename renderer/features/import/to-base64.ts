/** The parts of a Blob that reading needs. */
export interface Sliceable {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A multiple of three, so that every piece but the last encodes without padding and pieces can be joined. */
export const PIECE = 3 * 128 * 1024;
/** How many bytes become characters in one call; more would overflow the stack of some browsers. */
const RUN = 0x8000;

/** Newer engines encode by themselves, many times faster; the compiler does not know it yet. */
interface SelfEncoding {
  readonly toBase64?: () => string;
}

const encode = (bytes: Uint8Array & SelfEncoding): string => {
  if (bytes.toBase64) return bytes.toBase64();
  let text = '';
  for (let at = 0; at < bytes.length; at += RUN) text += String.fromCharCode(...bytes.subarray(at, at + RUN));
  return btoa(text);
};

/** The bytes of a file as base64, read piece by piece so that the screen stays alive. `onShare` hears 0 to 1. */
export const toBase64 = async (
  file: Sliceable,
  onShare: (share: number) => void = () => undefined,
  signal?: AbortSignal,
): Promise<string> => {
  const pieces: string[] = [];
  for (let start = 0; start < file.size; start += PIECE) {
    signal?.throwIfAborted();
    const end = Math.min(start + PIECE, file.size);
    // One piece after the other is the point: memory and the screen get a rest in between.
    pieces.push(encode(new Uint8Array(await file.slice(start, end).arrayBuffer())));
    onShare(end / file.size);
  }
  return pieces.join('');
};
