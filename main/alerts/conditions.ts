import type { AlertRuleSettings } from '../../shared/contract/alerts.ts';
import type { AlertFigures, AlertRule } from '../../shared/model/alert.ts';
import type { ReadDb } from '../store/handles.ts';

/** What only the serving thread can measure. A member that is null could not be measured this time. */
export interface Measures {
  /** Free space of the disk with the data folder, in tenths of a GiB. */
  readonly freeTenthsGib: number | null;
  /** When the newest backup was made; `none` when there are none. */
  readonly backupAt: string | null;
  readonly budgets: readonly BudgetUse[] | null;
}

/** The fullest window of the account that a connection uses. */
export interface BudgetUse {
  readonly connectionId: number;
  readonly used: number;
  readonly requests: number;
  readonly windowSeconds: number;
}

/** Something that stands as a rule describes it, about one subject. */
export interface Condition {
  readonly subjectId: number;
  readonly subject: string;
  readonly figures: AlertFigures;
  /** Higher is worse. */
  readonly level: number;
}

export interface Look {
  readonly now: string;
  readonly measures: Measures | null;
}

/** Null: it could not be looked at, so nothing is known and what is open stays open. `keep`: subjects not looked at. */
export interface Found {
  readonly conditions: readonly Condition[];
  readonly keep?: ReadonlySet<number>;
}

type Find = (db: ReadDb, threshold: number, look: Look) => Found | null;

const HOUR_MS = 3_600_000;
const UNDECIDED = `status IN ('open', 'review')`;
const BOOK = { subjectId: 0, subject: 'Book' } as const;
const PROGRAM = { subjectId: 0, subject: 'This computer' } as const;
const found = (...conditions: readonly Condition[]): Found => ({ conditions });

