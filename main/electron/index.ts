import * as nodeFs from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import {
  BrowserWindow,
  Menu,
  MessageChannelMain,
  Notification,
  app,
  dialog,
  ipcMain,
  nativeTheme,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  utilityProcess,
} from 'electron';
import Store from 'electron-store';
import { createApp, type App, type Notice } from '../app.ts';
import { createHostLog } from '../observability/host-log.ts';
import { LOG_FOLDER } from '../observability/log-folder.ts';
import { listenForScrapes, type MetricsListener } from '../observability/metrics-listener.ts';
import { readScrapeToken } from '../observability/scrape-token.ts';
import { systemClock } from '../ports/clock.ts';
import { lockDataFolder } from '../ports/data-folder-lock.ts';
import { makeDataFolder, usualDataFolder } from '../ports/data-folder.ts';
import { auditAnchorFile } from '../ports/audit-anchor-file.ts';
import { createNodeHttp } from '../ports/http-node.ts';
import { systemNetwork } from '../ports/network.ts';
import { systemRandom } from '../ports/random.ts';
import { createTurns } from '../ports/turns.ts';
import { openKeychain } from '../vault/keychain.ts';
import { keychainsInOrder } from '../vault/keychain-order.ts';
import { createVault } from '../vault/vault.ts';
import { createAlertNotices } from './alert-notices.ts';
import { APP_SCHEME, createAppProtocol } from './app-protocol.ts';
import { createCrashPolicy } from './crash-policy.ts';
import { startDemo, type RunningDemo } from './demo-process.ts';
import { desktopOptions } from './desktop-options.ts';
import { bringToFront, openDesktopWindow } from './desktop-window.ts';
import { createExternalLinks } from './external-links.ts';
import { createIpcConnections } from './ipc-connections.ts';
import { CONNECT_CHANNEL } from './ipc-handshake.ts';
import { menuTemplate } from './menu.ts';
import { guardNavigation } from './navigation-guard.ts';
import { SCHEME } from './own-page.ts';
import { openSafeKeychain } from './safe-keychain.ts';
import { createSchemeRedirects } from './scheme-redirects.ts';
import { createPlaceRequests } from './place-requests.ts';
import { createPageFiles } from './page-files.ts';
import { guardPermissions } from './permissions.ts';
import { preferencesOptions, type Preferences } from './preferences.ts';

const STOP_WITHIN_MS = 5_000;
const built = (path: string): string => join(import.meta.dirname, path);

// Before the program is ready: Electron takes these only then.
app.enableSandbox();
protocol.registerSchemesAsPrivileged([APP_SCHEME]);
const options = desktopOptions(process.argv.slice(1));
// The lock below is kept in this folder, so that each book is opened once and two books can be open side by side.
if (options.dataDir !== null) app.setPath('userData', resolve(options.dataDir, 'desktop'));
const dataDir = resolve(options.dataDir ?? usualDataFolder({ platform: process.platform, env: process.env, home: homedir() }));

const passphrase = process.env['CLEARWAY_PASSPHRASE'] ?? null;
delete process.env['CLEARWAY_PASSPHRASE'];

const log = createHostLog(systemClock.now);
const { logger } = log;
process.on('exit', log.flushSync);

function end(code: number): void {
  log.flushSync();
  app.exit(code);
}

function fail(title: string, error: unknown): void {
  logger.error(title, { error });
  dialog.showErrorBox(title, error instanceof Error ? error.message : String(error));
  end(1);
}

const startDemoFirm = (): Promise<RunningDemo> =>
  startDemo({
    fork: (entry, args, forkOptions) => utilityProcess.fork(entry, args, forkOptions),
    entry: built('sandbox.js'),
    env: process.env,
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
    onExit: (code) => logger.warn('The demo firm ended; its platforms no longer answer', { code }),
  });

const createProgram = (demo: RunningDemo | null, notify: (notices: readonly Notice[]) => void): App =>
  createApp({
    dataDir,
    migrationsDir: app.isPackaged
      ? join(process.resourcesPath, 'migrations/sqlite')
      : join(app.getAppPath(), 'migrations/sqlite'),
    host: 'desktop',
    version: app.getVersion(),
    ports: {
      clock: systemClock,
      random: systemRandom,
      http: createNodeHttp(),
      anchors: auditAnchorFile(dataDir, process.env),
      network: systemNetwork,
      log: logger,
      redirects: createSchemeRedirects(app),
      notify,
      secrets: createVault({
        dataDir,
        bytes: systemRandom.bytes,
        takeTurns: createTurns(dataDir, systemClock),
        openKeychain: async () =>
          keychainsInOrder([
            await openKeychain((cause) => logger.warn('This machine has no keychain that can be used', { cause })),
            await openSafeKeychain({
              safeStorage,
              platform: process.platform,
              path: join(dataDir, 'desktop-keys.json'),
              files: nodeFs,
              onMissing: (cause) => logger.warn('Electron has no safe storage on this machine', { cause }),
            }),
          ]),
        passphrase,
        onSecret: logger.registerSecret,
        log: (message, details) => logger.info(message, details),
      }),
    },
    ...(options.restoreBackup === null ? {} : { restoreBackup: options.restoreBackup }),
    ...(demo ? { demo: demo.demo } : {}),
    onDeath: (error) => fail('Clearway has to close', error),
  });

