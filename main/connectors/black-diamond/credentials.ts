import type { CredentialField } from '../connector.ts';
import { optionalField, plainField, secretField } from '../fields.ts';

export const BLACK_DIAMOND = 'Black Diamond';

export const USERNAME = plainField('username', 'User name', 'A Black Diamond user that sees exactly the accounts wanted.');
export const PASSWORD = secretField('password', 'Password', 'Password of that user. Not needed where a refresh token is given.');
export const CLIENT_ID = plainField('clientId', 'Client id', 'Issued by Black Diamond to your firm as integration partner.');
export const CLIENT_SECRET = secretField('clientSecret', 'Client secret', 'Issued with the client id.');
export const SUBSCRIPTION_KEY = secretField('subscriptionKey', 'Subscription key', 'From the Black Diamond developer portal.');
export const REFRESH_TOKEN = {
  ...optionalField('refreshToken', 'Refresh token', 'Only where signing in with the password is switched off.'),
  secret: true,
};
export const BLACK_DIAMOND_CREDENTIALS: readonly CredentialField[] = [
  USERNAME,
  PASSWORD,
  CLIENT_ID,
  CLIENT_SECRET,
  SUBSCRIPTION_KEY,
  REFRESH_TOKEN,
];

export const DEFAULT_TOKEN_URL = 'https://login.bdreporting.com/connect/token';
