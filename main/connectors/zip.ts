import { crc32 } from 'node:zlib';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';

export interface ZipLimits {
  readonly entries: number;
  /** Inflated bytes of one file. */
  readonly fileBytes: number;
  /** Inflated bytes of all files together. */
  readonly totalBytes: number;
  /** Inflated to compressed size. */
  readonly ratio: number;
}

/** JSON full of repeated member names packs 20 to 60 times; deflate itself stops near 1,000. */
export const ZIP_LIMITS: ZipLimits = { entries: 5000, fileBytes: 256 * 2 ** 20, totalBytes: 4 * 2 ** 30, ratio: 300 };

export class ZipError extends Error {
  override readonly name = 'ZipError';
}

export interface ZipMember {
  readonly name: string;
  /** The whole file, checked against its declared size and checksum. Rejects with a ZipError. */
  read(): Promise<Uint8Array>;
  /** The first bytes of it, unchecked: enough to tell what it is. */
  head(bytes: number): Promise<Uint8Array>;
}

/** Inflates all of an entry, or about the first `most` bytes. yauzl fails when more comes out than the entry declares. */
async function inflate(zip: ZipFile, entry: Entry, most = Number.POSITIVE_INFINITY): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      chunks.push(chunk);
      if (size >= most) break;
    }
  } catch (cause) {
    throw new ZipError(`The file ${entry.fileName} in the archive is damaged.`, { cause });
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function refuse(entry: Entry, limits: ZipLimits): void {
  if (entry.isEncrypted()) throw new ZipError(`The file ${entry.fileName} in the archive is encrypted.`);
  if (entry.uncompressedSize > limits.fileBytes)
    throw new ZipError(
      `The file ${entry.fileName} in the archive would inflate to ${entry.uncompressedSize} bytes, beyond the limit.`,
    );
  if (entry.uncompressedSize > entry.compressedSize * limits.ratio + 4096)
    throw new ZipError(`The file ${entry.fileName} in the archive is packed more tightly than real data can be.`);
}

/** Lists the files of a ZIP archive held in memory, within limits. Rejects with a ZipError when it is damaged or beyond them. */
export async function openZip(bytes: Uint8Array, limits: ZipLimits = ZIP_LIMITS): Promise<readonly ZipMember[]> {
  const members = new Map<string, ZipMember>();
  let total = 0;
  const places: { readonly from: number; readonly to: number }[] = [];
  try {
    const zip = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    if (zip.entryCount > limits.entries)
      throw new ZipError(`The archive holds ${zip.entryCount} files, more than ${limits.entries}.`);
    for await (const entry of zip.eachEntry()) {
      if (entry.fileName.endsWith('/')) continue;
      refuse(entry, limits);
      total += entry.uncompressedSize;
      if (total > limits.totalBytes) throw new ZipError('The archive would inflate beyond the limit for all its files together.');
      places.push({ from: entry.relativeOffsetOfLocalHeader, to: entry.relativeOffsetOfLocalHeader + entry.compressedSize });
      if (members.has(entry.fileName)) throw new ZipError(`The archive holds two files named ${entry.fileName}.`);
      members.set(entry.fileName, {
        name: entry.fileName,
        head: (most) => inflate(zip, entry, most),
        read: async () => {
          const content = await inflate(zip, entry);
          if (crc32(content) !== entry.crc32) throw new ZipError(`The file ${entry.fileName} in the archive fails its checksum.`);
          return content;
        },
      });
    }
  } catch (cause) {
    if (cause instanceof ZipError) throw cause;
    if (cause instanceof Error && /relative path|absolute path|invalid characters/.test(cause.message))
      throw new ZipError('The archive names a file outside its own folder.', { cause });
    throw new ZipError('The archive is damaged or was cut off.', { cause });
  }
  // The same few bytes listed as many files would inflate to far more than was received.
  places.sort((a, b) => a.from - b.from);
  if (places.some(({ from }, index) => index > 0 && from < (places[index - 1]?.to ?? 0)))
    throw new ZipError('The archive holds files that lie over each other.');
  return [...members.values()];
}
