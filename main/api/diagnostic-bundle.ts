import type { Output } from '../../shared/contract/index.ts';
import { lastLines } from '../observability/log-reader.ts';
import { createPersonalFilter, type PersonalTerm } from '../observability/personal.ts';
import type { ReadDb } from '../store/handles.ts';
import { bookFacts, connectionFacts, operationFacts, personalTerms, settingFacts } from './diagnostic-facts.ts';

export type BundleFile = Output<'diagnostics.prepare'>['files'][number];

export interface BundleQuestion {
  /** Versions and the machine, as facts that can be shown. */
  readonly versions: unknown;
  /** What the program knows of each platform. */
  readonly platforms: unknown;
  /** Names of this machine and its user, and folders that hold them. */
  readonly machine: readonly PersonalTerm[];
}

const LOG_BYTES = 1_000_000;

const READ_ME = `What this archive holds

versions.json     versions of the program and what it runs on
settings.json     settings of the book; texts longer than a word are kept out
connections.json  connections by number: platform, status, names of their settings; no addresses, no names
operations.json   the latest sync operations: times, counts, how they ended
book.json         migrations, integrity, rows of each table
platforms.json    what the program knows of each platform
log.jsonl         the newest lines of the log, up to 1 MB

Passwords, keys and tokens are in none of them. Replaced by a word in brackets, wherever they stand as whole words:
names and numbers of accounts, names of portfolios, the firm, connections and people who use the program, the name of
this machine and the folders of its user. Log lines show account numbers they do not know by their last four characters.
Ids are numbers of this book and mean nothing outside it. Parts of names, nicknames and names that stand nowhere in the
book cannot be recognised: read log.jsonl before you pass it on.
`;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** The files of a diagnostic bundle with everything personal replaced. Reads the whole book: for a thread that serves nobody else. */
export function bundleFiles(db: ReadDb, logFolder: string, { versions, platforms, machine }: BundleQuestion): BundleFile[] {
  const impersonal = createPersonalFilter([...personalTerms(db), ...machine]);
  const file = (name: string, what: string, text: string): BundleFile => {
    const safe = impersonal(text);
    return { name, what, bytes: Buffer.byteLength(safe), text: safe };
  };
  return [
    {
      name: 'read-me.txt',
      what: 'What the archive holds and what was taken out',
      bytes: Buffer.byteLength(READ_ME),
      text: READ_ME,
    },
    file('versions.json', 'Versions of the program and what it runs on', json(versions)),
    file('settings.json', 'Settings of the book', json(settingFacts(db))),
    file('connections.json', 'Connections by number, without names and addresses', json(connectionFacts(db))),
    file('operations.json', 'The latest sync operations', json(operationFacts(db))),
    file('book.json', 'Migrations, integrity and rows of each table', json(bookFacts(db))),
    file('platforms.json', 'What the program knows of each platform', json(platforms)),
    file('log.jsonl', 'The newest lines of the log', lastLines(logFolder, LOG_BYTES)),
  ];
}
