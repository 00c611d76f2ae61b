const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };
const ENTITY = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,4}));/gi;

const isCharacter = (code: number): boolean =>
  (code >= 0x20 || code === 9 || code === 10 || code === 13) && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);

/**
 * Replaces the predefined and numeric entities, once. Anything else stays as written: there are no declared entities,
 * and real files hold bare ampersands such as `AT&T`.
 */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(ENTITY, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number.parseInt(decimal, 10);
    return isCharacter(code) ? String.fromCodePoint(code) : whole;
  });
}
