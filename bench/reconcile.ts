import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { Instant } from '../shared/model/date.ts';
import { reconciliationJobs } from '../main/reconciliation/jobs.ts';
import { migrate } from '../main/store/migrate.ts';
import { closeDb, openWritable } from '../main/store/open.ts';
import type { WriteContext } from '../main/store/run-job.ts';
import { transact } from '../main/store/transact.ts';
import type { WritableDb } from '../main/store/handles.ts';

const AS_OF = '2025-03-14';
const POSITIONS_PER_ACCOUNT = 20;
const SECURITIES = 5000;
/** One position in this many breaks: 0.5 %. */
const BREAK_EVERY = 200;
const RUNS = 5;

interface Position {
  readonly quantity: string;
  readonly price: string;
  readonly marketValue: string;
  readonly costBasis: string;
}
interface Pair {
  readonly account: number;
  readonly security: number;
  readonly clearway: Position | null;
  readonly other: Position | null;
}

const cents = (units: number): string => {
  const text = `${Math.trunc(units / 100)}.${String(units % 100).padStart(2, '0')}`;
  return text.replace(/\.?0+$/, '');
};

/** Position `i` of the book and how the side states it: whole cents, so that the text is canonical by construction. */
function pairOf(i: number): Pair {
  const account = 1 + Math.trunc(i / POSITIONS_PER_ACCOUNT);
  const security = 1 + ((i * 7) % SECURITIES);
  const quantity = 100 + (i % 900);
  const price = 1011 + ((i * 37) % 30_000);
  const at = (q: number, p: number, extra = 0): Position => ({
    quantity: String(q),
    price: cents(p),
    marketValue: cents(q * p + extra),
    costBasis: cents(q * 900),
  });
  const clearway = at(quantity, price);
  if (i % BREAK_EVERY !== 0) return { account, security, clearway, other: clearway };
  switch ((i / BREAK_EVERY) % 8) {
    case 0:
      return { account, security, clearway, other: null };
    case 1:
      return { account, security, clearway: null, other: clearway };
    case 2:
      return { account, security, clearway, other: at(quantity + 11, price) };
    case 3:
      return { account, security, clearway, other: at(quantity, price + 123) };
    case 4:
      return { account, security, clearway, other: at(quantity, price, 5_000_000) };
    case 5:
      return { account, security, clearway, other: { ...clearway, costBasis: cents(quantity * 700) } };
    case 6: // within tolerance: no break on either side of the comparison
      return { account, security, clearway, other: at(quantity, price, 1) };
    default:
      return { account, security, clearway, other: at(quantity * 2, price) };
  }
}

