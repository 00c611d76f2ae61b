import { ZipFile } from 'yazl';

/** A ZIP archive of these files, in this order. */
export async function zipOf(files: Readonly<Record<string, string | Uint8Array>>, compress = true): Promise<Uint8Array> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name, { compress });
  zip.end();
  const chunks: Uint8Array[] = [];
  for await (const chunk of zip.outputStream as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}
