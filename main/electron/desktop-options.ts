/** What the command line may say to the desktop program. Chromium and the system add switches of their own, so others are left alone. */
export interface DesktopOptions {
  /** Null: the usual place. */
  readonly dataDir: string | null;
  readonly sandbox: boolean;
  /** A backup to start from: its name, or `newest`. Null: the book as it is. */
  readonly restoreBackup: string | null;
}

/** Reads `--data DIR` (or `--data=DIR`), `--restore-backup NAME` (or with `=`) and `--sandbox`. */
export function desktopOptions(argv: readonly string[]): DesktopOptions {
  const given = (name: string): string | null => {
    const at = argv.indexOf(name);
    const joined = argv.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1);
    return joined ?? (at === -1 ? undefined : argv[at + 1]) ?? null;
  };
  return {
    dataDir: given('--data') || null,
    sandbox: argv.includes('--sandbox'),
    restoreBackup: given('--restore-backup') || null,
  };
}
