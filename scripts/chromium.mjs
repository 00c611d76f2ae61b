import { existsSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runCaptured } from './setup/captured.mjs';
import { findNode24 } from './setup/node-24.mjs';
import { say } from './setup/progress.mjs';

/** @typedef {{ path: string, env: Record<string, string> }} Chromium a browser and what its environment must hold */

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...[process.env['ProgramFiles'], process.env['ProgramFiles(x86)']].flatMap((folder) =>
    folder ? [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')] : [],
  ),
];
const IN_PLAYWRIGHT_CACHE = ['chrome-linux64/chrome', 'chrome-linux/chrome', 'chrome-win64/chrome.exe', 'chrome-win/chrome.exe'];
/**
 * Parts of a browser that tests have no use for. The first two stand behind the address bar: each new window starts a
 * process for them that costs more than the page under test. The others are those that Playwright switches off: of two
 * lists only the last counts.
 */
const WITHOUT = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'TcpPortRandomizationWin',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
];

/** What a browser is started with for tests. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${WITHOUT.join(',')}`,
];
const APT_LIMIT_MS = 300_000;

/** @returns {string[]} */
function playwrightBrowsers() {
  const cache =
    process.platform === 'darwin'
      ? join(homedir(), 'Library/Caches/ms-playwright')
      : process.platform === 'win32'
        ? join(process.env['LOCALAPPDATA'] ?? '', 'ms-playwright')
        : join(homedir(), '.cache/ms-playwright');
  if (!existsSync(cache)) return [];
  const folders = readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name));
  return folders.flatMap((folder) => IN_PLAYWRIGHT_CACHE.map((file) => join(cache, folder, file)));
}

/** @returns {string | null} a browser that is already on this machine: CHROMIUM_PATH, the system's, then Playwright's */
export function findChromium() {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => COMMANDS.map((name) => join(folder, name)));
  const candidates = [
    process.env['CHROMIUM_PATH'] ?? '',
    ...(process.platform === 'win32' ? [] : onPath),
    ...PLACES,
    ...playwrightBrowsers(),
  ];
  return candidates.find((path) => path !== '' && existsSync(path)) ?? null;
}

/** @param {string} path @param {Record<string, string>} env */
const starts = async (path, env) =>
  (await runCaptured(path, ['--version'], { env: { ...process.env, ...env }, timeoutMs: 20_000 })).code === 0;

/**
 * Unpacks the browser that npm brought; it has its own copies of libraries a bare system lacks.
 * @param {string} root @returns {Promise<Chromium | null>}
 */
async function unpackChromium(root) {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = join(root, '.cache', 'chromium');
  const path = join(folder, 'chromium');
  const unpack = (/** @type {Record<string, string>} */ env) => {
    const script = `require('node:fs').mkdirSync(${JSON.stringify(folder)}, { recursive: true });
      import('@sparticuz/chromium').then((it) => it.default.executablePath());`;
    return runCaptured(findNode24(root), ['-e', script], {
      cwd: root,
      env: { ...process.env, ...env, TMPDIR: folder },
      timeoutMs: 120_000,
    });
  };
  // The browser reads the language from LANG and refuses POSIX names such as C.UTF-8.
  const plain = { LANG: 'en_US.UTF-8' };
  const withLibraries = { ...plain, LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
  await unpack({});
  if (existsSync(path) && (await starts(path, plain))) return { path, env: plain };
  rmSync(path, { force: true });
  await unpack({ AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' });
  return existsSync(path) && (await starts(path, withLibraries)) ? { path, env: withLibraries } : null;
}

/** @returns {Promise<string | null>} Debian's browser, installed when this user may */
export async function installChromium() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null;
  say('Installing Chromium with apt-get.');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCaptured('apt-get', ['update', '-qq'], { env, timeoutMs: APT_LIMIT_MS });
  await runCaptured('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env, timeoutMs: APT_LIMIT_MS });
  return findChromium();
}

/**
 * A browser for the tests: one that is here, the one npm brought, or Debian's freshly installed.
 * @param {string} root @returns {Promise<Chromium | null>}
 */
export async function ensureChromium(root) {
  const here = findChromium();
  if (here) return { path: here, env: {} };
  const unpacked = await unpackChromium(root);
  if (unpacked) return unpacked;
  const installed = await installChromium();
  return installed === null ? null : { path: installed, env: {} };
}
