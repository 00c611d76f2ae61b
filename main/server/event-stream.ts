import type { ServerResponse } from 'node:http';
import type { AppEvent } from '../../shared/contract/index.ts';
import type { Principal } from './access.ts';
import type { Limits } from './limits.ts';
import { Refusal } from './refusal.ts';

export interface EventStream {
  /** Sends events as server-sent events until the reader goes, falls behind or is signed out. Throws a Refusal when there are too many readers. */
  join(response: ServerResponse, principal: Principal): void;
  stop(): void;
}

export interface EventStreamParts {
  readonly subscribe: (listener: (event: AppEvent) => void) => () => void;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly limits: Pick<Limits, 'eventClients' | 'eventBuffer' | 'heartbeat'>;
  readonly onCut: (waitingBytes: number) => void;
}

/** Fans events out to readers over HTTP. A reader that cannot keep up is cut off: it connects again and asks for everything anew. */
export const createEventStream = ({ subscribe, sleep, limits, onCut }: EventStreamParts): EventStream => {
  const readers = new Map<ServerResponse, Principal>();
  const stopping = new AbortController();

  const send = (text: string): void => {
    for (const [response, principal] of readers) {
      if (!principal.valid()) {
        readers.delete(response);
        response.end();
        continue;
      }
      response.write(text);
      if (response.writableLength > limits.eventBuffer) {
        readers.delete(response);
        onCut(response.writableLength);
        response.destroy();
      }
    }
  };

  const unsubscribe = subscribe((event) => {
    if (readers.size > 0) send(`data: ${JSON.stringify(event)}\n\n`);
  });

  const beat = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await sleep(limits.heartbeat, stopping.signal);
      send(': still here\n\n');
    }
  };
  // Ends by the abort of stop().
  beat().catch(() => undefined);

  return {
    join: (response, principal) => {
      if (readers.size >= limits.eventClients) {
        throw new Refusal(503, 'busy', 'Too many windows listen for changes. Close one and try again.', { 'retry-after': '5' });
      }
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
      response.write(': listening\n\n');
      readers.set(response, principal);
      response.once('close', () => readers.delete(response));
    },
    stop: () => {
      unsubscribe();
      stopping.abort();
      for (const response of readers.keys()) response.end();
      readers.clear();
    },
  };
};