function fill(db: WritableDb, rows: number): void {
  db.exec(`
    INSERT INTO batches (id, uid, kind, actor, at, summary) VALUES (1, 'opening', 'opening', 'bench', '2025-01-01T00:00:00Z', '');
    INSERT INTO connections (id, platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES (1, 'orion', 'Orion', '', 1, '', '');
    INSERT INTO sync_operations (id, connection_id, kind, status, requested_by, started_at, as_of) VALUES (1, 1, 'sync', 'completed', 'bench', '', '${AS_OF}');
  `);
  const account = db.prepare(
    "INSERT INTO accounts (id, name, number, number_key, custodian, currency, created_batch) VALUES (?, ?, ?, ?, 'Northern Trust', 'USD', 1)",
  );
  const link = db.prepare(
    "INSERT INTO account_links (connection_id, external_id, account_id, reason, name, number, custodian, record) VALUES (1, ?, ?, '', '', '', '', '{}')",
  );
  const security = db.prepare(
    "INSERT INTO securities (id, name, type, currency, multiplier, created_batch) VALUES (?, ?, 'stock', 'USD', '1', 1)",
  );
  const holding = db.prepare(
    `INSERT INTO holdings (id, account_id, security_id, status, quantity, price, market_value, cost_basis, currency, as_of, origin, created_batch)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'USD', '${AS_OF}', 's:1:1', 1)`,
  );
  const record = db.prepare(
    `INSERT INTO source_holdings (connection_id, external_id, account_external_id, security_external_id, holding_id, quantity, price,
       market_value, cost_basis, currency, as_of, payload_id, place, valid_from_op)
     VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, 'USD', '${AS_OF}', 1, ?, 1)`,
  );
  transact(db, () => {
    for (let i = 1; i <= SECURITIES; i += 1) security.run(i, `Security ${i}`);
    for (let i = 1; i <= Math.ceil(rows / POSITIONS_PER_ACCOUNT); i += 1) {
      account.run(i, `Account ${i}`, `00-${i}`, `${i}`);
      link.run(`account-${i}`, i);
    }
    for (let i = 0; i < rows; i += 1) {
      const { account: a, security: s, clearway: c, other: o } = pairOf(i);
      const id = i + 1;
      holding.run(
        id,
        a,
        s,
        c ? 'held' : 'not_held',
        c?.quantity ?? null,
        c?.price ?? null,
        c?.marketValue ?? null,
        c?.costBasis ?? null,
      );
      if (o)
        record.run(
          `position-${i}`,
          `account-${a}`,
          `security-${s}`,
          id,
          o.quantity,
          o.price,
          o.marketValue,
          o.costBasis,
          `/${i}`,
        );
    }
    return null;
  });
}

const silent: WriteContext = {
  actor: 'bench',
  requestId: 'bench',
  now: () => `${AS_OF}T09:00:00.000Z` as Instant,
  uuid: () => 'bench',
  progress: () => undefined,
  cancelled: () => false,
  audit: () => undefined,
};

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.trunc(values.length / 2)] ?? 0;
const round = (value: number): number => Math.round(value * 1000) / 1000;
const seconds = (from: number): number => (performance.now() - from) / 1000;

/** From the two sides in the book to stored, classified breaks. */
function reconcileOnce(db: WritableDb): { seconds: number; breaks: number } {
  db.exec('DELETE FROM breaks; DELETE FROM reconciliation_runs;');
  const from = performance.now();
  const { id } = transact(db, () => reconciliationJobs['reconciliation.start'](db, {}, silent));
  const { breaks } = transact(db, () => reconciliationJobs['reconciliation.run'](db, { runId: id }, silent));
  return { seconds: seconds(from), breaks };
}

function writeCsv(path: string, rows: number, side: 'clearway' | 'other'): void {
  const lines = ['account,security,quantity,price,market_value,cost_basis'];
  for (let i = 0; i < rows; i += 1) {
    const { account, security, [side]: p } = pairOf(i);
    if (p) lines.push([account, security, p.quantity, p.price, p.marketValue, p.costBasis].join(','));
  }
  writeFileSync(path, `${lines.join('\n')}\n`);
}

const DUCK_SIDE = (path: string): string =>
  `read_csv('${path.replaceAll("'", "''")}', header = true, columns = {account: 'INTEGER', security: 'INTEGER', quantity: 'DECIMAL(18,4)',
    price: 'DECIMAL(18,4)', market_value: 'DECIMAL(18,4)', cost_basis: 'DECIMAL(18,4)'})`;

/** The tolerances of a run in DECIMAL; the relative part divides the larger amount by 10,000 on the other side of the sign. */
const outside = (field: string, absolute: string, relative: boolean): string =>
  `(abs(c.${field} - o.${field}) > ${absolute}${relative ? ` AND abs(c.${field} - o.${field})::DECIMAL(38,4) * 10000 > greatest(abs(c.${field}), abs(o.${field}))` : ''})`;

