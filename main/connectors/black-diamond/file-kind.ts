import { endOfString, endOfValue, skipSpace } from '../json-scan.ts';

export type BatchFileKind = 'accounts' | 'relationships' | 'other';

/** Member names of the first object of a JSON list, as far as the beginning of its text shows them; lower case. */
export function firstMembers(head: string): ReadonlySet<string> {
  const names = new Set<string>();
  let i = skipSpace(head, 0);
  if (head[i] === '[') i = skipSpace(head, i + 1);
  if (head[i] !== '{') return names;
  i = skipSpace(head, i + 1);
  while (head[i] === '"') {
    const end = endOfString(head, i);
    const colon = skipSpace(head, end);
    if (head[colon] !== ':') break;
    names.add(head.slice(i + 1, end - 1).toLowerCase());
    i = skipSpace(head, endOfValue(head, skipSpace(head, colon + 1)));
    if (head[i] === ',') i = skipSpace(head, i + 1);
  }
  return names;
}

/** What a file of the batch holds, told by content: file names are not documented. */
export function batchFileKind(head: string): BatchFileKind {
  const names = firstMembers(head);
  const has = (...wanted: readonly string[]): boolean => wanted.some((name) => names.has(name));
  if (has('relationship') && has('referencedentities', 'referencingportfolios')) return 'relationships';
  // Without an id too: its records are then set aside one by one instead of being passed over as a file.
  if (has('holdings', 'longnumber', 'custodialaccountname') || (has('id') && has('accountnumber'))) return 'accounts';
  return 'other';
}
