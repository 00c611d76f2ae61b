import type { Demo, DemoPlatform } from '../api/demo.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const texts = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );

const platformOf = (value: unknown): DemoPlatform | null =>
  isRecord(value) && typeof value['baseUrl'] === 'string'
    ? { baseUrl: value['baseUrl'], credentials: texts(value['credentials']), settings: texts(value['settings']) }
    : null;

/** Reads what the demo firm printed about itself. Throws with a plain sentence when the program and it do not fit together. */
export const demoOf = (info: Readonly<Record<string, unknown>>): Demo => {
  const [addepar, orion, blackDiamond] = [info['addepar'], info['orion'], info['black_diamond']].map(platformOf);
  if (!addepar || !orion || !blackDiamond || typeof info['openingBook'] !== 'string') {
    throw new Error('The demo firm did not say where its platforms listen.');
  }
  return { platforms: { addepar, orion, black_diamond: blackDiamond }, openingBook: info['openingBook'] };
};
