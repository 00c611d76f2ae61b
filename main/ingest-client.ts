import { ConnectorError } from './connectors/connector.ts';
import type { JobPort } from './store/job-thread.ts';
import { PassError, type Bearer, type Ingest, type PassFailure, type PassReport, type PassRequest } from './sync/pass.ts';

export type IngestMessage =
  | { readonly type: 'pass'; readonly id: number; readonly request: PassRequest }
  | { readonly type: 'cancel'; readonly id: number }
  /** Answers `ask`; a failure without a kind is unexpected. */
  | { readonly type: 'token'; readonly ask: number; readonly token: string }
  | { readonly type: 'token'; readonly ask: number; readonly failure: PassFailure };

export type IngestReply =
  | { readonly id: number; readonly progress: PassReport }
  | { readonly id: number; readonly log: { readonly text: string; readonly details: Readonly<Record<string, unknown>> } }
  /** The pass needs a live access token. */
  | { readonly id: number; readonly ask: number; readonly refused: string | null }
  | { readonly id: number; readonly done: true }
  | { readonly id: number; readonly failure: PassFailure };

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: (progress: PassReport) => void;
  readonly bearer: Bearer | null;
}

/** The serving thread's side of the ingest thread. `fail` rejects every pass, for when the thread has died. */
export function createIngestClient(
  port: JobPort,
  log: (text: string, details: Readonly<Record<string, unknown>>) => void,
): Ingest & { fail(message: string): void } {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  const send = (message: IngestMessage): void => port.postMessage(message);
  const answer = async (ask: number, bearer: Bearer | null, refused: string | null): Promise<void> => {
    try {
      if (bearer === null) throw new Error('This connection was not signed in with the browser.');
      send({ type: 'token', ask, token: await bearer(refused) });
    } catch (error) {
      const kind = error instanceof ConnectorError ? error.kind : 'internal';
      send({ type: 'token', ask, failure: { kind, message: error instanceof Error ? error.message : String(error) } });
    }
  };
  port.on('message', (reply: IngestReply) => {
    const pass = waiting.get(reply.id);
    if ('log' in reply) return log(reply.log.text, reply.log.details);
    if (!pass) return undefined;
    if ('ask' in reply) return void answer(reply.ask, pass.bearer, reply.refused);
    if ('progress' in reply) return pass.onProgress(reply.progress);
    waiting.delete(reply.id);
    return 'done' in reply ? pass.resolve() : pass.reject(new PassError(reply.failure));
  });
  return {
    pass: (request, signal, onProgress, bearer) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        const cancel = (): void => send({ type: 'cancel', id });
        signal.addEventListener('abort', cancel, { once: true });
        const settled =
          <V>(then: (value: V) => void) =>
          (value: V): void => {
            signal.removeEventListener('abort', cancel);
            then(value);
          };
        waiting.set(id, { resolve: settled<void>(resolve), reject: settled(reject), onProgress, bearer });
        send({ type: 'pass', id, request });
        if (signal.aborted) cancel();
      }),
    fail(message) {
      for (const pass of waiting.values()) pass.reject(new PassError({ kind: 'internal', message }));
      waiting.clear();
    },
  };
}
