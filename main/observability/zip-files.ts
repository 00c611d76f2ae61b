import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** One compressed archive of these files; `writtenAt` is a UTC instant. The same files give the same bytes. */
export async function zipFiles(
  files: readonly { readonly name: string; readonly text: string }[],
  writtenAt: string,
): Promise<Buffer> {
  const zip = new ZipFile();
  const mtime = new Date(writtenAt);
  for (const { name, text } of files) zip.addBuffer(Buffer.from(text, 'utf8'), name, { mtime });
  zip.end();
  return buffer(zip.outputStream);
}
