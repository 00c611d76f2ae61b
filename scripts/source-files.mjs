import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const NOT_OURS = new Set(['node_modules', 'out', 'release', 'coverage', 'test-results', 'playwright-report']);

/**
 * Paths of the project's own files, from the root, with forward slashes, sorted. Generated and hidden folders are left out,
 * except .ci.
 * @param {string} root @param {RegExp} wanted tested against the path @param {string} [folder] @returns {string[]}
 */
export const sourceFiles = (root, wanted, folder = '') =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory())
        return NOT_OURS.has(entry.name) || (entry.name.startsWith('.') && entry.name !== '.ci')
          ? []
          : sourceFiles(root, wanted, path);
      return entry.isFile() && wanted.test(path) ? [path] : [];
    });

/** Files that hold code. */
export const CODE = /\.[cm]?[jt]sx?$/;
