import { PLATFORMS } from '../../shared/model/holding.ts';
import type { PersonalTerm } from '../observability/personal.ts';
import { verifyAudit } from '../store/audit.ts';
import type { ReadDb } from '../store/handles.ts';

type Facts = Readonly<Record<string, unknown>>;

const KEPT_OUT = '(kept out)';
const LATEST_OPERATIONS = 100;

/** Numbers and short words say how a setting stands; addresses and whatever else a person wrote stay here. */
const isPlain = (text: string): boolean => /^[\w.:+-]{0,40}$/.test(text);

function plainOnly(value: unknown): unknown {
  if (typeof value === 'string') return isPlain(value) ? value : KEPT_OUT;
  if (Array.isArray(value)) return value.map(plainOnly);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainOnly(member)]));
}

/** Settings of the book, without whatever is more than a number or a short word. */
export const settingFacts = (db: ReadDb): Facts =>
  Object.fromEntries(
    (db.prepare('SELECT key, value FROM settings ORDER BY key').all() as { key: string; value: string }[])
      .filter(({ key }) => key !== 'firm')
      .map(({ key, value }) => [key, plainOnly(JSON.parse(value))]),
  );

interface ConnectionRow {
  readonly id: number;
  readonly settings: string;
}

/** Connections by number, with the names of their settings but not the values; no addresses, no names. */
export const connectionFacts = (db: ReadDb): Facts[] =>
  (
    db
      .prepare(
        `SELECT id, platform, status, strategy, survivorship_rank AS survivorshipRank, sync_every_minutes AS syncEveryMinutes,
                secret_ref IS NOT NULL AS hasSecret, created_at AS createdAt, settings FROM connections ORDER BY id`,
      )
      .all() as ConnectionRow[]
  ).map(({ settings, ...row }) => ({ ...row, settings: Object.keys(JSON.parse(settings) as object).sort() }));

/** The latest operations with what they did and how they ended; no message, since platforms write names into them. */
export const operationFacts = (db: ReadDb): Facts[] =>
  (
    db
      .prepare(
        `SELECT id, connection_id AS connection, kind, status, attempt, pages, records, expected, started_at AS startedAt,
                finished_at AS finishedAt, error_code AS errorCode, counts FROM sync_operations ORDER BY id DESC LIMIT ?`,
      )
      .all(LATEST_OPERATIONS) as { counts: string }[]
  ).map(({ counts, ...row }) => ({ ...row, counts: JSON.parse(counts) as unknown }));

/** Migrations, what SQLite and the audit chain say about their own integrity, and the rows of every table. Reads the whole file. */
export function bookFacts(db: ReadDb): Facts {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .pluck()
    .all() as string[];
  const pageCount = db.prepare('PRAGMA page_count').pluck().get() as number;
  const pageSize = db.prepare('PRAGMA page_size').pluck().get() as number;
  return {
    migrations: db.prepare('SELECT version, name, sha256 FROM schema_migrations ORDER BY version').all(),
    integrity: {
      pages: db.prepare('PRAGMA quick_check(5)').pluck().all(),
      danglingReferences: db.prepare('PRAGMA foreign_key_check').all().length,
      audit: verifyAudit(db),
    },
    bytes: pageCount * pageSize,
    rows: Object.fromEntries(tables.map((name) => [name, db.prepare(`SELECT count(*) FROM "${name}"`).pluck().get() as number])),
  };
}

/** Everything in the book that tells who a client or a person is; docs/monitoring/README.md says what counts. */
export function personalTerms(db: ReadDb): PersonalTerm[] {
  const all = (kind: PersonalTerm['kind'], sql: string): PersonalTerm[] =>
    (db.prepare(sql).pluck().all() as (string | null)[]).flatMap((text) => (text === null ? [] : [{ text, kind }]));
  const firm = db.prepare("SELECT value FROM settings WHERE key = 'firm'").pluck().get() as string | undefined;
  const platformNames = new Set<string>(PLATFORMS.map((platform) => platform.replaceAll('_', ' ')));
  return [
    ...all('account', 'SELECT name FROM accounts UNION SELECT name FROM account_links'),
    ...all(
      'account number',
      `SELECT number FROM accounts UNION SELECT number_key FROM accounts
       UNION SELECT number FROM account_links UNION SELECT external_id FROM account_links`,
    ),
    ...all('portfolio', 'SELECT name FROM portfolios'),
    ...(firm === undefined ? [] : [{ text: String(JSON.parse(firm)), kind: 'firm' as const }]),
    ...all('connection', 'SELECT name FROM connections').filter(({ text }) => !platformNames.has(text.toLowerCase())),
    ...all(
      'person',
      `SELECT actor FROM audit_entries UNION SELECT requested_by FROM sync_operations UNION SELECT actor FROM batches`,
    ).filter(({ text }) => !['system', 'schedule', 'webhook', 'sync'].includes(text.toLowerCase())),
  ];
}
