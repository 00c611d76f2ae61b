import { writeFile } from 'node:fs/promises';
import { readCli, USAGE } from './options.ts';
import { startSandbox } from './start-sandbox.ts';

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function run(): Promise<void> {
  if (process.argv.includes('--help')) {
    say(USAGE);
    return;
  }
  const { sandbox: options, manifestFile, withParent } = readCli(process.argv.slice(2));
  const sandbox = await startSandbox(options);
  if (manifestFile !== null) await writeFile(manifestFile, `${JSON.stringify(sandbox.manifest, null, 1)}\n`);

  let stopping = false;
  const stop = (why: string): void => {
    if (stopping) return;
    stopping = true;
    say(`Stopping the sandbox: ${why}`);
    void sandbox.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', () => stop('asked to end'));
  process.on('SIGINT', () => stop('interrupted'));
  if (withParent) {
    process.stdin.on('end', () => stop('its parent has gone'));
    process.stdin.on('close', () => stop('its parent has gone'));
    process.stdin.resume();
  }

  const { addepar, orion, black_diamond, openingBook, control } = sandbox;
  process.stdout.write(`${JSON.stringify({ addepar, orion, black_diamond, openingBook, control })}\n`);
  say(
    `Sandbox ready: ${sandbox.firm.accounts.length} accounts, ${sandbox.firm.slots.total} positions, as of ${sandbox.firm.date(1)}, ${sandbox.manifest.length} planted differences`,
  );
}

try {
  await run();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  say(USAGE);
  process.exitCode = 1;
}
