import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../../../main/observability/logger.ts';
import { systemClock } from '../../../main/ports/clock.ts';
import { createServer, type Listening, type ServerParts } from '../../../main/server/create-server.ts';
import { createFakeApp, type FakeApp } from './fake-app.ts';

export interface TestHost extends Listening {
  readonly app: FakeApp;
  readonly rendererDir: string;
  readonly logs: string[];
  /** Sends a request with the API token; other headers may be added or, as undefined, taken away. */
  send(
    path: string,
    options?: { method?: string; headers?: Record<string, string | undefined>; body?: unknown; text?: string },
  ): Promise<Response>;
  stop(): Promise<void>;
}

const PAGE =
  '<!doctype html><html><head><meta name="csp-nonce" content="__CSP_NONCE__"><link rel="icon" href="/favicon.svg"><script type="module" src="/assets/app-1a2b.js"></script></head><body></body></html>';

/** A built page in a folder of its own, with one link in it that leads out. */
const buildPage = async (): Promise<{ root: string; rendererDir: string }> => {
  const root = await mkdtemp(join(tmpdir(), 'clearway-server-'));
  const rendererDir = join(root, 'renderer');
  await mkdir(join(rendererDir, 'assets'), { recursive: true });
  await writeFile(join(root, 'outside.txt'), 'OUTSIDE');
  await writeFile(join(rendererDir, 'index.html'), PAGE);
  await writeFile(join(rendererDir, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(rendererDir, '.hidden'), 'HIDDEN');
  await writeFile(join(rendererDir, 'assets', 'app-1a2b.js'), 'export {};');
  await symlink(join(root, 'outside.txt'), join(rendererDir, 'assets', 'link.txt'));
  return { root, rendererDir };
};

/** A listening host over a fake program, on a free port. */
export const startHost = async (parts: Partial<ServerParts> = {}): Promise<TestHost> => {
  const app = createFakeApp();
  const { root, rendererDir } = await buildPage();
  const logs: string[] = [];
  const host = createServer({
    app,
    actor: { id: 'local', name: 'Operations desk', role: 'admin' },
    rendererDir,
    clock: systemClock,
    random: { bytes: (count) => new Uint8Array(randomBytes(count)) },
    logger: createLogger({ now: () => systemClock.now(), write: (line) => logs.push(line), level: 'debug' }),
    port: 0,
    version: '9.9.9',
    ...parts,
  });
  const listening = await host.listen();
  return {
    ...listening,
    app,
    rendererDir,
    logs,
    send: (path, { method = 'GET', headers = {}, body, text } = {}) => {
      const all: Record<string, string | undefined> = {
        authorization: `Bearer ${listening.token}`,
        ...(body === undefined && text === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      };
      const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined);
      const content = text ?? (body === undefined ? undefined : JSON.stringify(body));
      return fetch(listening.url + path, { method, headers: given, ...(content === undefined ? {} : { body: content }) });
    },
    stop: async () => {
      await host.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
};
