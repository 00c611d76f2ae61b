import { z } from 'zod';
import { AppError, isProcedureName, type ErrorBody } from '../../shared/contract/index.ts';
import type { Actor, HostedApp } from './hosted-app.ts';
import type { IpcPort } from './ipc-port.ts';

const callMessage = z.strictObject({ id: z.int().nonnegative(), name: z.string().max(100), input: z.unknown() });
const withId = z.looseObject({ id: z.int().nonnegative() });

/** More calls at once than any screen makes; past it the page is looping. */
const MOST_AT_ONCE = 500;

export interface IpcServerParts {
  readonly app: Pick<HostedApp, 'dispatch' | 'subscribe'>;
  readonly actor: Actor;
  readonly newRequestId: () => string;
  /** Told of failures that the caller is not shown. */
  readonly onFailure: (error: unknown, requestId: string) => void;
}

const bodyOf = (error: AppError, requestId: string): ErrorBody['error'] => ({
  code: error.code,
  message: error.message,
  requestId: error.requestId ?? requestId,
  ...(error.details ? { details: { ...error.details } } : {}),
});

const internal = (requestId: string): AppError =>
  new AppError('internal', `Something went wrong inside the program. The log names the cause under ${requestId}.`, { requestId });

/**
 * Serves one port: `{ id, name, input }` is answered with `{ id, ok: true, output }` or `{ id, ok: false, error }`, and
 * every event of the program is sent as `{ event }`. Errors carry code, message and request id, never a stack. Returns
 * what ends the service.
 */
export function serveIpc(port: IpcPort, parts: IpcServerParts): () => void {
  let open = true;
  let running = 0;

  const send = (message: unknown): void => {
    if (open) port.send(message);
  };
  const fail = (id: number, error: AppError, requestId: string): void => send({ id, ok: false, error: bodyOf(error, requestId) });

  const answer = async (id: number, name: string, input: unknown, requestId: string): Promise<void> => {
    try {
      if (!isProcedureName(name)) throw new AppError('not_found', 'There is no procedure of this name.');
      if (running >= MOST_AT_ONCE) throw new AppError('busy', 'Too many requests at once. Try again in a moment.');
      running++;
      try {
        const output = await parts.app.dispatch(name, input, { requestId, actor: parts.actor });
        send({ id, ok: true, output });
      } finally {
        running--;
      }
    } catch (error) {
      if (error instanceof AppError) return fail(id, error, requestId);
      parts.onFailure(error, requestId);
      fail(id, internal(requestId), requestId);
    }
  };

  port.onMessage((message) => {
    if (!open) return;
    const requestId = parts.newRequestId();
    const call = callMessage.safeParse(message);
    if (call.success) return void answer(call.data.id, call.data.name, call.data.input, requestId);
    parts.onFailure(new Error('A message of the page is not a call.', { cause: call.error }), requestId);
    const addressed = withId.safeParse(message);
    if (addressed.success)
      fail(addressed.data.id, new AppError('invalid_input', 'This is not a call of a procedure.'), requestId);
  });

  const unsubscribe = parts.app.subscribe((event) => send({ event }));
  const stop = (): void => {
    if (!open) return;
    open = false;
    unsubscribe();
    port.close();
  };
  port.onClose(stop);
  return stop;
}
