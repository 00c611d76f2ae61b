import type { ConnectionSettings, ConnectorContext, Credentials } from '../connectors/connector.ts';
import { oauthClient, type SignInFacts } from './oauth-client.ts';
import { signInProvider } from './providers.ts';
import { SignInError } from './sign-in-error.ts';
import { exchangePassword, type TokenPorts } from './token-endpoint.ts';
import { signInSecrets } from './token-keeper.ts';

/** Setting of a connection: `browser` or `password` where it lives by tokens that are renewed, else `key`. */
export const SIGN_IN_SETTING = 'signIn';

/** What a connection is to be stored or tested with. */
export interface ChosenSignIn {
  readonly credentials: Credentials;
  readonly settings: ConnectionSettings;
  /** Only for a sign-in that has just brought tokens: they are not in the vault yet and cannot be renewed. */
  readonly bearer: NonNullable<ConnectorContext['bearer']> | null;
}

/**
 * What was typed into the form, as it may be stored. A password that the platform exchanges for tokens is sent once and is
 * not in the answer. Throws SignInError.
 */
export async function enteredSignIn(facts: SignInFacts, ports: TokenPorts): Promise<ChosenSignIn> {
  const { credentials, settings } = facts;
  const provider = signInProvider(facts.platform);
  if (!provider?.passwordGrant) return { credentials, settings: { ...settings, [SIGN_IN_SETTING]: 'key' }, bearer: null };
  if ((settings['allowPasswordGrant'] ?? '').trim().toLowerCase() !== 'yes')
    throw new SignInError(
      'not_possible',
      `Signing in with the password is switched off for this connection. Sign in with the browser, or write yes under “Sign in with the password”.`,
    );
  const { username = '', password = '' } = credentials;
  if (username.trim() === '' || password === '')
    throw new SignInError('not_possible', 'The user name or the password is not filled in. Enter both and try again.');
  const kept = Object.fromEntries(provider.credentials.flatMap(({ key }) => [[key, credentials[key] ?? ''] as const]));
  const tokens = await exchangePassword(oauthClient(facts), ports, { username: username.trim(), password });
  return {
    credentials: signInSecrets(kept, tokens),
    settings: { ...settings, [SIGN_IN_SETTING]: 'password' },
    bearer: () => Promise.resolve(tokens.accessToken),
  };
}
