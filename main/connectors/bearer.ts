import type { HttpResponse } from '../ports/http.ts';
import { correlationIdOf } from './answers.ts';
import { ConnectorError, type ConnectorContext } from './connector.ts';

/** Sends with the access token of a browser sign-in, and once more with a renewed one when it is refused. Any status but 401. */
export async function sendSignedIn(
  platform: string,
  bearer: NonNullable<ConnectorContext['bearer']>,
  send: (accessToken: string) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const token = await bearer(null);
  const response = await send(token);
  if (response.status !== 401) return response;
  const again = await send(await bearer(token));
  if (again.status !== 401) return again;
  const correlationId = correlationIdOf(again);
  // The platform has just renewed the sign-in, so signing in again would not help.
  throw new ConnectorError(
    'forbidden',
    `${platform} renewed the sign-in but refuses its token. Check the settings of this connection and the rights of the user there.`,
    correlationId === undefined ? {} : { correlationId },
  );
}
