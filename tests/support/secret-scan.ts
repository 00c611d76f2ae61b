import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Base64 text that stands for these bytes wherever they lie in a longer text: one spelling for each of the three offsets. */
const base64Spellings = (bytes: Buffer): string[] =>
  [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Characters at the edges depend on the neighbours, so they are left out.
    const from = Math.ceil((offset * 8) / 6);
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return text.slice(from, whole);
  });

/** The spellings in which a secret could stand somewhere: as it is, in JSON, in an address, in base64, base64url and hex. */
export function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = base64Spellings(bytes);
  const hex = bytes.toString('hex');
  return [
    ...new Set([
      secret,
      JSON.stringify(secret).slice(1, -1),
      encodeURIComponent(secret),
      ...base64,
      ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
      hex,
      hex.toUpperCase(),
    ]),
  ];
}

/** Where a secret was found, as `name: secret in this spelling`; empty when nowhere. */
export function findSecrets(places: ReadonlyMap<string, Buffer>, secrets: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (const [secretName, secret] of secrets)
    for (const spelling of spellingsOf(secret))
      for (const [name, bytes] of places) if (bytes.includes(spelling)) found.push(`${name}: ${secretName} as ${spelling}`);
  return found;
}

/** Every file below a folder, by path. */
export function filesBelow(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(names.map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name))]));
}
