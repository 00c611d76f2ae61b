/**
 * @typedef {{ version?: string, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} LockEntry
 * @typedef {{ name: string, range: string, wantedBy: string }} Missing
 */

/** @param {Record<string, LockEntry>} packages @param {string} from @param {string} name */
function isReachable(packages, from, name) {
  for (let base = from; ; base = base.slice(0, Math.max(base.lastIndexOf('/node_modules/'), 0))) {
    if (packages[`${base === '' ? '' : `${base}/`}node_modules/${name}`]?.version) return true;
    if (base === '') return false;
  }
}

/**
 * Packages that something in the lock asks for and that the lock does not hold. A native package published without the
 * bindings of some platform leaves such holes, and then `npm ci` refuses to run.
 * @param {{ packages: Record<string, LockEntry> }} lock @returns {Missing[]}
 */
export const missingFromLock = ({ packages }) =>
  Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter(([name]) => !isReachable(packages, path, name))
      .map(([name, range]) => ({ name, range, wantedBy: path === '' ? 'package.json' : path })),
  );
