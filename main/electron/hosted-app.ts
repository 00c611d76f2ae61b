import type { AppEvent, ProcedureName, Role } from '../../shared/contract/index.ts';

/** Who a call is made for. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export interface CallContext {
  readonly requestId: string;
  readonly actor: Actor;
}

/** What the desktop host needs of the program. */
export interface HostedApp {
  /** Rejects with an AppError. */
  dispatch(name: ProcedureName, input: unknown, context: CallContext): Promise<unknown>;
  subscribe(listener: (event: AppEvent) => void): () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
}
