import type { AppEvent, CallInput, Output, ProcedureName } from './index.ts';

/** Carries one call to the dispatcher and its answer back. Failures reject with an AppError. */
export interface Transport {
  call(name: ProcedureName, input: unknown, signal?: AbortSignal): Promise<unknown>;
  /** Calls back for every event until the returned function is called. */
  subscribe(listener: (event: AppEvent) => void): () => void;
}

export interface Client {
  call<N extends ProcedureName>(name: N, input: CallInput<N>, signal?: AbortSignal): Promise<Output<N>>;
  subscribe(listener: (event: AppEvent) => void): () => void;
}

/** The typed face of a transport. Output was validated by the dispatcher, so it is trusted here. */
export const createClient = (transport: Transport): Client => ({
  call: async <N extends ProcedureName>(name: N, input: CallInput<N>, signal?: AbortSignal) =>
    (await transport.call(name, input, signal)) as Output<N>,
  subscribe: (listener) => transport.subscribe(listener),
});
