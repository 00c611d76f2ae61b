import type { MessagePort } from 'node:worker_threads';
import type { IngestProgress } from './sync/ingest.ts';
import { PassError, type Ingest, type PassFailure, type PassRequest } from './sync/runner.ts';

export type IngestMessage =
  | { readonly type: 'pass'; readonly id: number; readonly request: PassRequest }
  | { readonly type: 'cancel'; readonly id: number };

export type IngestReply =
  | { readonly id: number; readonly progress: IngestProgress }
  | { readonly id: number; readonly log: { readonly text: string; readonly details: Readonly<Record<string, unknown>> } }
  | { readonly id: number; readonly done: true }
  | { readonly id: number; readonly failure: PassFailure };

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: (progress: IngestProgress) => void;
}

/** The serving thread's side of the ingest thread. `fail` rejects every pass, for when the thread has died. */
export function createIngestClient(
  port: MessagePort,
  log: (text: string, details: Readonly<Record<string, unknown>>) => void,
): Ingest & { fail(message: string): void } {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  port.on('message', (reply: IngestReply) => {
    const pass = waiting.get(reply.id);
    if ('log' in reply) return log(reply.log.text, reply.log.details);
    if (!pass) return undefined;
    if ('progress' in reply) return pass.onProgress(reply.progress);
    waiting.delete(reply.id);
    return 'done' in reply ? pass.resolve() : pass.reject(new PassError(reply.failure));
  });
  const send = (message: IngestMessage): void => port.postMessage(message);
  return {
    pass: (request, signal, onProgress) =>
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
        waiting.set(id, { resolve: settled<void>(resolve), reject: settled(reject), onProgress });
        send({ type: 'pass', id, request });
        if (signal.aborted) cancel();
      }),
    fail(message) {
      for (const pass of waiting.values()) pass.reject(new PassError({ kind: 'internal', message }));
      waiting.clear();
    },
  };
}
