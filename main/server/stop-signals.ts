export interface StopParts {
  readonly on: (signal: 'SIGINT' | 'SIGTERM', listener: () => void) => void;
  readonly exit: (code: number) => void;
  /** Ends everything cleanly. */
  readonly stop: () => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
  /** For the clean end; past it the program ends all the same. */
  readonly limitMs: number;
  readonly onFailed: (cause: unknown) => void;
}

const NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/** The first signal stops cleanly and exits with 0, or with 1 when that fails or takes too long; a second exits at once. */
export const followStopSignals = ({ on, exit, stop, sleep, limitMs, onFailed }: StopParts): void => {
  let isStopping = false;
  const follow = (signal: 'SIGINT' | 'SIGTERM'): void => {
    if (isStopping) return exit(128 + NUMBERS[signal]);
    isStopping = true;
    const late = sleep(limitMs).then((): never => {
      throw new Error(`Stopping took longer than ${limitMs} ms`);
    });
    Promise.race([stop(), late]).then(
      () => exit(0),
      (cause: unknown) => {
        onFailed(cause);
        exit(1);
      },
    );
  };
  on('SIGINT', () => follow('SIGINT'));
  on('SIGTERM', () => follow('SIGTERM'));
};
