import { AppError } from '../../shared/contract/errors.ts';
import type { RunSummary } from '../../shared/contract/reconciliation.ts';
import type { ReadDb } from '../store/handles.ts';
import { labelOf, severityName } from './break-words.ts';
import { rowId, type Side } from './sides.ts';

interface RunRow {
  readonly id: number;
  readonly status: RunSummary['status'];
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly actor: string;
  readonly asOf: RunSummary['asOf'];
  readonly scope: string;
  readonly sides: string;
  readonly tolerances: string;
  readonly compared: number;
  readonly matched: number;
  readonly error: string | null;
}

const SELECT = `SELECT id, status, started_at AS startedAt, finished_at AS finishedAt, actor, as_of AS asOf, scope, sides, tolerances,
  compared, matched, error FROM reconciliation_runs`;

type Facet = RunSummary['byClass'][number];

/** Adds up counts by value, most frequent first; equal counts in the order of the values. Names label themselves. */
export function facetsOf(
  counts: Iterable<readonly [value: string, count: number]>,
  label: (value: string) => string = labelOf,
): Facet[] {
  const totals = new Map<string, number>();
  for (const [value, count] of counts) totals.set(value, (totals.get(value) ?? 0) + count);
  return [...totals]
    .map(([value, count]) => ({ value, label: label(value), count }))
    .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

function summarise(db: ReadDb, runs: readonly RunRow[]): RunSummary[] {
  const counts = db
    .prepare(
      `SELECT run_id AS runId, class, severity, status, count(*) AS count FROM breaks
       WHERE run_id IN (SELECT value FROM json_each(?)) GROUP BY run_id, class, severity, status`,
    )
    .all(JSON.stringify(runs.map((r) => r.id))) as {
    runId: number;
    class: string;
    severity: number;
    status: string;
    count: number;
  }[];
  const byRun = Map.groupBy(counts, (c) => c.runId);
  return runs.map(({ actor, sides, tolerances, ...run }) => {
    const own = byRun.get(run.id) ?? [];
    const sum = (rows: typeof own): number => rows.reduce((total, row) => total + row.count, 0);
    return {
      ...run,
      id: String(run.id),
      by: actor,
      sides: (JSON.parse(sides) as Side[]).map((s) => ({
        ...s,
        connectionId: String(s.connectionId),
        asOf: s.asOf as RunSummary['asOf'],
      })),
      tolerances: JSON.parse(tolerances) as RunSummary['tolerances'],
      breaks: sum(own),
      open: sum(own.filter((c) => c.status === 'open')),
      byClass: facetsOf(own.map((c) => [c.class, c.count])),
      bySeverity: facetsOf(own.map((c) => [severityName(c.severity), c.count])),
    };
  });
}

/** The newest runs, newest first. */
export const listRuns = (db: ReadDb, limit: number): RunSummary[] =>
  summarise(db, db.prepare(`${SELECT} ORDER BY id DESC LIMIT ?`).all(limit) as RunRow[]);

/** One run. Throws `not_found`. */
export function readRun(db: ReadDb, id: string): RunSummary {
  const rows = db.prepare(`${SELECT} WHERE id = ?`).all(rowId(id)) as RunRow[];
  const [summary] = summarise(db, rows);
  if (!summary) throw noSuchRun();
  return summary;
}

const noSuchRun = (): AppError => new AppError('not_found', 'There is no such reconciliation run.');

/** The row id of an existing run. Throws `not_found`. */
export function existingRun(db: ReadDb, id: string): number {
  const found = db.prepare('SELECT id FROM reconciliation_runs WHERE id = ?').pluck().get(rowId(id)) as number | undefined;
  if (found === undefined) throw noSuchRun();
  return found;
}
