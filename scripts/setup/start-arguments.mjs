import { SetupError } from './progress.mjs';

/** @typedef {'desktop' | 'headless' | 'any'} Host */

/**
 * Splits the arguments of start.mjs into the host and what is passed on to it. A start without a host is a first look,
 * so it asks for the demo firm; the host connects it only in an empty book.
 * @param {readonly string[]} argv @returns {{ host: Host, args: string[] }}
 */
export function parseStartArguments(argv) {
  /** @type {string[]} */
  const args = [];
  /** @type {string | undefined} */
  let host;
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] ?? '';
    if (arg === '--host') host = argv[++i] ?? '';
    else if (arg.startsWith('--host=')) host = arg.slice('--host='.length);
    else args.push(arg);
  }
  if (host !== undefined && host !== 'desktop' && host !== 'headless')
    throw new SetupError(`There is no host "${host}". Use --host desktop or --host headless.`);
  if (host === undefined && !args.includes('--sandbox')) args.push('--sandbox');
  return { host: host ?? 'any', args };
}
