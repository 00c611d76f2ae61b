import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../main/ports/clock.ts';
import { createTurns } from '../../main/ports/turns.ts';
import { startSandbox } from '../../main/sandbox/start-sandbox.ts';
import { createTokenKeeper, signInSecrets } from '../../main/sign-in/token-keeper.ts';
import { createVault } from '../../main/vault/vault.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { createBrowser } from './support/browser.ts';
import { addeparFacts, createTestClock, createTestSignIns, http, settled } from './support/signing-in.ts';

const CHILD = join(import.meta.dirname, '../support/renewing-child.ts');
const PASSPHRASE = 'alder-birch-cedar-dogwood';

/** A way to the token endpoint that counts the renewals and takes its time, so that both programs ask within one. */
async function countedTokenUrl(target: string) {
  const renewals: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const form = new URLSearchParams(body);
      if (form.get('grant_type') === 'refresh_token') renewals.push(form.get('refresh_token') ?? '');
      setTimeout(() => {
        void fetch(target, { method: 'POST', headers: { 'content-type': request.headers['content-type'] ?? '' }, body }).then(
          async (answer) =>
            response
              .writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
              .end(await answer.text()),
        );
      }, 400);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, renewals };
}

const lineOf = (child: ChildProcess, wanted: (line: string) => boolean): Promise<string> =>
  new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The child ended with code ${code}`)));
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => (wanted(line) ? resolve(line) : undefined));
  });

it('D2: two programs on one vault renew a single-use refresh token once, and both get the new token', async () => {
  const dataDir = tempFolder();
  const sandbox = await startSandbox({ accounts: 2, holdings: 10 });
  onTestFinished(() => sandbox.close());
  const { credentials, settings } = sandbox.addepar.browserSignIn;
  const token = await countedTokenUrl(settings.tokenUrl);
  const facts = addeparFacts({ ...settings, tokenUrl: token.url }, { ...credentials });
  await fetch(sandbox.control.url.replace(/faults$/, 'settings'), {
    method: 'POST',
    headers: { 'x-sandbox-token': sandbox.control.token, 'content-type': 'application/json' },
    body: JSON.stringify({ platform: 'addepar', oauthConsent: 'approve' }),
  });

  const signIns = createTestSignIns(createTestClock());
  const { id, address } = await signIns.begin(facts, 'Tester');
  await createBrowser().open(address);
  await settled(signIns, id);
  const { tokens } = signIns.finished(id);
  const takeTurns = createTurns(dataDir, systemClock);
  const vault = createVault({
    dataDir,
    bytes: (count) => randomBytes(count),
    openKeychain: () => Promise.resolve(null),
    passphrase: PASSPHRASE,
    onSecret: () => undefined,
    log: () => undefined,
    cost: { N: 1024, r: 8, p: 1 },
    takeTurns,
  });
  expect(await vault.put('connection-1', signInSecrets(facts.credentials, tokens))).toMatchObject({ kept: 'passphrase' });

  const children = [1, 2].map(() =>
    spawn(process.execPath, [CHILD, dataDir, PASSPHRASE, token.url, tokens.accessToken], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  onTestFinished(() => {
    for (const child of children) child.kill();
  });
  await Promise.all(children.map((child) => lineOf(child, (line) => line === 'ready')));
  const answers = children.map((child) => lineOf(child, (line) => line !== 'ready'));
  for (const child of children) child.stdin?.write('go\n');
  const [first, second] = await Promise.all(answers);

  expect(first).toBe(second);
  expect(first).not.toBe(tokens.accessToken);
  expect(token.renewals).toEqual([tokens.refreshToken]);
  expect(await vault.get('connection-1')).toMatchObject({ ok: true, secrets: { accessToken: first } });

  // Had the spent token come a second time, the platform would have ended the whole sign-in by now.
  const keeper = createTokenKeeper({ clock: systemClock, http, vault, takeTurns, onFailed: () => undefined });
  const third = await keeper.bearer('connection-1', facts, first ?? '');
  expect(third).not.toBe(first);
  expect(token.renewals).toHaveLength(2);
}, 60_000);

it('a program that is killed in its turn gives it back', async () => {
  const folder = tempFolder();
  const source = `const { createTurns } = await import(${JSON.stringify(join(import.meta.dirname, '../../main/ports/turns.ts'))});
    const { systemClock } = await import(${JSON.stringify(join(import.meta.dirname, '../../main/ports/clock.ts'))});
    await createTurns(${JSON.stringify(folder)}, systemClock)('work', async () => { console.log('mine'); await new Promise((r) => setTimeout(r, 60_000)); });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await lineOf(holder, (line) => line === 'mine');
  let done = false;
  const mine = createTurns(folder, systemClock)('work', () => {
    done = true;
    return Promise.resolve();
  });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(done).toBe(false);
  holder.kill('SIGKILL');
  await mine;
  expect(done).toBe(true);
}, 20_000);
