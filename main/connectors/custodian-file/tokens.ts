import { decodeEntities } from './entities.ts';
import { unreadable } from './unreadable.ts';

/**
 * `start` and `end` are offsets in the text; `line` is 1-based; `column` is null when the tag is the first thing on its
 * line. Names are upper case; text has its entities decoded.
 */
export type Token =
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly empty: boolean;
      readonly line: number;
      readonly column: number | null;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: 'close'; readonly name: string; readonly line: number; readonly start: number; readonly end: number }
  | { readonly kind: 'text'; readonly value: string; readonly line: number; readonly start: number; readonly end: number };

const NAME = /[A-Za-z][A-Za-z0-9._:-]{0,79}/y;
const MAX_TAG = 1_000;
const MAX_INDENT = 200;

/**
 * Reads SGML and XML alike: tags, text, CDATA. Comments and processing instructions are skipped, declarations refused.
 * `next` returns null at the end; it throws the `unreadable` error.
 */
export function createTokenizer(text: string, from: number): { next(): Token | null } {
  // Files of old Macs end lines with CR alone.
  const lineEnd = text.includes('\n') ? '\n' : '\r';
  let position = from;
  let line = 1;
  let lineStart = 0;
  let nextEnd = text.indexOf(lineEnd);

  /** Offsets are asked for in rising order. */
  const lineAt = (offset: number): number => {
    while (nextEnd >= 0 && nextEnd < offset) {
      line += 1;
      lineStart = nextEnd + 1;
      nextEnd = text.indexOf(lineEnd, nextEnd + 1);
    }
    return line;
  };

  // Some files are one line of megabytes: only the beginning of a line is looked at.
  const columnAt = (offset: number): number | null =>
    offset - lineStart <= MAX_INDENT && !/\S/.test(text.slice(lineStart, offset)) ? null : offset - lineStart + 1;

  function skipPast(mark: string, what: string): number {
    const end = text.indexOf(mark, position);
    if (end < 0)
      throw unreadable(
        lineAt(position),
        `A ${what} begins here and is never finished. The file may be cut off; download it again.`,
      );
    return end + mark.length;
  }

  function readTag(): Token {
    const start = position;
    const closing = text[start + 1] === '/';
    NAME.lastIndex = start + (closing ? 2 : 1);
    const name = NAME.exec(text)?.[0];
    const end = text.indexOf('>', start);
    const rest =
      end < 0 || end - start > MAX_TAG || name === undefined ? null : text.slice(start + (closing ? 2 : 1) + name.length, end);
    if (name === undefined || rest === null || rest.includes('<') || !/^(?:\s|\/?$)/.test(rest))
      throw unreadable(
        lineAt(start),
        `A tag begins here and is not finished properly: ${JSON.stringify(text.slice(start, start + 40))}.`,
      );
    position = end + 1;
    const place = { line: lineAt(start), start, end: position };
    return closing
      ? { kind: 'close', name: name.toUpperCase(), ...place }
      : { kind: 'open', name: name.toUpperCase(), empty: rest.endsWith('/'), column: columnAt(start), ...place };
  }

  function next(): Token | null {
    const start = position;
    let value = '';
    for (;;) {
      const bracket = text.indexOf('<', position);
      const stop = bracket < 0 ? text.length : bracket;
      if (stop > position) value += decodeEntities(text.slice(position, stop));
      position = stop;
      if (bracket < 0) break;
      const after = text[bracket + 1] ?? '';
      if (text.startsWith('<!--', bracket)) {
        position = skipPast('-->', 'comment');
      } else if (text.startsWith('<![CDATA[', bracket)) {
        const end = skipPast(']]>', 'CDATA section');
        value += text.slice(bracket + 9, end - 3);
        position = end;
      } else if (after === '?') {
        position = skipPast('?>', 'processing instruction');
      } else if (after === '!' && /[A-Za-z[]/.test(text[bracket + 2] ?? '')) {
        throw unreadable(
          lineAt(bracket),
          'A declaration such as a DTD stands here. Such files are not read, because a DTD can change what the file means.',
        );
      } else if (/[A-Za-z/]/.test(after)) {
        if (/\S/.test(value)) break;
        return readTag();
      } else {
        // A bare "<" as in "a < b" is text.
        value += '<';
        position = bracket + 1;
      }
    }
    if (!/\S/.test(value)) return null;
    const lead = text.slice(start, position).search(/\S/);
    return { kind: 'text', value, line: lineAt(start + Math.max(lead, 0)), start, end: position };
  }

  return { next };
}
