import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DECLARATIONS = ['entities/gridOptions.d.ts', 'entities/colDef.d.ts', 'api/gridApi.d.ts'];
/** Modules of shared parts that only commercial modules bring. */
const ONLY_WITH_PAID = ['GroupCellRenderer', 'SharedMasterDetail', 'LoadingCellRenderer'];
const MEMBER = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:readonly\s+)?(\w+)\??\s*[(:<]/g;

/** @param {string} bundle @param {string} variable @returns {Map<string, string>} keys and values of an object literal */
function literalOf(bundle, variable) {
  const body = new RegExp(`${variable} = \\{([^}]*)\\}`).exec(bundle)?.[1];
  if (body === undefined) throw new Error(`ag-grid-community no longer has ${variable}: read its new form and change this file.`);
  return new Map([...body.matchAll(/(\w+): "?(\w+)"?/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

/**
 * What of AG Grid works only with its commercial edition, as the installed package itself says: names of options, column
 * members and API functions, and names of built-in components such as agSetColumnFilter.
 * @param {string} root @returns {{ members: ReadonlySet<string>, components: ReadonlySet<string> }}
 */
export function enterpriseNames(root) {
  const folder = join(root, 'node_modules/ag-grid-community/dist');
  const bundle = readFileSync(join(folder, 'package/main.esm.mjs'), 'utf8');
  const modules = literalOf(bundle, 'ENTERPRISE_MODULE_NAMES');
  /** @type {Set<string>} */
  const members = new Set();
  /** @type {Set<string>} */
  const free = new Set();
  for (const file of DECLARATIONS)
    for (const [, comment = '', name = ''] of readFileSync(join(folder, 'types/src', file), 'utf8').matchAll(MEMBER)) {
      const named = [...(/@agModule (.*)/.exec(comment)?.[1] ?? '').matchAll(/`(\w+?)Module`/g)].map((match) => match[1] ?? '');
      const paid = named.length > 0 && named.every((module) => modules.has(module));
      (paid ? members : free).add(name);
    }
  const components = [...literalOf(bundle, 'USER_COMP_MODULES')]
    .filter(([, module]) => modules.has(module) || ONLY_WITH_PAID.includes(module))
    .map(([name]) => name);
  return { members: new Set([...members].filter((name) => !free.has(name))), components: new Set(components) };
}
