import { AppError } from '../../shared/contract/errors.ts';
import type { Output } from '../../shared/contract/index.ts';
import { findConnection } from '../store/connections.ts';
import type { ReadDb } from '../store/handles.ts';

type Event = Output<'connections.events'>['items'][number];

interface AuditRow {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly event: string;
  readonly details: string;
}
interface OperationRow {
  readonly id: number;
  readonly kind: 'sync' | 'import' | 'opening';
  readonly status: string;
  readonly actor: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly records: number;
  readonly attempt: number;
  readonly error: string | null;
}
interface AttemptRow {
  readonly id: number;
  readonly attempt: number;
  readonly endedAt: string;
  readonly actor: string;
  readonly error: string | null;
}

const ENDED: Readonly<Record<string, Event['event']>> = {
  completed: 'sync_finished',
  failed: 'sync_failed',
  cancelled: 'sync_cancelled',
  rolled_back: 'import_rolled_back',
};

/** What a change to a connection's record says of itself; written by `connection/add` and `connection/update`. */
export interface ConnectionNote {
  readonly connection: number;
  readonly what: 'added' | 'changed' | 'signed_in' | 'disconnected';
  readonly sentence: string;
}

function fromAudit({ seq, at, actor, event, details }: AuditRow): Event {
  const noted = JSON.parse(details) as Partial<ConnectionNote> & {
    readonly accounts?: number;
    readonly externalId?: string;
    readonly made?: number | boolean;
  };
  const base = { key: `audit-${seq}`, at, actor };
  if (event !== 'identity_linked') return { ...base, event: noted.what ?? 'changed', detail: noted.sentence ?? '' };
  const linked = noted.accounts === undefined ? `${noted.externalId ?? ''}` : `${noted.accounts} accounts`;
  const made =
    noted.made === true ? ', new in the book' : Number(noted.made ?? 0) > 0 ? `, ${Number(noted.made)} of them new` : '';
  return { ...base, event: 'linked', detail: `${linked}${made}` };
}

const fromAttempt = ({ id, attempt, endedAt, actor, error }: AttemptRow): Event => ({
  key: `attempt-${id}-${attempt}`,
  at: endedAt,
  event: 'sync_failed',
  actor,
  detail: `Attempt ${attempt}: ${error ?? 'interrupted.'} It is tried again from where it stopped.`,
});

function fromOperation(row: OperationRow): Event[] {
  const { id, kind, status, actor, startedAt, finishedAt, records, attempt, error } = row;
  const what = kind === 'sync' ? 'Sync' : 'Import';
  const began: Event = {
    key: `start-${id}`,
    at: startedAt,
    event: 'sync_started',
    actor,
    detail: attempt > 1 ? `${what}, attempt ${attempt}` : what,
  };
  const ended = ENDED[status];
  if (ended === undefined || finishedAt === null) return [began];
  const detail = error ?? `${what}, ${records} ${records === 1 ? 'record' : 'records'}`;
  return [{ key: `end-${id}`, at: finishedAt, event: ended, actor, detail }, began];
}

/** What happened to a connection, newest first: its operations and its audit entries, and no record of its own. */
export function connectionEvents(db: ReadDb, connectionId: number, limit: number): Output<'connections.events'> {
  if (!findConnection(db, connectionId)) throw new AppError('not_found', 'There is no such connection.');
  const operations = db
    .prepare(
      `SELECT id, kind, status, requested_by AS actor, started_at AS startedAt, finished_at AS finishedAt, records, attempt, error
       FROM sync_operations o WHERE connection_id = ?
         AND (status <> 'queued' OR EXISTS (SELECT 1 FROM operation_attempts a WHERE a.operation_id = o.id)) ORDER BY id DESC LIMIT ?`,
    )
    .all(connectionId, limit) as OperationRow[];
  const retried = db
    .prepare(
      `SELECT a.operation_id AS id, a.attempt, a.ended_at AS endedAt, o.requested_by AS actor, a.error
       FROM operation_attempts a JOIN sync_operations o ON o.id = a.operation_id
       WHERE o.connection_id = ? AND a.next_at IS NOT NULL ORDER BY a.ended_at DESC LIMIT ?`,
    )
    .all(connectionId, limit) as AttemptRow[];
  const audited = db
    .prepare(
      `SELECT seq, at, actor, event, details FROM audit_entries
       WHERE event IN ('connection_added', 'connection_changed', 'connection_disconnected', 'identity_linked')
         AND json_valid(details) AND details ->> 'connection' = ? ORDER BY seq DESC LIMIT ?`,
    )
    .all(connectionId, limit) as AuditRow[];
  const items = [...operations.flatMap(fromOperation), ...retried.map(fromAttempt), ...audited.map(fromAudit)];
  // An end comes before its start where both fall on one moment, because the newest stands first.
  return { items: items.toSorted((a, b) => b.at.localeCompare(a.at)).slice(0, limit) };
}
