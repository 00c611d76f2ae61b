/** What the command line may say to the desktop program. Chromium and the system add switches of their own, so others are left alone. */
export interface DesktopOptions {
  /** Null: the usual place. */
  readonly dataDir: string | null;
  readonly sandbox: boolean;
  /** A backup to start from: its name, or `newest`. Null: the book as it is. */
  readonly restoreBackup: string | null;
  /** Loopback port that answers scrapes of the metrics; null, and without a token, none does. 0 takes a free one. */
  readonly metricsPort: number | null;
  readonly metricsTokenFile: string | null;
}

/** The value of `--name VALUE` or `--name=VALUE`; null when there is none. */
function valueOf(argv: readonly string[], name: string): string | null {
  const at = argv.indexOf(name);
  const joined = argv.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
  const given = joined ?? (at === -1 ? undefined : argv[at + 1]);
  return given === undefined || given === '' ? null : given;
}

/** Reads `--data DIR`, `--restore-backup NAME`, `--sandbox`, `--metrics-port N` and `--metrics-token-file FILE`. */
export function desktopOptions(argv: readonly string[]): DesktopOptions {
  const port = valueOf(argv, '--metrics-port');
  return {
    dataDir: valueOf(argv, '--data'),
    sandbox: argv.includes('--sandbox'),
    restoreBackup: valueOf(argv, '--restore-backup'),
    metricsPort:
      port !== null && /^\d{1,5}$/.test(port) && Number.parseInt(port, 10) <= 65_535 ? Number.parseInt(port, 10) : null,
    metricsTokenFile: valueOf(argv, '--metrics-token-file'),
  };
}
