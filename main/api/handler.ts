import type { CommandName, HandlerInput, Output, ProcedureName, Role } from '../../shared/contract/index.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import type { WriteContext } from '../store/run-job.ts';

export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

/** Who calls, and the id under which the log speaks of the call. */
export interface CallContext {
  readonly requestId: string;
  readonly actor: Actor;
}

/** What a service is given beside its input. */
export interface ServiceContext extends CallContext {
  /** The one write a command is about, in one transaction with its audit entry; without it the entry follows the command. */
  readonly write: <R>(name: string, input: unknown) => Promise<R>;
}

/** Queries, and commands that only look (previews): they run on the reader thread. */
export type Reads = { readonly [N in ProcedureName]?: (db: ReadDb, input: HandlerInput<N>, context: JobContext) => Output<N> };
/** Commands that run on the writer thread, in one transaction with their audit entry. */
export type Writes = {
  readonly [N in CommandName]?: (db: WritableDb, input: HandlerInput<N>, context: WriteContext) => Output<N>;
};
/** Procedures that talk to networks, files or other threads; they run on the serving thread and never touch SQL. */
export type Services = {
  readonly [N in ProcedureName]?: (input: HandlerInput<N>, context: ServiceContext) => Promise<Output<N>>;
};
