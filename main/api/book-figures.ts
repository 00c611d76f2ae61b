import { SEVERITIES } from '../../shared/contract/conflicts.ts';
import type { BookFigures } from '../observability/metrics.ts';
import type { ReadDb } from '../store/handles.ts';

/** What a scrape of the metrics asks the book for: counts by platform and by severity, nothing of any one thing. */
export function bookFigures(db: ReadDb): BookFigures {
  const connections = db
    .prepare(
      `SELECT platform, sum(status = 'active') AS active, min(CASE WHEN status = 'active' THEN synced END) AS lastSync
       FROM (SELECT c.platform, c.status, (SELECT max(o.finished_at) FROM sync_operations o
                                           WHERE o.connection_id = c.id AND o.status = 'completed') AS synced
             FROM connections c WHERE c.status <> 'disconnected')
       GROUP BY platform ORDER BY platform`,
    )
    .all() as { platform: string; active: number; lastSync: string | null }[];
  const open = db
    .prepare(`SELECT severity, count(*) AS count FROM conflicts WHERE status IN ('open', 'review') GROUP BY severity`)
    .all() as { severity: number; count: number }[];
  const openConflicts = SEVERITIES.map((severity, rank) => ({
    severity,
    count: open.find((row) => row.severity === rank)?.count ?? 0,
  }));
  return { connections, openConflicts };
}
