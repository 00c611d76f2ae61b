/** Progress and errors go to standard error: standard output belongs to the program that is started. @param {string} text */
export const say = (text) => void process.stderr.write(`${text}\n`);

/** A failure that is told to the person as one sentence, without a stack. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/** Ends the process with the failure on standard error. @param {unknown} error @returns {never} */
export function stop(error) {
  say(error instanceof SetupError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

/** @param {number} since milliseconds @returns {string} such as `3.2 s` */
export const secondsSince = (since) => `${(Math.round((Date.now() - since) / 100) / 10).toString()} s`;
