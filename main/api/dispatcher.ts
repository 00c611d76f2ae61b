import { z } from 'zod';
import {
  AppError,
  COMMON_ERRORS,
  ROLES,
  contract,
  isProcedureName,
  type AppEvent,
  type Procedure,
  type ProcedureName,
} from '../../shared/contract/index.ts';
import type { WatchedCall } from '../observability/call-watch.ts';
import type { JobCaller } from '../store/job-thread.ts';
import type { CallContext, ServiceContext, Services } from './handler.ts';
import { topicsOf } from './topics.ts';

export interface DispatcherParts {
  readonly services: Services;
  /** Names of procedures the writer thread answers; every other one without a service is a read. */
  readonly writes: ReadonlySet<string>;
  readonly read: (caller: JobCaller, name: string, input: unknown) => Promise<unknown>;
  readonly write: (caller: JobCaller, name: string, input: unknown) => Promise<unknown>;
  readonly emit: (event: AppEvent) => void;
  /** Told of every call after it. */
  readonly watch?: { monotonicMs(): number; called(call: WatchedCall): void };
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export type Dispatch = (name: ProcedureName, input: unknown, context: CallContext) => Promise<unknown>;

/**
 * The one door: looks a procedure up, checks access, parses the input, runs the handler where it belongs, parses the
 * output, has commands audited and maps errors. Rejects with an AppError that carries the request id, always.
 */
export function createDispatcher(parts: DispatcherParts): Dispatch {
  const dispatch: Dispatch = async (name, input, context) => {
    const procedure: Procedure | undefined = Object.hasOwn(contract, name) ? contract[name] : undefined;
    let performed = false;
    try {
      if (!procedure) throw new AppError('not_found', 'There is no such procedure.');
      assertAccess(procedure, context);
      const output = await perform(parts, name, procedure, parseInput(procedure, input), context);
      performed = true;
      return procedure.output.parse(output);
    } catch (error) {
      const appError = declared(error, procedure, context);
      if (appError) throw appError;
      parts.log.error('a call failed unexpectedly', { procedure: name, requestId: context.requestId, error });
      throw new AppError(
        'internal',
        `Something went wrong inside the program. ${standing(parts, name, procedure, performed)} Quote ${context.requestId} to support.`,
        { cause: error, requestId: context.requestId },
      );
    }
  };
  return parts.watch ? watched(dispatch, parts.watch) : dispatch;
}

/** Tells the watch how every call ended. A name that is no procedure is not a name to count by. */
function watched(dispatch: Dispatch, watch: NonNullable<DispatcherParts['watch']>): Dispatch {
  return async (name, input, context) => {
    const began = watch.monotonicMs();
    const tell = (outcome: string, output: unknown): void => {
      if (!isProcedureName(name)) return;
      const seconds = (watch.monotonicMs() - began) / 1000;
      const { requestId, actor } = context;
      watch.called({ procedure: name, kind: contract[name].kind, requestId, userId: actor.id, outcome, seconds, output });
    };
    try {
      const output = await dispatch(name, input, context);
      tell('ok', output);
      return output;
    } catch (error) {
      tell(error instanceof AppError ? error.code : 'internal', undefined);
      throw error;
    }
  };
}

function assertAccess(procedure: Procedure, { actor }: CallContext): void {
  if (ROLES.indexOf(actor.role) < ROLES.indexOf(procedure.access))
    throw new AppError('forbidden', `This needs the role ${procedure.access}; you are signed in as ${actor.role}.`);
}

function parseInput(procedure: Procedure, input: unknown): unknown {
  const parsed = procedure.input.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_input', z.prettifyError(parsed.error).slice(0, 1000), {
    details: { issues: parsed.error.issues.slice(0, 20).map((i) => ({ path: i.path.join('.'), message: i.message })) },
  });
}

async function perform(
  parts: DispatcherParts,
  name: ProcedureName,
  procedure: Procedure,
  input: unknown,
  context: CallContext,
): Promise<unknown> {
  const auditEvent = procedure.kind === 'command' && 'event' in procedure.audit ? procedure.audit.event : null;
  const caller: JobCaller = { actor: context.actor.name, requestId: context.requestId, auditEvent };
  const service = parts.services[name] as ((input: unknown, context: ServiceContext) => Promise<unknown>) | undefined;
  let output: unknown;
  if (service) {
    let audited = false;
    const write = <R>(job: string, args: unknown): Promise<R> => {
      audited = true;
      return parts.write(caller, job, args) as Promise<R>;
    };
    output = await service(input, { ...context, write });
    if (auditEvent !== null && !audited)
      await parts.write(caller, 'audit/note', { subject: name, input: withoutSecrets(input), output });
  } else if (parts.writes.has(name)) output = await parts.write(caller, name, input);
  else output = await parts.read(caller, name, input);
  if (auditEvent !== null) parts.emit({ type: 'data_changed', topics: topicsOf(name) });
  return output;
}

/** Credentials and file contents have no place in the audit trail. */
function withoutSecrets(input: unknown): unknown {
  if (input === null || typeof input !== 'object') return input;
  const { credentials, content, ...rest } = input as Record<string, unknown>;
  return {
    ...rest,
    ...(credentials === undefined ? {} : { credentials: '(kept out)' }),
    ...(content === undefined ? {} : { content: '(kept out)' }),
  };
}

/** The error as the caller is meant to see it; null for what the procedure does not declare. */
function declared(error: unknown, procedure: Procedure | undefined, { requestId }: CallContext): AppError | null {
  if (!(error instanceof AppError)) return null;
  const known =
    !procedure || procedure.errors.includes(error.code) || COMMON_ERRORS.includes(error.code) || error.code === 'not_found';
  if (!known) return null;
  return new AppError(error.code, error.message, {
    ...(error.details ? { details: error.details } : {}),
    cause: error,
    requestId,
  });
}

/** What is known about the book after a failure: jobs are one transaction, services may have come half the way. */
function standing(parts: DispatcherParts, name: ProcedureName, procedure: Procedure | undefined, performed: boolean): string {
  if (procedure?.kind !== 'command' || 'none' in procedure.audit) return 'Nothing was changed by this call.';
  if (performed) return 'The change was made, but its result cannot be shown. Refresh to see it.';
  return parts.services[name] ? 'Check what stands now before you try again.' : 'Nothing was changed by this call.';
}
