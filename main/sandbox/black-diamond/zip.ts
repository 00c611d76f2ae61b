import { Readable } from 'node:stream';
import { ZipFile } from 'yazl';
import { chunked } from '../http/json-text.ts';
import type { BatchFile } from './batch-files.ts';

/** One compressed archive of the files, written as it is read. The same files give the same bytes. */
export function zipOf(
  files: readonly BatchFile[],
  writtenOn: string,
  change: ((json: string) => string) | null,
): NodeJS.ReadableStream {
  const zip = new ZipFile();
  const [year = 1980, month = 1, day = 1] = writtenOn.split('-').map(Number);
  const mtime = new Date(year, month - 1, day, 4, 0, 0);
  for (const file of files) {
    const pieces = function* (): Generator<string> {
      for (const piece of file.pieces()) yield change ? change(piece) : piece;
    };
    zip.addReadStreamLazy(file.name, { mtime, forceDosTimestamp: true, compressionLevel: 4 }, (done) =>
      done(null, Readable.from(chunked(pieces()), { objectMode: false })),
    );
  }
  zip.end();
  return zip.outputStream;
}
