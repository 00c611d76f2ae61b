import { timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { faultScript } from './faults/fault-script.ts';
import { REQUEST_FAULTS, type FaultOrder, type FaultQueue } from './faults/fault.ts';
import { chunked } from './http/json-text.ts';
import { sendSignedMessage } from './http/signed-message.ts';
import { createLoopbackServer } from './http/loopback-server.ts';
import { SANDBOX_PLATFORMS, type SandboxPlatform } from './plants/manifest.ts';
import type { PlatformState } from './plants/platform-state.ts';

export interface ControlledPlatform {
  readonly state: PlatformState;
  readonly faults: FaultQueue;
  /** Switches of the platform that may be turned while it runs. */
  readonly settings: object;
  /** Forgets counters such as rate limits. */
  readonly reset: () => void;
}

export interface ControlParts {
  readonly token: string;
  readonly platforms: Readonly<Record<SandboxPlatform, ControlledPlatform>>;
  readonly openingBook: () => Iterable<string>;
  readonly now: () => number;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

class ControlError extends Error {}

const optionalNumber = (body: Json, name: string): Json => {
  const value = body[name];
  if (value === undefined) return {};
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new ControlError(`${name} must be a whole number`);
  return { [name]: value };
};
const optionalText = (body: Json, name: string): Json => {
  const value = body[name];
  if (value === undefined) return {};
  if (typeof value !== 'string') throw new ControlError(`${name} must be text`);
  return { [name]: value };
};

function readOrder(body: Json): FaultOrder {
  const fault = REQUEST_FAULTS.find((known) => known === body['fault']);
  if (!fault) throw new ControlError(`fault must be next_day, reset, script or one of ${REQUEST_FAULTS.join(', ')}`);
  return {
    fault,
    ...optionalText(body, 'path'),
    ...optionalText(body, 'member'),
    ...optionalNumber(body, 'times'),
    ...optionalNumber(body, 'after'),
    ...optionalNumber(body, 'delayMs'),
    ...optionalNumber(body, 'retryAfterSeconds'),
    ...optionalNumber(body, 'places'),
  };
}

function readScript(body: Json): readonly FaultOrder[] {
  const { seed, count } = body;
  if (typeof seed !== 'string' || typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1 || count > 1000)
    throw new ControlError('A script takes a seed as text and a count from 1 to 1000');
  return faultScript(seed, count);
}

/**
 * The sandbox’s own interface: the opening book for everyone, faults and switches for who knows the token.
 * `POST /_sandbox/faults {platform?, fault, ...}` and `POST /_sandbox/settings {platform, ...}`; no platform means all.
 * `POST /_sandbox/messages {url, secret, id?, type?}` sends a signed message and answers its status.
 * The fault `script` takes `seed` and `count`, and the reply lists the faults that were drawn.
 */
export function createControlServer({ token, platforms, openingBook, now }: ControlParts): FastifyInstance {
  const server = createLoopbackServer();
  const expected = Buffer.from(token);
  let messages = 0;

  server.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/_sandbox')) return undefined;
    const given = Buffer.from(String(request.headers['x-sandbox-token'] ?? ''));
    if (given.length === expected.length && timingSafeEqual(given, expected)) return undefined;
    return reply.code(401).send({ message: 'The header X-Sandbox-Token is missing or wrong' });
  });
  server.setErrorHandler((error, _request, reply) =>
    reply
      .code(error instanceof ControlError ? 400 : 500)
      .send({ message: error instanceof Error ? error.message : 'Unknown failure' }),
  );

  const named = (body: Json): readonly ControlledPlatform[] => {
    const { platform } = body;
    if (platform === undefined) return SANDBOX_PLATFORMS.map((name) => platforms[name]);
    const known = SANDBOX_PLATFORMS.find((name) => name === platform);
    if (!known) throw new ControlError(`platform must be one of ${SANDBOX_PLATFORMS.join(', ')}`);
    return [platforms[known]];
  };
  const bodyOf = (body: unknown): Json => {
    if (!isObject(body)) throw new ControlError('The body must be a JSON object');
    return body;
  };

  server.get('/opening-book', (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(Readable.from(chunked(openingBook()), { objectMode: false })),
  );
  server.post('/_sandbox/faults', (request, reply) => {
    const body = bodyOf(request.body);
    const moves = body['fault'] === 'next_day' || body['fault'] === 'reset';
    const orders = moves ? [] : body['fault'] === 'script' ? readScript(body) : [readOrder(body)];
    for (const { state, faults, reset } of named(body)) {
      if (body['fault'] === 'next_day') state.nextDay();
      else if (body['fault'] === 'reset') {
        faults.clear();
        state.reset();
        reset();
      } else for (const order of orders) faults.inject(order);
    }
    const days = SANDBOX_PLATFORMS.map((name) => [name, platforms[name].state.book.firm.date(platforms[name].state.day())]);
    return reply.send({
      asOf: Object.fromEntries(days) as Record<SandboxPlatform, string>,
      ...(body['fault'] === 'script' ? { orders } : {}),
    });
  });
  server.post('/_sandbox/messages', async (request, reply) => {
    const { url, secret, id, type } = bodyOf(request.body);
    if (typeof url !== 'string' || URL.parse(url)?.hostname !== '127.0.0.1' || typeof secret !== 'string')
      throw new ControlError('url must be an address of 127.0.0.1 and secret the text that the receiver showed');
    messages += 1;
    const event = {
      type: typeof type === 'string' ? type : 'batch.completed',
      timestamp: new Date(now()).toISOString(),
      data: {},
    };
    const status = await sendSignedMessage({
      url,
      secret,
      id: typeof id === 'string' ? id : `msg_sandbox${messages}`,
      atSeconds: Math.floor(now() / 1000),
      body: JSON.stringify(event),
    });
    return reply.send({ status });
  });
  server.post('/_sandbox/settings', (request, reply) => {
    const { platform: _platform, ...changes } = bodyOf(request.body);
    for (const { settings } of named(bodyOf(request.body)))
      for (const [name, value] of Object.entries(changes)) {
        if (!Object.hasOwn(settings, name) || typeof value !== typeof Reflect.get(settings, name))
          throw new ControlError(`There is no setting ${name} that takes a ${typeof value}`);
        Reflect.set(settings, name, value);
      }
    return reply.send({ changed: Object.keys(changes) });
  });
  return server;
}
