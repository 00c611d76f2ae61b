import { pino } from 'pino';
import { createLogWriter, type LogWriter } from './log-writer.ts';
import { createLogger, type Logger } from './logger.ts';

export interface HostLog {
  readonly logger: Logger;
  readonly files: LogWriter;
  /** Puts what waits where it belongs at once, for the end of the process. */
  flushSync(): void;
}

const FINE_GRAINED = '{"level":"debug"';

/**
 * The log of a host: everything goes to files once they are opened, and what is not fine-grained to standard error too,
 * neither of which the calling thread waits for.
 */
export function createHostLog(now: () => string): HostLog {
  const files = createLogWriter({ now });
  const stderr = pino.destination({ dest: 2, sync: false });
  // Whoever reads standard error may go; that is no reason to end.
  stderr.on('error', () => undefined);
  const logger = createLogger({
    now,
    level: 'debug',
    write: (line) => {
      files.write(line);
      if (!line.startsWith(FINE_GRAINED)) stderr.write(line);
    },
  });
  return {
    logger,
    files,
    flushSync() {
      files.flushSync();
      try {
        stderr.flushSync();
      } catch {
        // Nobody reads it any more.
      }
    },
  };
}
