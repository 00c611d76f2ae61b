import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { createHostLog, type HostLog } from '../observability/host-log.ts';
import { LOG_FOLDER } from '../observability/log-folder.ts';
import type { Logger } from '../observability/logger.ts';
import { readScrapeToken } from '../observability/scrape-token.ts';
import { systemClock } from '../ports/clock.ts';
import { systemRandom } from '../ports/random.ts';
import { createServer } from './create-server.ts';
import { lockDataFolder } from '../ports/data-folder-lock.ts';
import { makeDataFolder, usualDataFolder } from '../ports/data-folder.ts';
import type { HostedApp } from './host-app.ts';
import { openBrowser } from './open-browser.ts';
import { HELP, parseOptions, type Options } from './options.ts';
import { humanLine, readyLine } from './ready-line.ts';
import { startSandbox, type RunningSandbox } from './sandbox-process.ts';
import { followStopSignals } from './stop-signals.ts';

const EXIT = { failed: 1, badOptions: 2, folderInUse: 3 } as const;
const STOP_LIMIT_MS = 4_800;
const GRACE_MS = 2_000;

export interface ProgramStart {
  readonly dataDir: string;
  readonly logger: Logger;
  /** From CLEARWAY_PASSPHRASE, which is gone from the environment by now. */
  readonly passphrase: string | null;
  /** A backup to start from; null: the book as it is. */
  readonly restoreBackup: string | null;
  /** What the demo firm said about itself; null without one. */
  readonly sandbox: Readonly<Record<string, unknown>> | null;
  /** The program cannot go on: ends the host with exit code 1. */
  readonly onDeath: (error: Error) => void;
}

export interface HostParts {
  readonly version: string;
  readonly rendererDir: string;
  readonly sandboxEntry: string;
  readonly createApp: (start: ProgramStart) => HostedApp | Promise<HostedApp>;
}

/** A reason not to start that the person can do something about. */
class CannotStart extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

const takePassphrase = (): string | null => {
  const passphrase = process.env['CLEARWAY_PASSPHRASE'] ?? '';
  // Children, the browser among them, inherit the environment.
  delete process.env['CLEARWAY_PASSPHRASE'];
  return passphrase === '' ? null : passphrase;
};

const operatorName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return 'Operator';
  }
};

const portTaken = (error: unknown, port: number): unknown =>
  error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE'
    ? new CannotStart(EXIT.failed, `Port ${port} is used by another program. Choose another with --port, or 0 for any free one.`)
    : error;

const scrapeTokenOf = ({ metricsTokenFile }: Options, logger: Logger): string | null => {
  if (metricsTokenFile === null) return null;
  try {
    const token = readScrapeToken(metricsTokenFile);
    logger.registerSecret(token);
    return token;
  } catch (error) {
    throw new CannotStart(EXIT.badOptions, error instanceof Error ? error.message : String(error));
  }
};

const start = async (
  options: Options,
  parts: HostParts,
  { logger, files }: HostLog,
  passphrase: string | null,
): Promise<void> => {
  const scrapeToken = scrapeTokenOf(options, logger);
  const dataDir = resolve(options.dataDir ?? usualDataFolder({ platform: process.platform, env: process.env, home: homedir() }));
  await makeDataFolder(dataDir);
  const lock = await lockDataFolder(dataDir);
  if (lock === null) {
    throw new CannotStart(
      EXIT.folderInUse,
      `Clearway is running already with the folder ${dataDir}. Close it first, or choose another folder with --data.`,
    );
  }

  // Only who holds the folder writes into it.
  files.open(join(dataDir, LOG_FOLDER));

  // What is to be undone, last first.
  const undo: (() => Promise<void>)[] = [() => lock.release()];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    // One step that fails must not keep the others from being taken.
    for (let step = undo.pop(); step !== undefined; step = undo.pop())
      await step().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  followStopSignals({
    on: (signal, listener) => process.on(signal, listener),
    exit: (code) => process.exit(code),
    stop: async () => {
      logger.info('Stopping');
      await stop();
    },
    sleep: (ms) => systemClock.sleep(ms),
    limitMs: STOP_LIMIT_MS,
    onFailed: (error) => logger.error('Clearway did not stop cleanly', { error }),
  });

  try {
    let sandbox: RunningSandbox | null = null;
    if (options.sandbox !== null) {
      sandbox = await startSandbox({
        entry: parts.sandboxEntry,
        options: options.sandbox,
        sleep: (ms, signal) => systemClock.sleep(ms, signal),
        onLine: (line) => logger.info('The demo firm says', { line }),
        onExit: (code) => logger.warn('The demo firm ended; its platforms no longer answer', { code }),
      });
      const { stop: stopSandbox } = sandbox;
      undo.push(stopSandbox);
    }
    const onDeath = (error: Error): void => {
      logger.error('The program cannot go on; Clearway ends', { error });
      const end = (): never => process.exit(EXIT.failed);
      Promise.race([stop(), systemClock.sleep(STOP_LIMIT_MS)]).then(end, end);
    };
    const app = await parts.createApp({
      dataDir,
      logger,
      passphrase,
      restoreBackup: options.restoreBackup,
      sandbox: sandbox?.info ?? null,
      onDeath,
    });
    undo.push(() => app.stop());
    await app.start();

    const server = createServer({
      app,
      actor: { id: 'local', name: operatorName(), role: 'admin' },
      rendererDir: parts.rendererDir,
      clock: systemClock,
      random: systemRandom,
      logger,
      port: options.port,
      version: parts.version,
      scrapeToken,
      limits: { grace: GRACE_MS },
    });
    undo.push(() => server.stop());
    const listening = await server.listen().catch((error: unknown) => {
      throw portTaken(error, options.port);
    });
    logger.info('Ready', { url: listening.url, dataDir });
    process.stdout.write(readyLine(listening));
    if (process.stderr.isTTY) process.stderr.write(humanLine(listening));
    if (options.openBrowser) {
      openBrowser(listening.signInUrl, { platform: process.platform, env: process.env }, (error) =>
        logger.warn('No browser could be opened; use the link', { error }),
      );
    }
  } catch (error) {
    await stop().catch((cause: unknown) => logger.error('Clearway did not stop cleanly', { error: cause }));
    throw error;
  }
};

/** Runs the headless host from the command line of this process until a signal ends it. */
export const runHost = async (parts: HostParts): Promise<void> => {
  const parsed = parseOptions(process.argv.slice(2));
  if (parsed.kind === 'help') {
    process.stdout.write(HELP);
    return;
  }
  if (parsed.kind === 'bad') {
    process.stderr.write(`${parsed.message}\n`);
    process.exitCode = EXIT.badOptions;
    return;
  }
  const log = createHostLog(systemClock.now);
  const { logger } = log;
  process.on('exit', log.flushSync);
  process.on('uncaughtExceptionMonitor', (error) => logger.error('An unexpected failure; Clearway ends', { error }));
  // Whoever reads the output may go; that is no reason to end.
  process.stdout.on('error', () => undefined);
  process.on('unhandledRejection', (error) => {
    logger.error('An unexpected failure; Clearway ends', { error });
    process.exit(EXIT.failed);
  });
  try {
    await start(parsed.options, parts, log, takePassphrase());
  } catch (error) {
    if (!(error instanceof CannotStart)) logger.error('Clearway could not start', { error });
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof CannotStart ? error.exitCode : EXIT.failed);
  }
};
