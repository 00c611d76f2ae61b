/** Why a book could not be opened or brought up to date; it was left as it is. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: 'gap' | 'edited' | 'from_the_future' | 'failed' | 'not_ours';
  constructor(code: MigrationError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
