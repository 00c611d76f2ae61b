/** A text that tells who somebody is, and the word that takes its place. */
export interface PersonalTerm {
  readonly text: string;
  readonly kind: 'account' | 'account number' | 'portfolio' | 'firm' | 'connection' | 'person' | 'machine';
}

const KEY = 3;
const WORD = /[\p{L}\p{N}]/u;

interface Known {
  readonly lower: string;
  readonly instead: string;
}

/**
 * Replaces each of the terms wherever it stands as whole words, whatever its case, as it is and as JSON spells it. Terms
 * of fewer than three characters are not looked for. One pass over the text, however many terms there are.
 */
export function createPersonalFilter(terms: readonly PersonalTerm[]): (text: string) => string {
  const byStart = new Map<string, Known[]>();
  const seen = new Set<string>();
  for (const { text, kind } of terms)
    for (const spelling of [text.trim(), JSON.stringify(text.trim()).slice(1, -1)]) {
      const lower = spelling.toLowerCase();
      if (lower.length < KEY || seen.has(lower)) continue;
      seen.add(lower);
      const start = lower.slice(0, KEY);
      const known = byStart.get(start) ?? [];
      known.push({ lower, instead: `[${kind}]` });
      byStart.set(start, known);
    }
  // The longest first, so that a name that begins like another is taken whole.
  for (const known of byStart.values()) known.sort((a, b) => b.lower.length - a.lower.length);

  return (text) => {
    const lower = text.toLowerCase();
    // Some letters change their length with their case; then places in both texts are not the same.
    const searched = lower.length === text.length ? lower : text;
    let out = '';
    let from = 0;
    let at = 0;
    while (at <= searched.length - KEY) {
      const found =
        at > 0 && WORD.test(searched[at - 1] ?? '')
          ? undefined
          : byStart
              .get(searched.slice(at, at + KEY))
              ?.find(({ lower: term }) => searched.startsWith(term, at) && !WORD.test(searched[at + term.length] ?? ' '));
      if (found === undefined) {
        at += 1;
        continue;
      }
      out += text.slice(from, at) + found.instead;
      at += found.lower.length;
      from = at;
    }
    return out + text.slice(from);
  };
}
