import type { AppEvent, ProcedureName, Role } from '../../shared/contract/index.ts';

/** What is counted of the HTTP door, and everything there is to scrape. */
export interface HostMetrics {
  answered(answer: {
    readonly route: string;
    readonly method: string;
    readonly status: number;
    readonly seconds: number | null;
  }): void;
  text(): Promise<string>;
  readonly contentType: string;
}

export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
}

export interface CallContext {
  readonly requestId: string;
  readonly actor: Actor;
}

/** A message that a platform sends; names of headers in lower case. */
export interface SignedMessage {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/** What the HTTP host needs of the program. */
export interface HostedApp {
  readonly metrics: HostMetrics;
  receiveWebhook(connection: string, message: SignedMessage): Promise<'accepted' | 'known' | 'refused'>;
  /** Rejects with an AppError. */
  dispatch(name: ProcedureName, input: unknown, context: CallContext): Promise<unknown>;
  subscribe(listener: (event: AppEvent) => void): () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
}
