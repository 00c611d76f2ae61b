import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { referencesOf } from './references.mjs';
import { ZONES } from './table.mjs';

/** @typedef {import('./table.mjs').Zone} Zone */
/** @typedef {{ file: string, line: number, imports: string, message: string }} Violation */

const TRANSLATED = /** @type {Record<string, string>} */ ({ '**': '.*', '*': '([^/]*)' });

/** @param {string} pattern @param {string} path @returns {RegExpExecArray | null} */
const fits = (pattern, path) =>
  new RegExp(`^${pattern.replace(/\*\*|\*|[.+?^${}()|[\]\\]/g, (part) => TRANSLATED[part] ?? `\\${part}`)}$`).exec(path);

/**
 * The zone of a file, and for a zone of many folders (`main/connectors/*`) the folder; undefined when the table has no
 * place for the file.
 * @param {string} file @returns {{ zone: Zone, name: string } | undefined}
 */
export function zoneOf(file) {
  for (const zone of ZONES)
    for (const pattern of zone.files) {
      const match = fits(pattern, file);
      if (match) return { zone, name: pattern.endsWith('*/**') ? (match[1] ?? '') : '' };
    }
  return undefined;
}

/** @param {Zone} zone @param {string} name @param {string} target */
function mayImportFile(zone, name, target) {
  const own = zoneOf(target);
  if (own?.zone === zone && own.name === name) return true;
  const patterns = zone.may.map((pattern) => pattern.replaceAll('$1', name));
  const refused = patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1), target));
  return !refused && patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern, target));
}

/** @param {string} specifier */
const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
/** @param {string} specifier */
const isNodeModule = (specifier) => specifier.startsWith('node:') || builtinModules.includes(packageOf(specifier));

/** @param {{ zone: Zone, name: string }} home @param {string} file @param {string} specifier @returns {string | null} */
function refusal({ zone, name }, file, specifier) {
  const path = specifier.split('?')[0] ?? '';
  if (path.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), path));
    if (target.startsWith('..')) return 'the file is outside the project';
    return mayImportFile(zone, name, target) ? null : `${zone.name} may not import ${target}: ${zone.why}`;
  }
  if (path.startsWith('/') || path.startsWith('file:')) return 'absolute paths are not imports of this project';
  if (isNodeModule(path)) return zone.node ? null : `${zone.name} may not import Node modules: ${zone.why}`;
  return zone.packages.includes('**') || zone.packages.includes(packageOf(path))
    ? null
    : `${zone.name} may not import the package ${packageOf(path)}: ${zone.why}`;
}

/**
 * What a file imports against the table.
 * @param {string} file path from the root, with forward slashes @param {string} source @returns {Violation[]}
 */
export function checkSource(file, source) {
  const home = zoneOf(file);
  if (!home)
    return [{ file, line: 1, imports: '', message: 'the table in scripts/boundaries/table.mjs has no place for this file' }];
  /** @type {ReturnType<typeof referencesOf>} */
  let references;
  try {
    references = referencesOf(file, source);
  } catch (error) {
    return [
      { file, line: 1, imports: '', message: `it does not parse: ${error instanceof Error ? error.message : String(error)}` },
    ];
  }
  return references.flatMap(({ line, specifier }) => {
    if (specifier === null)
      return home.zone.packages.includes('**')
        ? []
        : [
            {
              file,
              line,
              imports: '(computed)',
              message: 'an import computed at run time cannot be checked: write the name out',
            },
          ];
    const message = refusal(home, file, specifier);
    return message === null ? [] : [{ file, line, imports: specifier, message }];
  });
}

/** @param {string} root @param {readonly string[]} files paths from the root @returns {Violation[]} */
export const checkFiles = (root, files) =>
  files.flatMap((file) => checkSource(file, readFileSync(join(root, ...file.split('/')), 'utf8')));

/** @param {Violation} violation */
export const describeViolation = ({ file, line, imports, message }) =>
  `${file}:${line} ${imports === '' ? '' : `imports ${imports}: `}${message}.`;