const FIND: Readonly<Record<AlertRule, Find>> = {
  sync_failed: (db, threshold) => {
    // Of one that is at work it is not known how it ends, and a retry takes its failure back for as long as it runs.
    const keep = db
      .prepare(`SELECT DISTINCT connection_id FROM sync_operations WHERE status IN ('queued', 'fetching', 'staged', 'merging')`)
      .pluck()
      .all() as number[];
    const rows = db
      .prepare(
        `SELECT c.id AS subjectId, c.name AS subject,
           (SELECT count(*) FROM sync_operations o WHERE o.connection_id = c.id AND o.kind = 'sync' AND o.status = 'failed'
              AND o.id > coalesce((SELECT max(d.id) FROM sync_operations d WHERE d.connection_id = c.id AND d.kind = 'sync' AND d.status = 'completed'), 0)) AS failures,
           (SELECT o.error_code FROM sync_operations o WHERE o.connection_id = c.id AND o.kind = 'sync' AND o.status = 'failed' ORDER BY o.id DESC LIMIT 1) AS code
         FROM connections c WHERE c.status = 'active'`,
      )
      .all() as { subjectId: number; subject: string; failures: number; code: string | null }[];
    return {
      keep: new Set(keep),
      conditions: rows
        .filter(({ failures }) => failures >= threshold)
        .map(({ subjectId, subject, failures, code }) => ({
          subjectId,
          subject,
          level: failures,
          figures: { failures, code: code ?? 'internal', threshold },
        })),
    };
  },
  connection_late: (db, threshold, { now }) => {
    const rows = db
      .prepare(
        `SELECT c.id AS subjectId, c.name AS subject, c.sync_every_minutes AS promisedMinutes, c.created_at AS createdAt,
           (SELECT max(o.finished_at) FROM sync_operations o WHERE o.connection_id = c.id AND o.kind = 'sync' AND o.status = 'completed') AS lastSyncedAt
         FROM connections c WHERE c.status = 'active' AND c.platform <> 'custodian_file' AND c.sync_every_minutes > 0`,
      )
      .all() as { subjectId: number; subject: string; promisedMinutes: number; createdAt: string; lastSyncedAt: string | null }[];
    return found(
      ...rows.flatMap(({ subjectId, subject, promisedMinutes, createdAt, lastSyncedAt }): Condition[] => {
        const times = Math.floor((Date.parse(now) - Date.parse(lastSyncedAt ?? createdAt)) / (promisedMinutes * 60_000));
        if (times < threshold) return [];
        const figures = { times, promisedMinutes, threshold, ...(lastSyncedAt === null ? {} : { lastSyncedAt }) };
        return [{ subjectId, subject, figures, level: times }];
      }),
    );
  },
  needs_sign_in: (db) => {
    const rows = db.prepare(`SELECT id AS subjectId, name AS subject FROM connections WHERE status = 'needs_sign_in'`).all();
    return found(...(rows as Pick<Condition, 'subjectId' | 'subject'>[]).map((row) => ({ ...row, figures: {}, level: 1 })));
  },
  conflicts_above: (db, threshold) => {
    const conflicts = db.prepare(`SELECT count(*) FROM conflicts WHERE ${UNDECIDED}`).pluck().get() as number;
    return conflicts > threshold ? found({ ...BOOK, level: conflicts, figures: { conflicts, threshold } }) : found();
  },
  conflicts_grown: (db, threshold) => {
    // The first pass of a connection compares everything for the first time, which is no growth.
    const rows = db
      .prepare(
        `SELECT c.id AS subjectId, c.name AS subject, max(o.id) AS operationId,
           (SELECT count(*) FROM conflicts x WHERE x.status IN ('open', 'review') AND x.opened_op = max(o.id)) AS conflicts
         FROM connections c JOIN sync_operations o ON o.connection_id = c.id AND o.kind = 'sync' AND o.status = 'completed'
         WHERE c.status <> 'disconnected' GROUP BY c.id HAVING count(*) > 1`,
      )
      .all() as { subjectId: number; subject: string; operationId: number; conflicts: number }[];
    return found(
      ...rows
        .filter(({ conflicts }) => conflicts >= threshold)
        .map(({ subjectId, subject, operationId, conflicts }) => ({
          subjectId,
          subject,
          level: conflicts,
          figures: { conflicts, operationId, threshold },
        })),
    );
  },
  breaks_above: (db, threshold) => {
    const run = db
      .prepare(
        `SELECT r.id AS runId, (SELECT count(*) FROM breaks b WHERE b.run_id = r.id AND b.status = 'open') AS breaks
         FROM reconciliation_runs r WHERE r.status = 'completed' ORDER BY r.id DESC LIMIT 1`,
      )
      .get() as { runId: number; breaks: number } | undefined;
    if (run === undefined || run.breaks <= threshold) return found();
    return found({ ...BOOK, level: run.breaks, figures: { ...run, threshold } });
  },
  budget_low: (db, threshold, { measures }) => {
    const budgets = measures?.budgets ?? null;
    if (budgets === null) return null;
    const name = db.prepare('SELECT name FROM connections WHERE id = ?').pluck();
    return found(
      ...budgets.flatMap(({ connectionId, used, requests, windowSeconds }): Condition[] => {
        const leftPercent = Math.max(0, Math.floor(((requests - used) * 100) / requests));
        const subject = name.get(connectionId) as string | undefined;
        if (leftPercent >= threshold || subject === undefined) return [];
        const figures = { used, requests, windowSeconds, leftPercent, threshold };
        // In steps of five percent: every single request would be a worsening otherwise.
        return [{ subjectId: connectionId, subject, figures, level: 20 - Math.floor(leftPercent / 5) }];
      }),
    );
  },
  disk_low: (_db, threshold, { measures }) => {
    const tenths = measures?.freeTenthsGib ?? null;
    if (tenths === null) return null;
    if (tenths >= threshold * 10) return found();
    const freeGib = `${Math.floor(tenths / 10)}.${tenths % 10}`;
    return found({ ...PROGRAM, level: -Math.floor(tenths / 10), figures: { freeGib, threshold } });
  },
  backup_old: (_db, threshold, { measures, now }) => {
    const backupAt = measures?.backupAt ?? null;
    if (backupAt === null) return null;
    if (backupAt === 'none') return found();
    const hours = Math.floor((Date.parse(now) - Date.parse(backupAt)) / HOUR_MS);
    return hours > threshold
      ? found({ ...PROGRAM, level: Math.floor(hours / 24), figures: { hours, backupAt, threshold } })
      : found();
  },
  webhook_off: (db, threshold) => {
    const rows = db
      .prepare(
        `SELECT id AS subjectId, name AS subject, failing_since AS failingSince, gone FROM alert_destinations WHERE status = 'failed'`,
      )
      .all() as { subjectId: number; subject: string; failingSince: string | null; gone: number }[];
    return found(
      ...rows.map(({ subjectId, subject, failingSince, gone }) => ({
        subjectId,
        subject,
        level: 1,
        figures: { days: threshold, gone: gone === 1 ? 'yes' : 'no', ...(failingSince === null ? {} : { failingSince }) },
      })),
    );
  },
};

/** What stands now as a rule describes it; null where that could not be looked at. Disabled rules find nothing. */
export const findConditions = (db: ReadDb, { rule, enabled, threshold }: AlertRuleSettings, look: Look): Found | null =>
  enabled ? FIND[rule](db, threshold ?? 0, look) : found();
