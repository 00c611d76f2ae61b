import { createJsonCutter } from './json-cut.ts';
import { openZip } from './zip.ts';

const asText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** The place of a record in a file of an archive. */
export const placeInFile = (file: string, pointer: string): string => `${file}#${pointer}`;

/**
 * Cuts one record out of a stored platform reply, byte for byte as received. `place` is what its HoldingRecord carries: a
 * JSON pointer, or `file#pointer` for an archive. Null when the place is not in the payload.
 */
export async function excerpt(raw: Uint8Array, contentType: string, place: string): Promise<string | null> {
  if (!contentType.includes('zip')) return createJsonCutter(asText(raw))(place);
  const split = place.lastIndexOf('#');
  const members = await openZip(raw);
  const file = members.find((member) => member.name === place.slice(0, Math.max(0, split)));
  return file ? createJsonCutter(asText(await file.read()))(place.slice(split + 1)) : null;
}
