import { parseSync, Visitor } from 'oxc-parser';

/** @typedef {{ members: ReadonlySet<string>, components: ReadonlySet<string> }} EnterpriseNames */

/** @param {unknown} node @returns {string | null} */
function nameOf(node) {
  const { type, name, value } = /** @type {{ type: string, name?: string, value?: unknown }} */ (node);
  if (type === 'Identifier' || type === 'JSXIdentifier') return name ?? null;
  return type === 'Literal' && typeof value === 'string' ? value : null;
}

/**
 * Names of AG Grid's commercial edition that a source file uses: as an option, a JSX attribute, a call on the grid, or a
 * built-in component. Files that do not import AG Grid use none.
 * @param {string} file @param {string} source @param {EnterpriseNames} names @returns {{ line: number, name: string }[]}
 */
export function enterpriseUsage(file, source, names) {
  if (!/from ['"]ag-grid-/.test(source)) return [];
  /** @type {{ line: number, name: string }[]} */
  const found = [];
  const check = (/** @type {unknown} */ node, /** @type {ReadonlySet<string>} */ forbidden) => {
    const name = nameOf(node);
    const { start } = /** @type {{ start: number }} */ (node);
    if (name !== null && forbidden.has(name)) found.push({ line: source.slice(0, start).split('\n').length, name });
  };
  new Visitor({
    Property: (node) => check(node.key, names.members),
    JSXAttribute: (node) => check(node.name, names.members),
    MemberExpression: (node) => check(node.property, names.members),
    Literal: (node) => check(node, names.components),
  }).visit(parseSync(file, source).program);
  return found.sort((a, b) => a.line - b.line);
}
