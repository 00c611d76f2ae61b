import { readFile, realpath } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
const PAGE = 'index.html';

export interface PageFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** The page itself, which is served with a nonce; everything else is a part of it. */
  readonly isPage: boolean;
}

/**
 * The file below the folder that a path of an address means, as path segments; null for what no built file can be called.
 * Paths without an extension are places within the screens and mean the page.
 */
export function segmentsOf(path: string): readonly string[] | null {
  let text: string;
  try {
    text = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (!text.startsWith('/') || /[\\:\0%]/.test(text)) return null;
  const segments = text.split('/').slice(1);
  if (segments.some((segment) => segment === '..' || segment === '.')) return null;
  const last = segments.at(-1) ?? '';
  if (extname(last) === '') return [PAGE];
  return segments.includes('') ? null : segments;
}

/**
 * Reads built files below one folder for the window. Resolves with null when there is no such file, when it has a type
 * that the build does not make, and when it lies outside the folder, also through a link.
 */
export const createPageFiles =
  (folder: string) =>
  async (path: string): Promise<PageFile | null> => {
    const segments = segmentsOf(path);
    if (segments === null) return null;
    const contentType = CONTENT_TYPES[extname(segments.at(-1) ?? '')];
    if (contentType === undefined) return null;
    try {
      const home = await realpath(folder);
      const file = await realpath(join(home, ...segments));
      if (!file.startsWith(home + sep)) return null;
      return { bytes: await readFile(file), contentType, isPage: segments.length === 1 && segments[0] === PAGE };
    } catch (error) {
      if (
        error instanceof Error &&
        'code' in error &&
        ['ENOENT', 'ENOTDIR', 'EISDIR', 'ENAMETOOLONG'].includes(String(error.code))
      )
        return null;
      throw error;
    }
  };
