/**
 * @typedef {{ version?: string, license?: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} LockEntry
 * @typedef {{ packages: Record<string, LockEntry> }} Lock
 */

/** Licences that allow shipping the package inside a closed product with a notice. */
const ALLOWED = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'OFL-1.1',
  'Unlicense',
]);
const ENTERPRISE =
  /^(ag-grid-enterprise|ag-grid-charts-enterprise|ag-charts-enterprise|@ag-grid-enterprise\/.+|@ag-grid-[^/]+\/.*enterprise.*)$/;

/** @param {string} licence SPDX expression @returns {boolean} */
export function isAllowed(licence) {
  const text = licence.replace(/[()]/g, '');
  if (text.includes(' OR ')) return text.split(' OR ').some(isAllowed);
  if (text.includes(' AND ')) return text.split(' AND ').every(isAllowed);
  return ALLOWED.has(text);
}

/** @param {Lock} lock @param {string} from @param {string} name @returns {string | null} where npm put the package that `from` gets */
function placeOf({ packages }, from, name) {
  for (let base = from; ; base = base.slice(0, Math.max(base.lastIndexOf('/node_modules/'), 0))) {
    const place = `${base === '' ? '' : `${base}/`}node_modules/${name}`;
    if (packages[place]) return place;
    if (base === '') return null;
  }
}

/** @param {Lock} lock @param {readonly string[]} names packages the program imports @returns {string[]} places of these and all below them */
export function shippedPlaces(lock, names) {
  /** @type {Set<string>} */
  const seen = new Set();
  const open = names.map((name) => placeOf(lock, '', name));
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (place === null || seen.has(place)) continue;
    seen.add(place);
    const entry = lock.packages[place];
    for (const name of Object.keys({ ...entry?.dependencies, ...entry?.optionalDependencies }))
      open.push(placeOf(lock, place, name));
  }
  return [...seen].sort();
}

/** @param {Lock} lock @param {readonly string[]} places @returns {string[]} one sentence per package that may not ship */
export const licenceProblems = (lock, places) =>
  places.flatMap((place) => {
    const licence = lock.packages[place]?.license;
    return licence !== undefined && isAllowed(licence)
      ? []
      : [`${place} is shipped under ${licence ?? 'no stated licence'}, which is not on the list.`];
  });

/** @param {Lock} lock @returns {string[]} one sentence per package of AG Grid's commercial edition */
export const enterprisePackages = (lock) =>
  Object.entries(lock.packages).flatMap(([place, entry]) =>
    [place.replace(/^.*node_modules\//, ''), ...Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })]
      .filter((name) => ENTERPRISE.test(name))
      .map((name) => `${name} is commercial (${place === '' ? 'package.json' : place}).`),
  );
