import { defaultOAuthSettings, type OAuthSettings } from '../oauth/settings.ts';

/** What can be set about the Orion sandbox while it runs. */
export interface OrionSettings extends OAuthSettings {
  /** Whether the partner’s data scope for CUSIPs is switched on. */
  cusips: 'shown' | 'masked';
  /** How long a session lasts. */
  sessionLifeSeconds: number;
}

export const defaultOrionSettings = (): OrionSettings => ({
  cusips: 'shown',
  sessionLifeSeconds: 36_000,
  ...defaultOAuthSettings(36_000),
});

export interface OrionAccess {
  readonly username: string;
  readonly password: string;
  /** The partner’s integer, as text. */
  readonly clientId: string;
  readonly clientSecret: string;
}