/** Off unless the command line names a port and the file of a token. */
async function answerScrapes({ metrics }: App): Promise<MetricsListener | null> {
  const { metricsPort, metricsTokenFile } = options;
  if (metricsPort === null || metricsTokenFile === null) return null;
  const token = readScrapeToken(metricsTokenFile);
  logger.registerSecret(token);
  const listener = await listenForScrapes({ metrics, token, port: metricsPort });
  logger.info('Metrics can be scraped', { url: listener.url });
  return listener;
}

async function run(): Promise<void> {
  guardPermissions(session.defaultSession);
  const preferences = new Store<Record<keyof Preferences, Preferences['window']>>(preferencesOptions);
  // It would answer pages about folders of this machine; the window has one channel, and this is not it.
  ipcMain.removeAllListeners('electron-store-get-data');

  await makeDataFolder(dataDir);
  // The same lock as the headless host's: one program writes a book.
  if ((await lockDataFolder(dataDir)) === null)
    throw new Error(
      `Clearway is running already with the folder ${dataDir}. Close it first, or choose another folder with --data.`,
    );
  log.files.open(join(dataDir, LOG_FOLDER));
  const demo = options.sandbox ? await startDemoFirm() : null;
  let window: BrowserWindow | null = null;
  const places = createPlaceRequests();
  const notices = createAlertNotices({
    isSupported: () => Notification.isSupported(),
    create: (notice) => new Notification(notice),
    onOpen: (place) => {
      places.ask(place);
      show();
    },
    onFailure: (error) => logger.error('A notification could not be shown', { error }),
  });
  const program = createProgram(demo, notices);
  await program.start();
  const scrapes = await answerScrapes(program);

  const connections = createIpcConnections({
    app: {
      dispatch: (name, input, context) => program.dispatch(name, input, context),
      subscribe: (listener) => {
        const stops = [program.subscribe(listener), places.subscribe(listener)];
        return () => stops.forEach((stop) => stop());
      },
    },
    actor: { id: 'local', name: userInfo().username, role: 'admin' },
    newRequestId: systemRandom.uuid,
    onFailure: (error, requestId) => logger.error('A call of the window failed', { error, requestId }),
    newChannel: () => new MessageChannelMain(),
    ownContents: () => window?.webContents ?? null,
    onRefused: (reason) => logger.warn(`A request for a port was refused: ${reason}`),
  });
  ipcMain.on(CONNECT_CHANNEL, (event) => connections.connect(event));
  protocol.handle(SCHEME, createAppProtocol({ read: createPageFiles(built('../renderer')), random: systemRandom }));
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({ platform: process.platform, packaged: app.isPackaged, openFolder: () => shell.showItemInFolder(dataDir) }),
    ),
  );

  const crashPolicy = createCrashPolicy(systemClock);
  const openWindow = (): void => {
    window = openDesktopWindow({
      create: (windowOptions) => new BrowserWindow(windowOptions),
      screens: () => screen.getAllDisplays().map(({ workArea }) => workArea),
      dark: () => nativeTheme.shouldUseDarkColors,
      preferences,
      preload: built('../preload/index.cjs'),
      packaged: app.isPackaged,
      afterCrash: crashPolicy,
      askToReload: async (parent) => {
        const question = {
          type: 'warning' as const,
          message: 'The window stopped working.',
          detail: 'Your decisions are saved.',
          buttons: ['Load it again', 'Close'],
        };
        return (await dialog.showMessageBox(parent, question)).response === 0;
      },
      onFailure: (message, error) => logger.error(message, { error }),
    });
    window.on('closed', () => {
      connections.close();
      window = null;
    });
  };
  const show = (): void => (window ? bringToFront(window) : openWindow());
  openWindow();

  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => (process.platform === 'darwin' ? undefined : app.quit()));
  // After the windows have closed, so that their places are kept; the book is closed before the process ends.
  app.on('will-quit', (event) => {
    event.preventDefault();
    const stopped = program.stop().catch((error: unknown) => logger.error('Clearway did not stop cleanly', { error }));
    void scrapes?.close();
    void Promise.race([stopped, systemClock.sleep(STOP_WITHIN_MS)]).then(() => {
      demo?.stop();
      end(0);
    });
  });
}

if (app.requestSingleInstanceLock()) {
  process.on('unhandledRejection', (error) => fail('Clearway has to close after an unexpected failure', error));
  const openExternal = createExternalLinks({
    open: (address) => shell.openExternal(address),
    refused: (address) => logger.warn('A link to a site that is not listed was not opened', { address }),
    failed: (error) => logger.error('The browser of the system could not be started', { error }),
  });
  app.on('session-created', guardPermissions);
  app.on('web-contents-created', (_event, contents) => guardNavigation(contents, openExternal));
  app.on('child-process-gone', (_event, { type, reason, exitCode }) =>
    logger.error('A helper process was lost', { type, reason, exitCode }),
  );
  app
    .whenReady()
    .then(run)
    .catch((error: unknown) => fail('Clearway cannot open its book', error));
} else app.quit();
