/** A text that tells who somebody is, and the word that takes its place. */
export interface PersonalTerm {
  readonly text: string;
  readonly kind: 'account' | 'account number' | 'portfolio' | 'firm' | 'connection' | 'person' | 'machine';
}

const KEY = 3;
const WORD = /[\p{L}\p{N}]/u;

/** Terms that begin alike, by their length, longest first, so that a name that begins like another is taken whole. */
type Alike = Map<number, Map<string, string>>;

/**
 * Replaces each of the terms wherever it stands as whole words, whatever its case, as it is and as JSON spells it. Terms
 * of fewer than three characters are not looked for. One pass over the text, however many terms there are.
 */
export function createPersonalFilter(terms: readonly PersonalTerm[]): (text: string) => string {
  const byStart = new Map<string, Alike>();
  const spellings = terms
    .flatMap(({ text, kind }) =>
      [text.trim(), JSON.stringify(text.trim()).slice(1, -1)].map((spelling) => ({ lower: spelling.toLowerCase(), kind })),
    )
    .filter(({ lower }) => lower.length >= KEY)
    .sort((a, b) => b.lower.length - a.lower.length);
  for (const { lower, kind } of spellings) {
    const alike = byStart.get(lower.slice(0, KEY)) ?? (new Map() as Alike);
    byStart.set(lower.slice(0, KEY), alike);
    const same = alike.get(lower.length) ?? new Map<string, string>();
    alike.set(lower.length, same);
    if (!same.has(lower)) same.set(lower, `[${kind}]`);
  }

  return (text) => {
    const lower = text.toLowerCase();
    // Some letters change their length with their case; then places in both texts are not the same.
    const searched = lower.length === text.length ? lower : text;
    const at = (place: number): { readonly length: number; readonly instead: string } | null => {
      const alike = byStart.get(searched.slice(place, place + KEY));
      if (alike === undefined || (place > 0 && WORD.test(searched[place - 1] ?? ''))) return null;
      for (const [length, same] of alike) {
        const instead = same.get(searched.slice(place, place + length));
        if (instead !== undefined && !WORD.test(searched[place + length] ?? ' ')) return { length, instead };
      }
      return null;
    };
    let out = '';
    let from = 0;
    for (let place = 0; place <= searched.length - KEY;) {
      const found = at(place);
      if (found !== null) {
        out += text.slice(from, place) + found.instead;
        from = place + found.length;
      }
      place += found?.length ?? 1;
    }
    return out + text.slice(from);
  };
}
