import { lookup, type LookupAddress } from 'node:dns';
import { Agent as PlainAgent, request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { HttpFailure, type HttpClient, type HttpRequest, type HttpResponse } from './http.ts';

export interface NodeHttpOptions {
  /** Time to reach the host, name look-up and TLS included. */
  readonly connectTimeoutMs?: number;
  /** Longest silence while waiting for or reading the answer. */
  readonly idleTimeoutMs?: number;
  /** From the call to the last byte. */
  readonly totalTimeoutMs?: number;
  /** Largest body after decoding, where the request names none. */
  readonly maxBytes?: number;
}

export interface NodeHttpClient extends HttpClient {
  /** Closes idle connections; requests under way are cut. */
  close(): void;
}

const DEFAULTS = { connectTimeoutMs: 15_000, idleTimeoutMs: 90_000, totalTimeoutMs: 600_000, maxBytes: 256 * 2 ** 20 };

const seconds = (ms: number): string => (ms >= 1000 ? `${Math.round(ms / 1000)} seconds` : `${ms} milliseconds`);

const NOT_REACHED = 'ERR_ADDRESS_NOT_REACHED';
const notReached = (): Error => Object.assign(new Error('This address must not be reached.'), { code: NOT_REACHED });

const CAUSES: Readonly<Record<string, (host: string) => string>> = {
  ENOTFOUND: (host) => `The address ${host} was not found.`,
  EAI_AGAIN: (host) => `The address ${host} could not be looked up: there seems to be no network.`,
  ECONNREFUSED: (host) => `${host} refused the connection.`,
  ECONNRESET: (host) => `The connection to ${host} was cut before the answer was complete.`,
  EPIPE: (host) => `The connection to ${host} was cut before the answer was complete.`,
  EHOSTUNREACH: (host) => `${host} cannot be reached from this network.`,
  ENETUNREACH: (host) => `${host} cannot be reached from this network.`,
  Z_BUF_ERROR: (host) => `The compressed answer of ${host} was cut off.`,
  Z_DATA_ERROR: (host) => `The compressed answer of ${host} is damaged.`,
  ETIMEDOUT: (host) => `No connection to ${host} within the time the network allows.`,
  [NOT_REACHED]: (host) => `${host} leads to an address that must not be reached from here.`,
  ERR_INVALID_CHAR: (host) => `A credential or header for ${host} contains a character that cannot be sent. Enter it again.`,
};

const CERTIFICATES: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by nobody but itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'comes from an authority that this computer does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes from an authority that this computer does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes from an authority that this computer does not know',
  CERT_HAS_EXPIRED: 'has expired, or the clock of this computer is wrong',
  CERT_NOT_YET_VALID: 'is not valid yet, or the clock of this computer is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'was made for another address',
};

function networkFailure(host: string, cause: unknown): HttpFailure {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const explain = CAUSES[code];
  if (explain) return new HttpFailure('network', explain(host), cause);
  // What the brotli decoder says has a name of its own for every way to be damaged.
  if (/^ERR_(?:BROTLI|_ERROR)/.test(code))
    return new HttpFailure('network', `The compressed answer of ${host} is damaged.`, cause);
  if (code.startsWith('HPE_')) return new HttpFailure('unreadable', `What ${host} answers is not HTTP (${code}).`, cause);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return new HttpFailure('unreadable', `${host} could not agree with this program on a secure connection (${code}).`, cause);
  if (/CERT|SIGNATURE|ERR_TLS/.test(code))
    return new HttpFailure(
      'untrusted',
      `The certificate of ${host} ${CERTIFICATES[code] ?? 'could not be verified'} (${code}).`,
      cause,
    );
  return new HttpFailure('network', `The connection to ${host} failed${code === '' ? '' : ` (${code})`}.`, cause);
}

function decoded(answer: IncomingMessage): Readable | null {
  switch ((answer.headers['content-encoding'] ?? 'identity').toLowerCase()) {
    case 'identity':
    case '':
      return answer;
    case 'gzip':
    case 'x-gzip':
      return answer.pipe(createGunzip());
    case 'deflate':
      return answer.pipe(createInflate());
    case 'br':
      return answer.pipe(createBrotliDecompress());
    default:
      return null;
  }
}

const flatHeaders = (answer: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );

