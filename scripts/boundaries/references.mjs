import { parseSync } from 'oxc-parser';

/**
 * @typedef {{ line: number, specifier: string | null }} Reference a null specifier is computed at run time
 * @typedef {{ type: string, start: number } & Record<string, unknown>} Node
 */

const CODE = /\.[cm]?[jt]sx?$/;

/** @param {unknown} value @returns {value is Node} */
const isNode = (value) => typeof value === 'object' && value !== null && typeof (/** @type {Node} */ (value).type) === 'string';

/** @param {Node} node @returns {Node[]} */
const childrenOf = (node) =>
  Object.values(node).flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));

/**
 * Every string an expression may have as its value, such as both arms of a choice; null among them for what is computed.
 * @param {unknown} node @returns {(string | null)[]}
 */
function stringsOf(node) {
  if (!isNode(node)) return [null];
  if (node.type === 'Literal') return [typeof node['value'] === 'string' ? node['value'] : null];
  if (node.type === 'ConditionalExpression') return [...stringsOf(node['consequent']), ...stringsOf(node['alternate'])];
  if (node.type === 'ArrayExpression') return /** @type {unknown[]} */ (node['elements']).flatMap(stringsOf);
  if (node.type === 'TemplateLiteral' && /** @type {unknown[]} */ (node['expressions']).length === 0) {
    const [quasi] = /** @type {{ value: { cooked: string } }[]} */ (node['quasis']);
    return [quasi?.value.cooked ?? null];
  }
  return [null];
}

/** @param {string} source @param {unknown} node */
const textOf = (source, node) => (isNode(node) ? source.slice(node.start, /** @type {number} */ (node['end'])) : '');

/** What one node refers to; empty for most. @param {Node} node @param {string} source @returns {(string | null)[]} */
function specifiersOf(node, source) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return node['source'] ? stringsOf(node['source']) : [];
    case 'ImportExpression':
    case 'TSImportType':
      return stringsOf(node['source']);
    case 'TSImportEqualsDeclaration': {
      const reference = node['moduleReference'];
      return isNode(reference) && reference.type === 'TSExternalModuleReference' ? stringsOf(reference['expression']) : [];
    }
    case 'CallExpression': {
      const callee = textOf(source, node['callee']);
      const [first] = /** @type {unknown[]} */ (node['arguments']);
      return ['require', 'require.resolve', 'import.meta.resolve', 'import.meta.glob'].includes(callee) ? stringsOf(first) : [];
    }
    case 'NewExpression': {
      const [first, base] = /** @type {unknown[]} */ (node['arguments']);
      if (textOf(source, node['callee']) !== 'URL' || textOf(source, base) !== 'import.meta.url') return [];
      // A URL beside this file loads code only when it names code: migrations and pictures are data.
      return stringsOf(first).filter((specifier) => specifier !== null && CODE.test(specifier));
    }
    default:
      return [];
  }
}

/**
 * Everything a file imports, in every form: import, import type, export from, import(), import('…').Type, import = require,
 * require, import.meta.resolve, import.meta.glob and new URL('…', import.meta.url).
 * @param {string} file @param {string} source @returns {Reference[]} throws when the file does not parse
 */
export function referencesOf(file, source) {
  const { program, errors } = parseSync(file, source);
  if (errors[0]) throw new Error(errors[0].message);
  /** @type {Reference[]} */
  const found = [];
  /** @type {Node[]} */
  const open = [/** @type {Node} */ (/** @type {unknown} */ (program))];
  for (let node = open.pop(); node; node = open.pop()) {
    for (const specifier of specifiersOf(node, source))
      found.push({ line: source.slice(0, node.start).split('\n').length, specifier });
    open.push(...childrenOf(node));
  }
  return found.sort((a, b) => a.line - b.line);
}
