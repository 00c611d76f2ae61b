import { endOfString, endOfValue, skipSpace } from './json-scan.ts';

type Span = readonly [start: number, end: number];

const unescapePointer = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

function membersOf(text: string, start: number): ReadonlyMap<string, Span> {
  const members = new Map<string, Span>();
  const isObject = text[start] === '{';
  if (!isObject && text[start] !== '[') return members;
  let i = skipSpace(text, start + 1);
  for (let index = 0; i < text.length && text[i] !== '}' && text[i] !== ']'; index += 1) {
    let key = String(index);
    if (isObject) {
      const end = endOfString(text, i);
      key = String(JSON.parse(text.slice(i, end)));
      i = skipSpace(text, skipSpace(text, end) + 1);
    }
    const end = endOfValue(text, i);
    members.set(key, [i, end]);
    i = skipSpace(text, end);
    if (text[i] === ',') i = skipSpace(text, i + 1);
  }
  return members;
}

/**
 * Cuts parts of a JSON text out by JSON pointer, byte for byte as received; null when the pointer leads nowhere. Keeps
 * the layout of what it has visited, so that cutting many records of one page stays linear.
 */
export function createJsonCutter(text: string): (pointer: string) => string | null {
  const visited = new Map<number, ReadonlyMap<string, Span>>();
  const layout = (start: number): ReadonlyMap<string, Span> => {
    const members = visited.get(start) ?? membersOf(text, start);
    visited.set(start, members);
    return members;
  };
  return (pointer) => {
    let start = skipSpace(text, 0);
    let end = text.length;
    for (const segment of pointer.split('/').slice(1)) {
      const span = layout(start).get(unescapePointer(segment));
      if (!span) return null;
      [start, end] = span;
    }
    return text.slice(start, end).trimEnd();
  };
}
