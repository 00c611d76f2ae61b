import { AppError, type Output } from '../../shared/contract/index.ts';
import { ConnectorError, type Connector, type ConnectorErrorKind, type Credentials } from '../connectors/connector.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http.ts';
import type { ChosenSignIn } from '../sign-in/entered-sign-in.ts';

export interface ConnectionTestParts {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: { info(message: string, details: Readonly<Record<string, unknown>>): void };
}

const TEST_WITHIN_MS = 30_000;
const NETWORK =
  'Check the address letter by letter, then whether this machine reaches it: a proxy or firewall may stand between.';

const ADVICE: Readonly<Record<ConnectorErrorKind, string>> = {
  unauthorised:
    'Enter the credentials again and check that they belong to this address. If they are right, ask the platform’s support desk whether they are still valid.',
  forbidden: 'The sign-in works, but this user may not read what is needed. Ask the platform’s support desk for read rights.',
  rate_limited: 'Other programs use the same account. Wait for the time it names, then test again.',
  unavailable: NETWORK,
  bad_response: 'The address answers, but not as this platform does. Check that it is the address of its interface.',
  cursor_expired: 'Test again.',
  aborted: NETWORK,
};

/** Who the platform takes us for: a user by name, a key by its end. */
function signedInAs(connector: Connector, credentials: Credentials, byBrowser: boolean): string | null {
  if (byBrowser) return 'the person who signed in with the browser';
  const user = credentials['username'];
  if (user) return `user ${user}`.slice(0, 200);
  const field = connector.credentials.find(({ key, secret }) => !secret && (credentials[key] ?? '').length >= 12);
  return field ? `${field.label} ending in ${(credentials[field.key] ?? '').slice(-4)}` : null;
}

/**
 * Signs in with facts that are not stored and says what came of it, as whom and how long it took; or that they were refused
 * already. Never throws a ConnectorError.
 */
export const createConnectionTest =
  ({ http, clock, log }: ConnectionTestParts) =>
  async (connector: Connector, baseUrl: string, chosen: ChosenSignIn | AppError): Promise<Output<'connections.test'>> => {
    if (chosen instanceof AppError)
      return { ok: false, message: chosen.message, advice: ADVICE.unauthorised, reached: baseUrl, as: null, milliseconds: 0 };
    const { settings, credentials, bearer } = chosen;
    const signal = AbortSignal.timeout(TEST_WITHIN_MS);
    const began = clock.monotonicMs();
    const result = (ok: boolean, message: string, advice: string | null): Output<'connections.test'> => ({
      ok,
      message,
      advice,
      reached: baseUrl,
      as: signedInAs(connector, credentials, bearer !== null),
      milliseconds: Math.round(clock.monotonicMs() - began),
    });
    try {
      const message = await connector.test({
        baseUrl,
        settings,
        credentials,
        ...(bearer ? { bearer } : {}),
        http,
        signal,
        today: clock.today(),
        sleep: (ms) => clock.sleep(ms, signal),
        log: (text, details) => log.info(text, details ?? {}),
      });
      return result(true, message, null);
    } catch (error) {
      if (signal.aborted) return result(false, 'The platform did not answer within 30 seconds.', NETWORK);
      if (!(error instanceof ConnectorError)) throw error;
      const quote = error.correlationId === null ? '' : ` Quote ${error.correlationId} to the platform’s support desk.`;
      return result(false, error.message, `${ADVICE[error.kind]}${quote}`);
    }
  };