async function compareInDuck(duck: DuckDBConnection, clearway: string, other: string): Promise<void> {
  const both = 'c.account IS NOT NULL AND o.account IS NOT NULL';
  const fields = [
    ['quantity', outside('quantity', '0.0001', false)],
    ['price', outside('price', '0.005', true)],
    ['market_value', outside('market_value', '0.01', true)],
    ['cost_basis', outside('cost_basis', '0.01', true)],
  ] as const;
  await duck.run(`
    CREATE TABLE breaks AS
    WITH pairs AS MATERIALIZED (
      SELECT coalesce(c.account, o.account) AS account, coalesce(c.security, o.security) AS security, c.account IS NULL AS extra,
        o.account IS NULL AS missing, ${fields
          .map(
            ([name, test]) => `coalesce(${both} AND ${test}, false) AS ${name}_breaks,
        c.${name} AS c_${name}, o.${name} AS o_${name}`,
          )
          .join(', ')}
      FROM ${DUCK_SIDE(clearway)} c FULL OUTER JOIN ${DUCK_SIDE(other)} o ON c.account = o.account AND c.security = o.security
      WHERE c.account IS NULL OR o.account IS NULL OR ${fields.map(([, test]) => test).join(' OR ')}
    )
    SELECT account, security, 'presence' AS field, NULL::DECIMAL(18,4) AS clearway, NULL::DECIMAL(18,4) AS other FROM pairs WHERE extra OR missing
    ${fields.map(([name]) => `UNION ALL SELECT account, security, '${name}', c_${name}, o_${name} FROM pairs WHERE ${name}_breaks`).join('\n    ')}`);
}

/** The same two sides from CSV to a table of breaks, without classes. */
async function compareOnce(
  duck: DuckDBConnection,
  clearway: string,
  other: string,
): Promise<{ seconds: number; breaks: number }> {
  await duck.run('DROP TABLE IF EXISTS breaks');
  const from = performance.now();
  await compareInDuck(duck, clearway, other);
  const took = seconds(from);
  const rows = (await duck.runAndReadAll('SELECT count(*) FROM breaks')).getRows();
  return { seconds: took, breaks: Number(rows[0]?.[0]) };
}

/**
 * Reconciles `rows` positions a side (default 100,000; 0.5 % differ), from the two sides in the book to stored, classified
 * breaks; and does the bare comparison of the same two sides in DuckDB, from CSV to a table of unclassified breaks. Medians
 * of five, taken in turns so that other work on the machine burdens both alike. Throws when the numbers of breaks differ.
 */
export async function reconcile(options: Readonly<Record<string, string>>): Promise<object> {
  const rows = Number(options['rows'] ?? 100_000);
  const folder = mkdtempSync(join(tmpdir(), 'clearway-bench-'));
  const db = openWritable(join(folder, 'book.db'));
  try {
    migrate(db, join(import.meta.dirname, '../migrations/sqlite'));
    fill(db, rows);
    const csv = [join(folder, 'clearway.csv'), join(folder, 'other.csv')] as const;
    writeCsv(csv[0], rows, 'clearway');
    writeCsv(csv[1], rows, 'other');
    const first = reconcileOnce(db);
    const rssMiB = Math.round(process.memoryUsage().rss / 1_048_576);

    const instance = await DuckDBInstance.create(join(folder, 'peer.duckdb'));
    const duck = await instance.connect();
    const ours = [first.seconds];
    const peer: number[] = [];
    for (let i = 0; i < RUNS; i += 1) {
      const found = await compareOnce(duck, ...csv);
      if (found.breaks !== first.breaks) throw new Error(`We found ${first.breaks} breaks, DuckDB ${found.breaks}.`);
      peer.push(found.seconds);
      if (i > 0) ours.push(reconcileOnce(db).seconds);
    }
    duck.closeSync();
    instance.closeSync();
    return {
      rows,
      seconds: round(median(ours)),
      duckdbSeconds: round(median(peer)),
      ratio: round(median(ours) / median(peer)),
      breaks: first.breaks,
      rssMiB,
    };
  } finally {
    closeDb(db);
    rmSync(folder, { recursive: true, force: true });
  }
}
