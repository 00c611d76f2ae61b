import type { Output } from '../../shared/contract/index.ts';
import { businessDaysBetween, calendarDate } from '../../shared/model/date.ts';
import { toWords } from '../../shared/model/words.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import { SEVERITY_NAMES } from '../conflicts/columns.ts';
import type { ReadDb } from '../store/handles.ts';
import { remembered } from '../store/memo.ts';
import type { JobContext } from '../store/job.ts';
import { listConnections } from './connection-reads.ts';

type Overview = Output<'overview.get'>;
type Workload = Overview['conflicts'];

const AGES = [
  { label: 'Today', upTo: 0 },
  { label: '1 day', upTo: 1 },
  { label: '2 to 3 days', upTo: 3 },
  { label: '4 to 5 days', upTo: 5 },
  { label: 'Older', upTo: Infinity },
] as const;

/** Counts open work by severity, business-day age and kind, from rows of [severity, day, kind, count]. */
function workload(rows: readonly (readonly [number, string, string, number])[], today: string): Workload {
  const severities = [0, 0, 0, 0];
  const ages = AGES.map(() => 0);
  const kinds = new Map<string, number>();
  let open = 0;
  for (const [severity, day, kind, count] of rows) {
    open += count;
    severities[severity] = (severities[severity] ?? 0) + count;
    const age = businessDaysBetween(calendarDate(day.slice(0, 10)), calendarDate(today.slice(0, 10)));
    const slot = AGES.findIndex((a) => age <= a.upTo);
    ages[slot] = (ages[slot] ?? 0) + count;
    kinds.set(kind, (kinds.get(kind) ?? 0) + count);
  }
  return {
    open,
    bySeverity: SEVERITY_NAMES.map((severity, i) => ({ severity, count: severities[i] ?? 0 })),
    byAge: AGES.map((age, i) => ({ label: age.label, count: ages[i] ?? 0 })),
    byKind: [...kinds].toSorted((a, b) => b[1] - a[1]).map(([value, count]) => ({ value, label: toWords(value), count })),
  };
}

/** What the book holds as a whole. */
function wholeBook(db: ReadDb): Pick<Overview, 'asOf' | 'totals' | 'counts'> {
  const one = (sql: string): unknown => db.prepare(sql).pluck().get();
  return {
    asOf: one("SELECT max(as_of) FROM holdings WHERE status = 'held'") as Overview['asOf'],
    totals: db
      .prepare(
        `SELECT currency, dec_sum(market_value) AS marketValue FROM holdings WHERE status = 'held' GROUP BY currency ORDER BY currency = 'USD' DESC, currency`,
      )
      .all() as { currency: string; marketValue: Dec }[],
    counts: {
      portfolios: one('SELECT count(*) FROM portfolios') as number,
      accounts: one('SELECT count(*) FROM accounts') as number,
      securities: one("SELECT count(*) FROM securities WHERE type <> 'cash'") as number,
      positions: one("SELECT count(*) FROM holdings WHERE status = 'held'") as number,
    },
  };
}

/** The state of the book on one screen: freshness, open work by severity and age, exact totals, what waits for a person. */
export function overviewRead(db: ReadDb, _input: unknown, context: JobContext): Overview {
  const now = context.now();
  const conflicts = db
    .prepare(
      "SELECT severity, substr(opened_at, 1, 10), field, count(*) FROM conflicts WHERE status IN ('open', 'review') GROUP BY 1, 2, 3",
    )
    .raw()
    .all() as [number, string, string, number][];
  const run = db
    .prepare("SELECT id, finished_at AS at FROM reconciliation_runs WHERE status = 'completed' ORDER BY id DESC LIMIT 1")
    .get() as { id: number; at: string } | undefined;
  const breaks = run
    ? (db
        .prepare(
          "SELECT severity, substr(first_seen, 1, 10), class, count(*) FROM breaks WHERE run_id = ? AND status = 'open' GROUP BY 1, 2, 3",
        )
        .raw()
        .all(run.id) as [number, string, string, number][])
    : [];
  const connections = listConnections(db, context);
  return {
    ...remembered(db, 'the whole book', () => wholeBook(db)),
    connections,
    conflicts: workload(conflicts, now),
    breaks: { ...workload(breaks, now), runId: run ? String(run.id) : null, runAt: run?.at ?? null },
    recent: recentActivity(db),
    needsLinking: connections.reduce((total, c) => total + c.counts.unlinked, 0),
    quarantined: connections.reduce((total, c) => total + c.counts.quarantined, 0),
  };
}

function recentActivity(db: ReadDb): Overview['recent'] {
  return db
    .prepare(
      `SELECT * FROM (SELECT at, actor AS by, summary AS what FROM batches WHERE kind NOT IN ('sync', 'opening', 'import') ORDER BY id DESC LIMIT 8)
       UNION ALL SELECT * FROM (SELECT o.finished_at, c.name, CASE o.status WHEN 'completed' THEN 'Synced ' || printf('%,d', o.records) || ' records'
           WHEN 'failed' THEN 'Sync failed' WHEN 'rolled_back' THEN 'Import rolled back' ELSE 'Sync cancelled' END
         FROM sync_operations o JOIN connections c ON c.id = o.connection_id WHERE o.finished_at IS NOT NULL ORDER BY o.id DESC LIMIT 8)
       ORDER BY 1 DESC LIMIT 10`,
    )
    .all() as Overview['recent'];
}
