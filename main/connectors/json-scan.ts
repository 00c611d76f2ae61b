const QUOTE = 34;
const BACKSLASH = 92;

/** Index just behind the string that starts at `start`; the length of the text when it never ends. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end + 1;
  }
  return text.length;
}

/** Index just behind the value that starts at `start`. The text must be valid JSON. */
export function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (first !== 123 && first !== 91) {
    let end = start;
    while (end < text.length && !/[,\]}\s]/.test(text.charAt(end))) end += 1;
    return end;
  }
  let depth = 0;
  for (let i = start; i < text.length;) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = endOfString(text, i);
      continue;
    }
    if (code === 123 || code === 91) depth += 1;
    if (code === 125 || code === 93) depth -= 1;
    i += 1;
    if (depth === 0) return i;
  }
  return text.length;
}

/** Index of the next character that is no white space. */
export function skipSpace(text: string, start: number): number {
  let i = start;
  while (text.charCodeAt(i) <= 32) i += 1;
  return i;
}
