/** A JSON number by its digits. */
export class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Tree = null | boolean | string | Digits | Tree[] | { [member: string]: Tree };

/** Reads JSON so that every number can be written again as it stood. */
export const readTree = (text: string): Tree =>
  JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? new Digits(context?.source ?? String(value)) : value,
  ) as Tree;

export function writeTree(tree: Tree): string {
  if (tree instanceof Digits) return tree.text;
  if (Array.isArray(tree)) return `[${tree.map(writeTree).join(',')}]`;
  if (tree === null || typeof tree !== 'object') return JSON.stringify(tree);
  const members = Object.entries(tree).map(([name, value]) => `${JSON.stringify(name)}:${writeTree(value)}`);
  return `{${members.join(',')}}`;
}

/** Every member of every object below, with the object that holds it; its `shape` is the path without places in lists. */
export function membersOf(tree: Tree, shape = ''): { holder: { [member: string]: Tree }; name: string; shape: string }[] {
  if (Array.isArray(tree)) return tree.flatMap((item) => membersOf(item, `${shape}[]`));
  if (tree === null || typeof tree !== 'object' || tree instanceof Digits) return [];
  return Object.entries(tree).flatMap(([name, value]) => [
    { holder: tree, name, shape: `${shape}.${name}` },
    ...membersOf(value, `${shape}.${name}`),
  ]);
}
