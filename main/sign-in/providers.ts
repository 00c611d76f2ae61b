import type { Platform } from '../../shared/model/holding.ts';
import type { CredentialField } from '../connectors/connector.ts';

/** What one platform documents about signing in through the browser. */
export interface SignInProvider {
  readonly platform: Platform;
  readonly name: string;
  /** A path of its own for each platform, so that an answer of one cannot be taken for another's. */
  readonly redirectPath: string;
  readonly authorizeUrl: (baseUrl: string) => string;
  readonly tokenUrl: (baseUrl: string) => string;
  readonly scope: string;
  /** The token endpoint refuses a spent grant by a 401 without an error code. */
  readonly refusesBy401: boolean;
  /** The user name and password may be exchanged for tokens once, where a connection allows it. */
  readonly passwordGrant: boolean;
  /** A sign-in ends by DELETE at the token address, as a session does. */
  readonly endsBySession: boolean;
  /** The client facts and the settings that may be asked for; the same keys as in the vault and the connection. */
  readonly credentials: readonly CredentialField[];
  readonly settings: readonly CredentialField[];
}

const field = (key: string, label: string, help: string, over: Partial<CredentialField> = {}): CredentialField => ({
  key,
  label,
  help,
  secret: false,
  required: true,
  ...over,
});
const optional = (key: string, label: string, help: string): CredentialField => field(key, label, help, { required: false });

const addressFields = (authorize: string, token: string): readonly CredentialField[] => [
  optional('authorizeUrl', 'Sign-in page', `Address of the platform’s sign-in page. Default ${authorize}.`),
  optional('tokenUrl', 'Token address', `Where sign-ins are exchanged and renewed. Default ${token}.`),
  optional(
    'issuer',
    'Issuer',
    'What the platform calls itself in its answer, where it does. Default: the host of the sign-in page.',
  ),
  optional(
    'redirectPorts',
    'Redirect ports',
    'Ports registered with the platform for the way back, such as 8123, 8124. Empty: any free port.',
  ),
  optional(
    'redirectScheme',
    'Redirect scheme',
    'Desktop only: a scheme registered with the platform in place of a port, such as com.example.clearway.',
  ),
  optional(
    'revocationUrl',
    'Sign-out address',
    'Where a sign-in is ended when the connection is disconnected (RFC 7009), if the platform told you one. Empty: none.',
  ),
  optional('scope', 'Permissions', 'Permissions asked for, separated by spaces. Empty: what reading needs.'),
];

const trimmed = (baseUrl: string): string => baseUrl.trim().replace(/\/+$/, '');

const ADDEPAR: SignInProvider = {
  platform: 'addepar',
  name: 'Addepar',
  redirectPath: '/sign-in/addepar',
  authorizeUrl: () => 'https://id.addepar.com/oauth2/authorize',
  tokenUrl: () => 'https://api.addepar.com/public/oauth2/token',
  scope: 'PORTFOLIO ENTITIES POSITIONS GROUPS',
  refusesBy401: false,
  passwordGrant: false,
  endsBySession: false,
  credentials: [
    field('clientId', 'Client id', 'Issued by Addepar for this integration.'),
    field('clientSecret', 'Client secret', 'Issued with the client id.', { secret: true }),
  ],
  settings: addressFields('https://id.addepar.com/oauth2/authorize', 'https://api.addepar.com/public/oauth2/token'),
};

const ORION: SignInProvider = {
  platform: 'orion',
  name: 'Orion',
  redirectPath: '/sign-in/orion',
  authorizeUrl: (baseUrl) => `${trimmed(baseUrl).replace(/\/v1$/i, '')}/oauth`,
  tokenUrl: (baseUrl) => `${trimmed(baseUrl)}/Security/Token`,
  scope: '',
  refusesBy401: true,
  passwordGrant: false,
  endsBySession: true,
  credentials: [
    field('clientId', 'Partner client id', 'The number Orion issued to your firm as API partner.'),
    field('clientSecret', 'Partner client secret', 'The secret issued with it.', { secret: true }),
  ],
  settings: addressFields('the address above with /oauth in place of /v1', 'the address above with /Security/Token'),
};

const BLACK_DIAMOND: SignInProvider = {
  platform: 'black_diamond',
  name: 'Black Diamond',
  redirectPath: '/sign-in/black-diamond',
  authorizeUrl: () => 'https://login.bdreporting.com/connect/authorize',
  tokenUrl: () => 'https://login.bdreporting.com/connect/token',
  // The API’s own permission is not documented; servers of this kind give a refresh token for offline_access only.
  scope: 'openid offline_access',
  refusesBy401: false,
  passwordGrant: true,
  endsBySession: false,
  credentials: [
    field('clientId', 'Client id', 'Issued by Black Diamond to your firm as integration partner.'),
    field('clientSecret', 'Client secret', 'Issued with the client id.', { secret: true }),
    field('subscriptionKey', 'Subscription key', 'From the Black Diamond developer portal.', { secret: true }),
  ],
  settings: addressFields('https://login.bdreporting.com/connect/authorize', 'https://login.bdreporting.com/connect/token'),
};

const PROVIDERS: Readonly<Partial<Record<Platform, SignInProvider>>> = {
  addepar: ADDEPAR,
  orion: ORION,
  black_diamond: BLACK_DIAMOND,
};

/** How people sign in to a platform with the browser; null where only keys are documented. */
export const signInProvider = (platform: Platform): SignInProvider | null => PROVIDERS[platform] ?? null;
