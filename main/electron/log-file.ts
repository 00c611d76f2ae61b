import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/**
 * Takes log lines into a file that only its owner can read. A file that has reached `maxBytes` becomes `FILE.1`, in place
 * of the one before, so that never more than twice as much is kept. A disk that takes no lines stops nothing.
 */
export function createLogFile(file: string, maxBytes = 5_000_000): (line: string) => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  let size = sizeOf(file);
  return (line) => {
    try {
      if (size >= maxBytes) {
        renameSync(file, `${file}.1`);
        size = 0;
      }
      appendFileSync(file, line, { mode: 0o600 });
      size += Buffer.byteLength(line);
    } catch {
      // Without a disk there is nobody to tell; the program itself says what it could not save.
    }
  };
}
