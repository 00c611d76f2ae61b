import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { usualDataFolder } from './ports/data-folder.ts';
import { auditAnchorFile } from './ports/audit-anchor-file.ts';
import { readAnchors } from './store/anchor-lines.ts';
import { verifyAudit } from './store/audit.ts';
import { closeDb, openReadable } from './store/open.ts';

const USAGE = 'Usage: npm run verify-audit -- [--data DIR] [--anchors DIR]';

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Checks the audit trail of a data folder, also while the program runs; exit code 0 when it is sound, 1 when not, 2 when it cannot be read. */
async function run(): Promise<number> {
  const { values } = parseArgs({ options: { data: { type: 'string' }, anchors: { type: 'string' } } });
  const dataDir = values.data ?? usualDataFolder({ platform: process.platform, env: process.env, home: homedir() });
  const path = join(dataDir, 'book.db');
  if (!existsSync(path)) throw new Error(`There is no book in ${dataDir}.`);
  const anchors = readAnchors(
    await auditAnchorFile(dataDir, { CLEARWAY_ANCHORS: values.anchors ?? process.env['CLEARWAY_ANCHORS'] }).lines(),
  );
  const db = openReadable(path);
  try {
    const { entries, firstBad, problem } = verifyAudit(db, anchors);
    if (firstBad !== null) {
      say(`Entry ${firstBad}: ${problem}. The ${entries} entries before it are sound.`);
      return 1;
    }
    const newest = anchors.at(-1);
    say(
      `${entries} entries, all sound. ${newest ? `Noted outside the book up to entry ${newest.seq}, ${newest.at}.` : 'Nothing of it is noted outside the book.'}`,
    );
    return 0;
  } finally {
    closeDb(db);
  }
}

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exitCode = 2;
}
