import { createStore, type StoreApi } from 'zustand/vanilla';
import { AppError, errorBody } from '../../shared/contract/index.ts';
import type { Clock } from '../ports/clock.ts';

export interface SignInState {
  readonly status: 'starting' | 'signed_in' | 'signed_out';
  /** Why the person is signed out, when there is more to say than that. */
  readonly message: string | null;
}

export interface Session {
  readonly store: StoreApi<SignInState>;
  /** A good access token, renewed shortly before it runs out. Rejects with `unauthenticated` when the person must sign in, and with details.offline when the program cannot be reached. */
  accessToken(): Promise<string>;
  /** Says that the program refused this token, so that the next one asked for is a new one. */
  refused(token: string): void;
  /** Signs in with the token the program printed. Rejects with an AppError. */
  signInWithToken(token: string): Promise<void>;
  signOut(): Promise<void>;
}

export interface SessionParts {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** The window’s own; read once, and cleaned of any secret at once. */
  readonly location: Pick<Location, 'hash' | 'pathname' | 'search'>;
  readonly history: Pick<History, 'replaceState'>;
}

interface Grant {
  readonly accessToken: string;
  readonly goodUntil: number;
}

const MARGIN_MS = 60_000;
const RETRY_MS = 4_000;
const SIGNED_OUT = 'Open the link Clearway printed when it started, or paste its token.';

const offline = (cause: unknown): AppError =>
  new AppError('busy', 'Clearway cannot be reached. Check that it is still running.', { cause, details: { offline: true } });

/** Reads an error answer of the program. An answer that is none of its own still becomes an AppError. */
export const errorFrom = async (response: Response): Promise<AppError> => {
  const parsed = errorBody.safeParse(await response.json().catch(() => null));
  if (!parsed.success) return new AppError('internal', `Clearway answered with status ${response.status} and no explanation.`);
  const { code, message, requestId, details } = parsed.data.error;
  return new AppError(code, message, details === undefined ? { requestId } : { requestId, details });
};

/** Takes the one-time code or token out of the address, so that it is neither shown nor kept in the history. */
const takeFragment = ({ location, history }: SessionParts): { readonly code?: string; readonly token?: string } => {
  const given = new URLSearchParams(location.hash.slice(1));
  const code = given.get('sign-in');
  const token = given.get('token');
  if (code !== null || token !== null) history.replaceState(null, '', location.pathname + location.search);
  return code !== null ? { code } : token !== null ? { token } : {};
};

/**
 * Signing in to the headless host. The access token lives in the memory of this page only; a reload gets a new one through
 * a cookie that scripts cannot read. Starts at once: with the link’s code, else the link’s token, else that cookie.
 */
export const createSession = (parts: SessionParts): Session => {
  // Taken apart, since a browser’s fetch may not be called as a member of another object.
  const { clock, fetch } = parts;
  const store = createStore<SignInState>(() => ({ status: 'starting', message: null }));
  let grant: Grant | null = null;
  let pending: Promise<string> | null = null;

  const post = async (path: string, body: object, bearer?: string): Promise<Grant> => {
    let response: Response;
    try {
      response = await fetch(path, {
        method: 'POST',
        credentials: 'same-origin',
        cache: 'no-store',
        headers: { 'content-type': 'application/json', ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
        body: JSON.stringify(body),
      });
    } catch (cause) {
      throw offline(cause);
    }
    if (!response.ok) throw await errorFrom(response);
    const answer = (await response.json()) as { readonly accessToken: string; readonly expiresInSeconds: number };
    return { accessToken: answer.accessToken, goodUntil: clock.now() + answer.expiresInSeconds * 1000 - MARGIN_MS };
  };

  /** One exchange at a time: whoever asks meanwhile gets the same answer. */
  const single = (exchange: () => Promise<Grant>): Promise<string> => {
    pending ??= exchange().then(
      (next) => {
        pending = null;
        grant = next;
        store.setState({ status: 'signed_in', message: null });
        return next.accessToken;
      },
      (error: unknown) => {
        pending = null;
        if (error instanceof AppError && error.code === 'unauthenticated') {
          grant = null;
          store.setState({ status: 'signed_out', message: error.message });
        }
        throw error;
      },
    );
    return pending;
  };

  const renew = (): Promise<string> => single(() => post('/session/renew', {}));

  const given = takeFragment(parts);
  const first = (): Promise<string> => {
    if (given.token !== undefined) return single(() => post('/session', {}, given.token));
    if (given.code === undefined) return renew();
    // A link opened a second time still works while its session lasts: the page then signs in by the cookie.
    return single(() =>
      post('/session', { code: given.code }).catch(async (error: unknown) =>
        post('/session/renew', {}).catch(() => Promise.reject(error)),
      ),
    );
  };

  const start = (): void => {
    first().catch((error: unknown) => {
      if (store.getState().status !== 'starting') return;
      if (error instanceof AppError && error.details?.['offline'] === true) clock.after(RETRY_MS, start);
      else store.setState({ status: 'signed_out', message: error instanceof AppError ? error.message : SIGNED_OUT });
    });
  };
  start();

  return {
    store,
    accessToken: async () => {
      if (grant !== null && clock.now() < grant.goodUntil) return grant.accessToken;
      if (pending === null && store.getState().status === 'signed_out') throw new AppError('unauthenticated', SIGNED_OUT);
      return pending ?? renew();
    },
    refused: (token) => {
      if (grant?.accessToken === token) grant = null;
    },
    signInWithToken: async (token) => {
      await pending?.catch(() => undefined);
      await single(() => post('/session', {}, token.trim()));
    },
    signOut: async () => {
      const token = grant?.accessToken;
      grant = null;
      store.setState({ status: 'signed_out', message: null });
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      await fetch('/session', { method: 'DELETE', credentials: 'same-origin', headers }).catch((cause: unknown) => {
        throw offline(cause);
      });
    },
  };
};