/** Looks a name up and hands over its addresses only when each of them may be reached: what was checked is what is connected to. */
const checkedLookup =
  (mayReach: (address: string) => boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? [];
      if (error) callback(error, '');
      else if (first === undefined || !addresses.every(({ address }) => mayReach(address))) callback(notReached(), '');
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

/** HTTP over node:http and node:https with kept-alive connections; see HttpClient for the promises it keeps. */
export function createNodeHttp(options: NodeHttpOptions = {}): NodeHttpClient {
  const limits = { ...DEFAULTS, ...options };
  const plainAgent = new PlainAgent({ keepAlive: true });
  const tlsAgent = new TlsAgent({ keepAlive: true });

  const send = (request: HttpRequest): Promise<HttpResponse> =>
    new Promise((resolve, reject) => {
      const url = URL.parse(request.url);
      if (url === null || !/^https?:$/.test(url.protocol)) {
        reject(new HttpFailure('network', 'The address of the platform is not a valid http or https address.'));
        return;
      }
      const { host } = url;
      const { mayReach } = request;
      const literal = url.hostname.replace(/^\[|\]$/g, '');
      // A name is checked where it is looked up; an address that is written out is not looked up at all.
      if (mayReach !== undefined && isIP(literal) !== 0 && !mayReach(literal)) {
        reject(networkFailure(host, notReached()));
        return;
      }
      const maxBytes = request.maxBytes ?? limits.maxBytes;
      let outgoing: ClientRequest | null = null;
      let idle: NodeJS.Timeout | undefined;
      let settled = false;

      const settle = (deliver: () => void): void => {
        settled = true;
        clearTimeout(total);
        clearTimeout(connect);
        clearTimeout(idle);
        request.signal?.removeEventListener('abort', onAbort);
        deliver();
      };
      const fail = (failure: HttpFailure): void =>
        settle(() => {
          reject(failure);
          outgoing?.destroy();
        });
      const onAbort = (): void => fail(new HttpFailure('aborted', `The request to ${host} was stopped.`, request.signal?.reason));
      const total = setTimeout(
        () => fail(new HttpFailure('timeout', `${host} did not finish its answer within ${seconds(limits.totalTimeoutMs)}.`)),
        limits.totalTimeoutMs,
      );
      const connect = setTimeout(
        () => fail(new HttpFailure('timeout', `No connection to ${host} within ${seconds(limits.connectTimeoutMs)}.`)),
        limits.connectTimeoutMs,
      );
      const stayAwake = (): void => {
        clearTimeout(idle);
        if (settled) return;
        idle = setTimeout(
          () => fail(new HttpFailure('timeout', `${host} was silent for ${seconds(limits.idleTimeoutMs)}.`)),
          limits.idleTimeoutMs,
        );
      };
      const connected = (): void => {
        clearTimeout(connect);
        stayAwake();
      };

      const receive = (answer: IncomingMessage): void => {
        stayAwake();
        const tooLarge = (): void => {
          fail(new HttpFailure('too_large', `The answer of ${host} is larger than ${maxBytes.toLocaleString('en-US')} bytes.`));
          body?.destroy();
        };
        const body = decoded(answer);
        if (body === answer && Number(answer.headers['content-length'] ?? 0) > maxBytes) {
          tooLarge();
          return;
        }
        if (body === null) {
          fail(new HttpFailure('unreadable', `The answer of ${host} is compressed in an unknown way.`));
          return;
        }
        const chunks: Buffer[] = [];
        let size = 0;
        answer.on('data', stayAwake);
        answer.on('error', (cause) => fail(networkFailure(host, cause)));
        if (body !== answer) body.on('error', (cause) => fail(networkFailure(host, cause)));
        body.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxBytes) tooLarge();
          else chunks.push(chunk);
        });
        body.on('end', () =>
          settle(() => resolve({ status: answer.statusCode ?? 0, headers: flatHeaders(answer), body: joined(chunks, size) })),
        );
      };

      if (request.signal?.aborted) {
        onAbort();
        return;
      }
      request.signal?.addEventListener('abort', onAbort, { once: true });
      try {
        const secure = url.protocol === 'https:';
        outgoing = (secure ? tlsRequest : plainRequest)(url, {
          method: request.method,
          // A connection that is kept may have been made without the check.
          ...(mayReach === undefined
            ? { agent: secure ? tlsAgent : plainAgent }
            : { agent: false as const, lookup: checkedLookup(mayReach) }),
          headers: {
            'accept-encoding': 'gzip, deflate, br',
            ...request.headers,
            ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
          },
        });
        outgoing.on('socket', (socket: Socket) => {
          if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', connected);
          else connected();
        });
        outgoing.on('response', receive);
        outgoing.on('error', (cause) => fail(networkFailure(host, cause)));
        outgoing.end(request.body);
      } catch (cause) {
        fail(networkFailure(host, cause));
      }
    });

  return {
    send,
    close: () => {
      plainAgent.destroy();
      tlsAgent.destroy();
    },
  };
}

function joined(chunks: readonly Buffer[], size: number): Uint8Array {
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}
