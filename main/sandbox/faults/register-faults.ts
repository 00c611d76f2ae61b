import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultOrder, FaultQueue } from './fault.ts';
import { refuseInstead } from './refusals.ts';
import { schemaDrift } from './schema-drift.ts';
import { spoilBody } from './spoil-body.ts';

/** How the platform itself words the failures that can be injected. */
export interface FailureReplies {
  tooManyRequests(reply: FastifyReply, retryAfterSeconds: number): FastifyReply;
  serverError(reply: FastifyReply): FastifyReply;
  expiredToken(reply: FastifyReply): FastifyReply;
  /** The member that changes shape unless the order names one. */
  readonly driftMember: string;
}

async function wholeBody(payload: unknown): Promise<Buffer> {
  if (payload === null || payload === undefined) return Buffer.alloc(0);
  if (typeof payload === 'string') return Buffer.from(payload);
  if (Buffer.isBuffer(payload)) return payload;
  const pieces: Buffer[] = [];
  if (payload instanceof Readable) for await (const piece of payload) pieces.push(Buffer.from(piece as Buffer));
  return Buffer.concat(pieces);
}

async function* diesHalfway(body: Buffer): AsyncGenerator<Buffer> {
  yield body.subarray(0, Math.floor(body.length / 2));
  await delay(20); // lets the first half reach the other side before the connection goes
  throw new Error('Connection cut by the sandbox');
}

/** Lets the control interface spoil requests to this server. Answers the change of shape due for a request, for bodies built by hand. */
export function registerFaults(
  server: FastifyInstance,
  queue: FaultQueue,
  replies: FailureReplies,
): (request: FastifyRequest) => ((json: string) => string) | null {
  const due = new WeakMap<FastifyRequest, FaultOrder>();

  server.addHook('onRequest', async (request, reply) => {
    const order = queue.take(request.url);
    if (!order) return undefined;
    due.set(request, order);
    switch (order.fault) {
      case 'too_many_requests':
      case 'too_many_requests_until':
        return replies.tooManyRequests(reply, order.retryAfterSeconds ?? 1);
      case 'server_error':
        return replies.serverError(reply);
      case 'expired_token':
        return replies.expiredToken(reply);
      case 'connection_reset':
        reply.hijack();
        request.raw.socket.resetAndDestroy();
        return undefined;
      case 'slow':
        await delay(order.delayMs ?? 2_000);
        return undefined;
      default:
        return refuseInstead(order, reply) ?? undefined;
    }
  });

  server.addHook('onSend', async (request, reply, payload: unknown) => {
    const order = due.get(request);
    if (!order) return payload;
    if (order.fault === 'too_many_requests_until') {
      const until = new Date(Date.now() + (order.retryAfterSeconds ?? 1) * 1000);
      reply.removeHeader('x-ratelimit-retry-after').header('retry-after', until.toUTCString());
    }
    if (payload === undefined || payload === null) return payload;
    const whole = await wholeBody(payload);
    if (order.fault === 'broken_body') {
      reply.header('content-length', whole.length);
      return Readable.from(diesHalfway(whole), { objectMode: false });
    }
    const drift = schemaDrift(order, replies.driftMember);
    const isJson = String(reply.getHeader('content-type')).includes('json');
    const spoilt = drift && isJson ? { body: Buffer.from(drift(whole.toString('utf8'))), headers: {} } : spoilBody(order, whole);
    const body = spoilt?.body ?? whole;
    reply.headers({ ...spoilt?.headers, 'content-length': body.length });
    return body;
  });

  return (request) => {
    const order = due.get(request);
    return order ? schemaDrift(order, replies.driftMember) : null;
  };
}
