import type { Transport } from '../../shared/contract/client.ts';
import { AppError, type AppEvent, type Topic } from '../../shared/contract/index.ts';
import type { Clock } from '../ports/clock.ts';
import { readEvents } from './event-source.ts';
import { toRequest } from '../../shared/contract/http-request.ts';
import { errorFrom, type Session } from './session.ts';

export interface HttpTransportParts {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly session: Pick<Session, 'accessToken' | 'refused' | 'store'>;
}

export interface HttpTransport extends Transport {
  /** Ends the stream of events for good. */
  close(): void;
}

const EVERYTHING: readonly Topic[] = [
  'connections',
  'operations',
  'holdings',
  'conflicts',
  'batches',
  'reconciliation',
  'imports',
  'audit',
  'settings',
];
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** Three heartbeats missed: the connection is dead although nobody said so. */
const SILENCE_MS = 45_000;

const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';

/** Carries calls to the headless host over HTTP, and events back. After a gap in the events everything counts as changed. */
export const createHttpTransport = ({ fetch, clock, session }: HttpTransportParts): HttpTransport => {
  const listeners = new Set<(event: AppEvent) => void>();
  const closing = new AbortController();
  let isStreaming = false;
  let hadGap = false;

  const emit = (event: AppEvent): void => {
    for (const listener of listeners) listener(event);
  };

  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const attempt = async (): Promise<{ response: Response; token: string }> => {
      const token = await session.accessToken();
      init.signal?.throwIfAborted();
      const headers = { ...(init.headers as Record<string, string> | undefined), authorization: `Bearer ${token}` };
      try {
        return { response: await fetch(path, { ...init, headers, credentials: 'omit', cache: 'no-store' }), token };
      } catch (cause) {
        if (isAbort(cause)) throw cause;
        throw new AppError('busy', 'Clearway cannot be reached. Check that it is still running.', {
          cause,
          details: { offline: true },
        });
      }
    };
    let { response, token } = await attempt();
    if (response.status === 401) {
      // Refused at the door, so nothing ran and the same call may go once more.
      session.refused(token);
      ({ response, token } = await attempt());
      if (response.status === 401) session.refused(token);
    }
    if (!response.ok) throw await errorFrom(response);
    return response;
  };

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        cancel();
        closing.signal.removeEventListener('abort', end);
        resolve();
      };
      const cancel = clock.after(ms, end);
      closing.signal.addEventListener('abort', end);
    });

  const watchSilence = (stream: ReadableStream<Uint8Array>, dead: AbortController): ReadableStream<Uint8Array> => {
    let cancel = clock.after(SILENCE_MS, () => dead.abort());
    return stream.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          cancel();
          cancel = clock.after(SILENCE_MS, () => dead.abort());
          controller.enqueue(chunk);
        },
        flush: () => cancel(),
      }),
    );
  };

  const listenOnce = async (onOpen: () => void): Promise<void> => {
    const dead = new AbortController();
    const response = await send('/api/v1/events', { method: 'GET', signal: AbortSignal.any([closing.signal, dead.signal]) });
    if (response.body === null) return;
    await readEvents(watchSilence(response.body, dead), onOpen, emit);
  };

  const signedIn = (): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        stop();
        closing.signal.removeEventListener('abort', end);
        resolve();
      };
      const stop = session.store.subscribe((state) => {
        if (state.status === 'signed_in') end();
      });
      closing.signal.addEventListener('abort', end);
      if (session.store.getState().status === 'signed_in' || closing.signal.aborted) end();
    });

  const listen = async (): Promise<void> => {
    let wait = FIRST_RETRY_MS;
    while (!closing.signal.aborted) {
      await signedIn();
      try {
        await listenOnce(() => {
          wait = FIRST_RETRY_MS;
          if (hadGap) emit({ type: 'data_changed', topics: [...EVERYTHING] });
        });
      } catch {
        // Every way a stream can end is the same here: wait, and listen again.
      }
      hadGap = true;
      await pause(wait);
      wait = Math.min(wait * 2, LONGEST_RETRY_MS);
    }
  };

  return {
    call: async (name, input, signal) => {
      const { method, path, body } = toRequest(name, input);
      const response = await send(path, {
        method,
        ...(body === null ? {} : { body, headers: { 'content-type': 'application/json' } }),
        ...(signal === undefined ? {} : { signal }),
      });
      return response.json();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      if (!isStreaming) {
        isStreaming = true;
        void listen();
      }
      return () => listeners.delete(listener);
    },
    close: () => closing.abort(),
  };
};
