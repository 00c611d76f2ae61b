import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { extractFile, listPackage } from '@electron/asar';

/** @typedef {'linux-x64' | 'linux-arm64' | 'win32-x64' | 'win32-arm64' | 'darwin-x64' | 'darwin-arm64'} Target */

const PACKAGES = ['better-sqlite3', 'keytar'];
const REQUIRED = [
  'package.json',
  'out/main/index.js',
  'out/main/writer.js',
  'out/main/reader.js',
  'out/main/ingest.js',
  'out/main/inspector.js',
  'out/main/sandbox.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  ...PACKAGES.map((name) => `node_modules/${name}/package.json`),
];
const ALLOWED = [
  /^package\.json$/,
  /^out\/main\/[\w.-]+\.js$/,
  /^out\/preload\/index\.cjs$/,
  /^out\/renderer\/(index\.html|favicon\.\w+)$/,
  /^out\/renderer\/assets\/[\w.-]+\.(js|css|woff2|svg|png)$/,
  /^node_modules\/(better-sqlite3|keytar)\/(package\.json|LICENSE(\.md)?|lib\/[\w/.-]+\.js)$/,
];

/** @param {Target} target @returns {string[]} the native modules of one platform, as paths in the package */
const nativeModules = (target) => [
  `node_modules/better-sqlite3/prebuilds/${target}.node`,
  `node_modules/keytar/prebuilds/${target}/keytar.node`,
];

/** @param {string} archive @returns {Map<string, boolean>} paths of the files in an asar, with whether they lie beside it unpacked */
function filesOf(archive) {
  const entries = listPackage(archive, { isPack: true }).map((line) => {
    const [state = '', path = ''] = line.split(' : ');
    return /** @type {const} */ ([path.trim().replaceAll('\\', '/').replace(/^\//, ''), state.trim() === 'unpack']);
  });
  const folders = new Set(entries.flatMap(([path]) => path.split('/').map((_part, i, parts) => parts.slice(0, i).join('/'))));
  return new Map(entries.filter(([path]) => !folders.has(path)));
}

/** @param {ReadonlyMap<string, boolean>} files @param {Target} target @returns {string[]} */
export function fileProblems(files, target) {
  const native = nativeModules(target);
  return [
    ...[...REQUIRED, ...native].filter((path) => !files.has(path)).map((path) => `${path} is missing.`),
    ...native
      .filter((path) => files.get(path) === false)
      .map((path) => `${path} lies inside the archive, where it cannot be loaded.`),
    ...[...files.keys()]
      .filter((path) => !native.includes(path) && !ALLOWED.some((pattern) => pattern.test(path)))
      .map((path) => `${path} must not ship.`),
  ];
}

/** @param {Record<string, unknown>} manifest package.json as shipped @returns {string[]} */
export const manifestProblems = (manifest) => [
  ...['devDependencies', 'scripts'].filter((key) => key in manifest).map((key) => `package.json still has ${key}.`),
  ...(manifest['main'] === 'out/main/index.js' ? [] : ['package.json does not start out/main/index.js.']),
];

/**
 * What is wrong with the resources folder of a packed program.
 * @param {string} resources @param {Target} target @param {readonly string[]} migrations paths below migrations/ @returns {string[]}
 */
export function packageProblems(resources, target, migrations) {
  const archive = join(resources, 'app.asar');
  const shipped = readdirSync(join(resources, 'migrations'), { recursive: true }).map((path) =>
    String(path).replaceAll('\\', '/'),
  );
  return [
    ...fileProblems(filesOf(archive), target),
    ...manifestProblems(JSON.parse(extractFile(archive, 'package.json').toString())),
    ...migrations.filter((path) => !shipped.includes(path)).map((path) => `migrations/${path} is missing.`),
  ];
}
