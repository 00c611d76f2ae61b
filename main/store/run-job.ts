import { AppError } from '../../shared/contract/errors.ts';
import { appendAudit } from './audit.ts';
import type { ReadDb, WritableDb } from './handles.ts';
import type { JobContext } from './job.ts';
import type { JobCall } from './job-thread.ts';
import { transact } from './transact.ts';

/** What a thread that runs jobs needs beside its database. */
export interface JobPorts {
  readonly now: JobContext['now'];
  readonly uuid: JobContext['uuid'];
  /** Called inside the transaction of a write, after the job. */
  readonly onWrite?: (db: WritableDb, job: string) => void;
}

/** A job's context plus the audit note it may leave; without one, the input stands in the trail. */
export interface WriteContext extends JobContext {
  audit(subject: string, details: Readonly<Record<string, unknown>>): void;
}

type Write = (db: WritableDb, args: never, context: WriteContext) => unknown;
type Read = (db: ReadDb, args: never, context: JobContext) => unknown;

const MAX_AUDIT_DETAILS = 4000;

const contextOf = (call: JobCall, ports: JobPorts): JobContext => ({
  actor: call.caller.actor,
  requestId: call.caller.requestId,
  now: ports.now,
  uuid: ports.uuid,
  progress: call.progress,
  cancelled: call.cancelled,
});

/** Storage failures that a person can act on; anything else stays what it is. */
function translate(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'SQLITE_FULL')
    return new AppError('storage_full', 'The disk is full. Nothing was changed; free some space and try again.', {
      cause: error,
    });
  if (code.startsWith('SQLITE_BUSY'))
    return new AppError('busy', 'Another program is using the book. Nothing was changed; try again in a moment.', {
      cause: error,
    });
  return error;
}

/** Runs a write in one transaction that also holds its audit entry, if the call names an audit event. */
export function runWrite(db: WritableDb, jobs: Readonly<Record<string, Write>>, call: JobCall, ports: JobPorts): unknown {
  const job = Object.hasOwn(jobs, call.name) ? jobs[call.name] : undefined;
  if (!job) throw new Error(`No such write: ${call.name}`);
  let note: { subject: string; details: Readonly<Record<string, unknown>> } | null = null;
  const context: WriteContext = { ...contextOf(call, ports), audit: (subject, details) => (note = { subject, details }) };
  try {
    return transact(db, () => {
      const result = job(db, call.args as never, context);
      ports.onWrite?.(db, call.name);
      if (call.caller.auditEvent !== null) {
        const { subject, details } = note ?? { subject: call.name, details: { input: call.args, output: result } };
        appendAudit(db, {
          at: ports.now(),
          actor: call.caller.actor,
          event: call.caller.auditEvent,
          subject,
          details: JSON.stringify(details).slice(0, MAX_AUDIT_DETAILS),
          requestId: call.caller.requestId,
        });
      }
      return result as object;
    });
  } catch (error) {
    throw translate(error);
  }
}

/** Runs a read against the state the connection sees now. */
export function runRead(db: ReadDb, jobs: Readonly<Record<string, Read>>, call: JobCall, ports: JobPorts): unknown {
  const job = Object.hasOwn(jobs, call.name) ? jobs[call.name] : undefined;
  if (!job) throw new Error(`No such read: ${call.name}`);
  db.prepare('BEGIN').run(); // one snapshot for all statements of the read
  try {
    return job(db, call.args as never, contextOf(call, ports));
  } finally {
    db.prepare('COMMIT').run();
  }
}
