import { parseArgs } from 'node:util';

export interface SandboxOptions {
  /** Absent members leave the choice to the demo firm. */
  readonly holdings?: number;
  readonly accounts?: number;
  readonly seed?: number;
}

export interface Options {
  /** Null: the usual place of this platform. */
  readonly dataDir: string | null;
  /** 0 takes a free one. */
  readonly port: number;
  readonly openBrowser: boolean;
  /** A backup to put in the place of the book first: its name, or `newest`. Null: none. */
  readonly restoreBackup: string | null;
  /** File with the token of a scraper of the metrics; null: there is none. */
  readonly metricsTokenFile: string | null;
  /** Null: no demo firm. */
  readonly sandbox: SandboxOptions | null;
}

export type ParsedOptions =
  | { readonly kind: 'run'; readonly options: Options }
  | { readonly kind: 'help' }
  | { readonly kind: 'bad'; readonly message: string };

export const HELP = `Clearway, served to a browser on this machine only.

  --data DIR              folder for the book and its files
  --port N                port to listen on; 0, the default, takes a free one
  --no-open               do not open a browser
  --restore-backup NAME   put a backup in the place of the book first; newest takes the newest good one
  --metrics-token-file F  file with the bearer token a Prometheus may read /metrics with
  --sandbox               start the demo firm beside it
  --sandbox-holdings N    size of the demo firm, in positions
  --sandbox-accounts N    size of the demo firm, in accounts
  --sandbox-seed N        another demo firm for another number
  --help                  this text

When ready, one line of JSON with the address and the token goes to standard output; logs go to standard error and to files in the data
folder.
`;

class BadOption extends Error {}

const wholeNumber = (name: string, text: string | undefined, least: number, most: number): number | undefined => {
  if (text === undefined) return undefined;
  const value = /^\d{1,12}$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (!(value >= least && value <= most))
    throw new BadOption(`--${name} takes a whole number from ${least} to ${most}, not "${text}".`);
  return value;
};

/** Reads the command line of the headless host. Never throws: what is wrong comes back as a sentence. */
export const parseOptions = (argv: readonly string[]): ParsedOptions => {
  try {
    const { values } = parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        'restore-backup': { type: 'string' },
        sandbox: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        'metrics-token-file': { type: 'string' },
        'sandbox-holdings': { type: 'string' },
        'sandbox-accounts': { type: 'string' },
        'sandbox-seed': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return { kind: 'help' };
    if (values.data === '') throw new BadOption('--data takes the path of a folder.');
    if (values['metrics-token-file'] === '') throw new BadOption('--metrics-token-file takes the path of a file.');
    const port = wholeNumber('port', values.port, 0, 65_535) ?? 0;
    const holdings = wholeNumber('sandbox-holdings', values['sandbox-holdings'], 1, 5_000_000);
    const accounts = wholeNumber('sandbox-accounts', values['sandbox-accounts'], 1, 900_000);
    const seed = wholeNumber('sandbox-seed', values['sandbox-seed'], 0, 2 ** 31 - 1);
    const sized = {
      ...(holdings === undefined ? {} : { holdings }),
      ...(accounts === undefined ? {} : { accounts }),
      ...(seed === undefined ? {} : { seed }),
    };
    if (values.sandbox !== true && Object.keys(sized).length > 0)
      throw new BadOption('The --sandbox-... options need --sandbox.');
    return {
      kind: 'run',
      options: {
        dataDir: values.data ?? null,
        port,
        openBrowser: values['no-open'] !== true,
        restoreBackup: values['restore-backup'] ?? null,
        metricsTokenFile: values['metrics-token-file'] ?? null,
        sandbox: values.sandbox === true ? sized : null,
      },
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'bad', message: `${message}\nUse --help for the list of options.` };
  }
};
