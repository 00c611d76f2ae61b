import { createHash, timingSafeEqual } from 'node:crypto';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ACCESS_MS = 15 * MINUTE;
const IDLE_MS = 12 * HOUR;
const SESSION_MS = 7 * 24 * HOUR;
const CODE_MS = 12 * HOUR;
const MAX_CODES = 16;
const MAX_SESSIONS = 64;
const MAX_ACCESS_TOKENS = 1_024;
const SECRET = /^[A-Za-z0-9_-]{43}$/;

export interface AccessClock {
  /** UTC ISO text. */
  now(): string;
  monotonicMs(): number;
}

/** Who a token stands for. `key` is the same for all requests of one token or session, and is no secret. */
export interface Principal {
  readonly kind: 'token' | 'session';
  readonly key: string;
  /** False once the token ran out or the session was signed out. */
  valid(): boolean;
}

export interface AccessGrant {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}
export interface SessionGrant extends AccessGrant {
  readonly sessionId: string;
}

export interface Access {
  /** The API token of this run, told once; only its hash is kept. */
  readonly takeApiToken: () => string;
  /** A new one-time sign-in code, good for 12 hours. */
  newCode(): string;
  /** Null when the code is unknown, used or too old. */
  redeem(code: string): SessionGrant | null;
  openSession(): SessionGrant;
  /** A new access token for a session that is still open. */
  renew(sessionId: string): AccessGrant | null;
  endSession(sessionId: string): void;
  endSessionOf(principal: Principal): void;
  authenticate(token: string): Principal | null;
}

interface Stamp {
  readonly wall: number;
  readonly monotonic: number;
}
interface Session {
  readonly key: string;
  readonly opened: Stamp;
  used: Stamp;
  ended: boolean;
}

const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const oldestFirstUntil = <V>(map: Map<string, V>, size: number, drop: (value: V) => void): void => {
  for (const [key, value] of map) {
    if (map.size <= size) return;
    drop(value);
    map.delete(key);
  }
};

/**
 * Tokens, one-time codes and sessions of one run of the host, in memory and as SHA-256 only: 256 random bits each, so a
 * look-up by hash tells an attacker nothing.
 */
export const createAccess = (clock: AccessClock, bytes: (count: number) => Uint8Array): Access => {
  const codes = new Map<string, Stamp>();
  const sessions = new Map<string, Session>();
  const accessTokens = new Map<string, { readonly issued: Stamp; readonly session: Session }>();
  const secret = (): string => Buffer.from(bytes(32)).toString('base64url');
  const stamp = (): Stamp => ({ wall: Date.parse(clock.now()), monotonic: clock.monotonicMs() });
  // The longer of both: a wall clock may be set back, and a monotonic one may stand still while the machine sleeps.
  const isPast = (since: Stamp, ms: number): boolean => {
    const now = stamp();
    return Math.max(now.wall - since.wall, now.monotonic - since.monotonic) >= ms;
  };

  let untold: string | undefined = secret();
  const apiHash = Buffer.from(hash(untold), 'hex');
  const apiPrincipal: Principal = { kind: 'token', key: 'token', valid: () => true };

  const isOpen = (session: Session): boolean =>
    !session.ended && !isPast(session.opened, SESSION_MS) && !isPast(session.used, IDLE_MS);

  const sweep = (): void => {
    for (const [key, issued] of codes) if (isPast(issued, CODE_MS)) codes.delete(key);
    for (const [key, token] of accessTokens)
      if (isPast(token.issued, ACCESS_MS) || !isOpen(token.session)) accessTokens.delete(key);
    for (const [key, session] of sessions) if (!isOpen(session)) sessions.delete(key);
  };

  const grant = (session: Session): AccessGrant => {
    sweep();
    const accessToken = secret();
    accessTokens.set(hash(accessToken), { issued: stamp(), session });
    oldestFirstUntil(accessTokens, MAX_ACCESS_TOKENS, () => undefined);
    return { accessToken, expiresInSeconds: ACCESS_MS / 1000 };
  };

  const openSession = (): SessionGrant => {
    const sessionId = secret();
    const session: Session = { key: hash(sessionId), opened: stamp(), used: stamp(), ended: false };
    sessions.set(session.key, session);
    oldestFirstUntil(sessions, MAX_SESSIONS, (oldest) => (oldest.ended = true));
    return { sessionId, ...grant(session) };
  };

  const end = (key: string): void => {
    const session = sessions.get(key);
    if (session !== undefined) session.ended = true;
    sweep();
  };

  return {
    takeApiToken: () => {
      if (untold === undefined) throw new Error('The API token was told already');
      const token = untold;
      untold = undefined;
      return token;
    },
    newCode: () => {
      sweep();
      const code = secret();
      codes.set(hash(code), stamp());
      oldestFirstUntil(codes, MAX_CODES, () => undefined);
      return code;
    },
    redeem: (code) => {
      if (!SECRET.test(code)) return null;
      const key = hash(code);
      const issued = codes.get(key);
      codes.delete(key);
      return issued === undefined || isPast(issued, CODE_MS) ? null : openSession();
    },
    openSession,
    renew: (sessionId) => {
      const session = SECRET.test(sessionId) ? sessions.get(hash(sessionId)) : undefined;
      if (session === undefined || !isOpen(session)) return null;
      session.used = stamp();
      return grant(session);
    },
    endSession: (sessionId) => end(hash(sessionId)),
    endSessionOf: (principal) => end(principal.key),
    authenticate: (token) => {
      if (!SECRET.test(token)) return null;
      const key = hash(token);
      if (timingSafeEqual(Buffer.from(key, 'hex'), apiHash)) return apiPrincipal;
      const known = accessTokens.get(key);
      if (known === undefined) return null;
      const valid = (): boolean => !isPast(known.issued, ACCESS_MS) && isOpen(known.session);
      if (!valid()) return null;
      known.session.used = stamp();
      return { kind: 'session', key: known.session.key, valid };
    },
  };
};
