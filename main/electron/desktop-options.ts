/** What the command line may say to the desktop program. Chromium and the system add switches of their own, so others are left alone. */
export interface DesktopOptions {
  /** Null: the usual place. */
  readonly dataDir: string | null;
  readonly sandbox: boolean;
}

/** Reads `--data DIR` (or `--data=DIR`) and `--sandbox`. */
export function desktopOptions(argv: readonly string[]): DesktopOptions {
  const at = argv.indexOf('--data');
  const joined = argv.find((arg) => arg.startsWith('--data='))?.slice('--data='.length);
  const given = joined ?? (at === -1 ? undefined : argv[at + 1]);
  return { dataDir: given === undefined || given === '' ? null : given, sandbox: argv.includes('--sandbox') };
}
