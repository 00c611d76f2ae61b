import type { CredentialField } from '../connector.ts';
import { plainField, secretField } from '../fields.ts';

export const BLACK_DIAMOND = 'Black Diamond';

export const SUBSCRIPTION_KEY = secretField('subscriptionKey', 'Subscription key', 'From the Black Diamond developer portal.');
export const BLACK_DIAMOND_CREDENTIALS: readonly CredentialField[] = [
  plainField('username', 'User name', 'A Black Diamond user that sees exactly the accounts wanted.'),
  secretField('password', 'Password', 'Used once to sign in and not stored: what is kept is a token that is renewed.'),
  plainField('clientId', 'Client id', 'Issued by Black Diamond to your firm as integration partner.'),
  secretField('clientSecret', 'Client secret', 'Issued with the client id.'),
  SUBSCRIPTION_KEY,
];
