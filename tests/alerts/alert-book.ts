import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Measures } from '../../main/alerts/conditions.ts';
import type { Evaluated } from '../../main/alerts/evaluate.ts';
import { alertJobs, type AlertJobs } from '../../main/alerts/jobs.ts';
import { alertReads } from '../../main/alerts/reads.ts';
import type { WritableDb } from '../../main/store/handles.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { runRead, runWrite } from '../../main/store/run-job.ts';
import type { CallInput, Output } from '../../shared/contract/index.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

const MINUTE_MS = 60_000;

/** A book with two connections, a clock that is set by hand, and alerts as the writer thread deals with them. */
export function alertBook(start = '2026-11-20T07:00:00.000Z') {
  const path = join(tempFolder(), 'book.db');
  let at = Date.parse(start);
  let db: WritableDb = openWritable(path);
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  const ports = { now: () => new Date(at).toISOString() as never, uuid: () => randomUUID() };
  const call = (name: string, args: unknown, actor: string, auditEvent: string | null) => ({
    name,
    args,
    caller: { actor, requestId: 'test', auditEvent },
    progress: () => undefined,
    cancelled: () => false,
  });
  const now = (): string => ports.now();
  db.exec(`INSERT INTO connections (id, platform, name, base_url, survivorship_rank, sync_every_minutes, created_at, updated_at) VALUES
    (1, 'orion', 'Orion', 'https://orion.example', 1, 60, '${now()}', '${now()}'),
    (2, 'addepar', 'Addepar', 'https://addepar.example', 2, 0, '${now()}', '${now()}')`);

  const read = <R>(name: keyof typeof alertReads, args: unknown): R =>
    runRead(db, alertReads as never, call(name, args, 'Desk', null), ports) as R;
  return {
    get db() {
      return db;
    },
    now,
    pass: (minutes: number) => {
      at += minutes * MINUTE_MS;
    },
    /** As after the program was ended and started again. */
    restart: () => {
      closeDb(db);
      db = openWritable(path);
    },
    run: <N extends keyof AlertJobs>(
      name: N,
      args: Parameters<AlertJobs[N]>[1],
      actor = 'system',
      event: string | null = null,
    ): ReturnType<AlertJobs[N]> => runWrite(db, alertJobs, call(name, args, actor, event), ports) as ReturnType<AlertJobs[N]>,
    read,
    look: (measures: Measures | null = null): Evaluated =>
      runWrite(db, alertJobs, call('alerts/evaluate', { measures }, 'system', null), ports) as Evaluated,
    /** Every alert as `rule subject status count`, oldest first. */
    all: (): string[] =>
      db
        .prepare("SELECT rule || ' ' || subject || ' ' || status || ' ' || count FROM alerts ORDER BY id")
        .pluck()
        .all() as string[],
    detail: (id: number | string): Output<'alerts.get'> => read('alerts.get', { id: String(id) }),
    /** The history of an alert, oldest first. */
    events: (id: number): string[] =>
      db.prepare('SELECT event FROM alert_events WHERE alert_id = ? ORDER BY id').pluck().all(id) as string[],
    rule: (change: Partial<CallInput<'alerts.updateRule'>> & Pick<CallInput<'alerts.updateRule'>, 'rule'>): void => {
      const { items } = read<Output<'alerts.rules'>>('alerts.rules', {});
      const found = items.find(({ rule }) => rule === change.rule);
      if (!found) throw new Error('There is no such rule.');
      const { subjectKind: _, version, ...settings } = found;
      const next = { ...settings, expectedVersion: version, ...change };
      runWrite(db, alertJobs, call('alerts.updateRule', next, 'Admin', 'alert_rule_changed'), ports);
    },
    /** A sync of a connection that ended so, now. Answers its operation. */
    synced: (connection: number, status: 'completed' | 'failed' | 'fetching' = 'completed'): number => {
      const finished = status === 'fetching' ? null : now();
      const code = status === 'failed' ? 'platform_unreachable' : null;
      return db
        .prepare(
          `INSERT INTO sync_operations (connection_id, kind, status, requested_by, started_at, finished_at, error_code) VALUES (?, 'sync', ?, 'Schedule', ?, ?, ?)`,
        )
        .run(connection, status, now(), finished, code).lastInsertRowid as number;
    },
    /** Undecided conflicts that an operation opened, on positions of their own. */
    conflicts: (howMany: number, operation: number | null = null): void => {
      db.exec(`INSERT OR IGNORE INTO batches (id, uid, kind, actor, at, summary) VALUES (1, 'b1', 'opening', 'Desk', '${now()}', 'Opening');
        INSERT OR IGNORE INTO accounts (id, name, number, number_key, custodian, currency, created_batch) VALUES (1, 'Harbour trust', '1', '1', 'Northgate', 'USD', 1)`);
      for (let i = 0; i < howMany; i += 1) {
        const security = db
          .prepare(
            `INSERT INTO securities (name, type, currency, multiplier, created_batch) VALUES ('Kea', 'stock', 'USD', '1', 1)`,
          )
          .run().lastInsertRowid as number;
        const holding = db
          .prepare(
            `INSERT INTO holdings (account_id, security_id, status, currency, origin, created_batch) VALUES (1, ?, 'held', 'USD', 'b:1', 1)`,
          )
          .run(security).lastInsertRowid as number;
        db.prepare(
          `INSERT INTO conflicts (holding_id, field, reason, status, severity, signature, sources, opened_op, opened_at) VALUES (?, 'price', 'both_changed', 'open', 2, '', '[]', ?, ?)`,
        ).run(holding, operation, now());
      }
    },
    decide: (howMany: number): void => {
      db.prepare(
        `UPDATE conflicts SET status = 'settled' WHERE id IN (SELECT id FROM conflicts WHERE status = 'open' ORDER BY id LIMIT ?)`,
      ).run(howMany);
    },
  };
}

/** Nothing of the machine is the matter. */
export const WELL: Measures = { freeTenthsGib: 1000, backupAt: 'none', budgets: [] };
