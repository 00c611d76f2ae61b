/**
 * Stands in for the `electron` module in a Node process, so that the desktop program can be started as it is. Its window
 * is played by the test that started the process: commands come and answers go over the process channel.
 */
import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** What the test may ask for. */
export type StubCommand =
  | { readonly do: 'connect'; readonly frame: Readonly<Record<string, unknown>> | null }
  | { readonly do: 'send'; readonly message: unknown }
  | { readonly do: 'fetch'; readonly url: string }
  | { readonly do: 'quit' };

/** What the test hears. */
export type StubReport =
  | { readonly did: 'load'; readonly url: string; readonly webPreferences: Readonly<Record<string, unknown>> }
  | { readonly did: 'port' }
  | { readonly did: 'answer'; readonly message: unknown }
  | { readonly did: 'fetch'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly text: string }
  | { readonly did: 'handlers'; readonly names: readonly string[] };

const report = (message: StubReport): void => void process.send?.(message);
const called: string[] = [];

class Contents extends EventEmitter {
  reload(): void {}
  setWindowOpenHandler(): void {
    called.push('setWindowOpenHandler');
  }
}

class Frame {
  readonly parent = null;
  readonly origin = 'app://workstation';
  readonly url = 'app://workstation/';
  postMessage(_channel: string, _message: unknown, [port]: [MessagePort]): void {
    pagePort?.close();
    pagePort = port;
    port.on('message', (message: unknown) => report({ did: 'answer', message }));
    report({ did: 'port' });
  }
}

let pagePort: MessagePort | undefined;
const windows: BrowserWindow[] = [];
const schemes = new Map<string, (request: Request) => Promise<Response>>();
const paths = new Map<string, string>([['userData', resolve(process.env['STUB_USER_DATA'] ?? '.')]]);

class App extends EventEmitter {
  isPackaged = false;
  enableSandbox = (): void => void called.push('enableSandbox');
  requestSingleInstanceLock = (): boolean => (called.push('requestSingleInstanceLock'), true);
  whenReady = (): Promise<void> => Promise.resolve();
  getPath = (name: string): string => paths.get(name) ?? '';
  setPath = (name: string, path: string): void => void paths.set(name, path);
  getAppPath = (): string => process.cwd();
  getVersion = (): string => '0.1.0';
  exit = (code: number): void => process.exit(code);
  quit = (): void => {
    windows.at(-1)?.emit('close');
    windows.at(-1)?.emit('closed');
    let prevented = false;
    this.emit('will-quit', { preventDefault: () => (prevented = true) });
    if (!prevented) this.exit(0);
  };
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new Contents();
  readonly #webPreferences: Readonly<Record<string, unknown>>;
  constructor(options: { webPreferences: Readonly<Record<string, unknown>> }) {
    super();
    this.#webPreferences = options.webPreferences;
    windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }
  loadURL(url: string): Promise<void> {
    report({ did: 'handlers', names: called });
    report({ did: 'load', url, webPreferences: this.#webPreferences });
    return Promise.resolve();
  }
  getNormalBounds = () => ({ x: 5, y: 6, width: 1200, height: 800 });
  isMaximized = () => false;
  isMinimized = () => false;
  isDestroyed = () => false;
  maximize(): void {}
  show(): void {}
  focus(): void {}
}

export class MessageChannelMain {
  readonly port1: unknown;
  readonly port2: unknown;
  constructor() {
    const { port1, port2 } = new MessageChannel();
    const events = new EventEmitter();
    port1.on('message', (data) => events.emit('message', { data }));
    port1.on('close', () => events.emit('close'));
    this.port1 = Object.assign(events, {
      postMessage: (message: unknown) => port1.postMessage(message),
      start: () => port1.start(),
      close: () => port1.close(),
    });
    this.port2 = port2;
  }
}

export const app = new App();
export const ipcMain = new EventEmitter();
export const protocol = {
  registerSchemesAsPrivileged: () => called.push('registerSchemesAsPrivileged'),
  handle: (scheme: string, handler: (request: Request) => Promise<Response>) => void schemes.set(scheme, handler),
};
export const session = {
  defaultSession: new Proxy({}, { get: (_target, name) => () => called.push(String(name)) }),
};
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: () => called.push('setApplicationMenu'),
};
export const dialog = {
  showErrorBox: (title: string, text: string) => console.error(`${title}: ${text}`),
  showMessageBox: () => Promise.resolve({ response: 1 }),
};
export const nativeTheme = { shouldUseDarkColors: false };
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] };
export const safeStorage = {
  getSelectedStorageBackend: () => 'basic_text',
  isAsyncEncryptionAvailable: () => Promise.resolve(false),
};
export const shell = { openExternal: () => Promise.resolve(), showItemInFolder: () => undefined };
/** A machine without notifications. */
export const Notification = { isSupported: () => false };
export const utilityProcess = {
  fork: () => {
    throw new Error('There are no helper processes here.');
  },
};
export default { app, ipcMain, shell };

async function obey(command: StubCommand): Promise<void> {
  if (command.do === 'connect') {
    const frame = command.frame === null ? null : Object.assign(new Frame(), command.frame);
    ipcMain.emit('desktop:connect', { sender: windows.at(-1)?.webContents, senderFrame: frame });
  } else if (command.do === 'send') pagePort?.postMessage(command.message);
  else if (command.do === 'quit') app.quit();
  else {
    const answer = await schemes.get('app')?.(new Request(command.url));
    if (answer)
      report({ did: 'fetch', status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() });
  }
}
process.on('message', (command: StubCommand) => void obey(command));
