import { defaultOAuthSettings, type OAuthSettings } from '../oauth/settings.ts';

/** What can be set about the Black Diamond sandbox while it runs. */
export interface BlackDiamondSettings extends OAuthSettings {
  tokenLifeSeconds: number;
  /** How often a batch answers 202 before it is ready. */
  pollsUntilReady: number;
  /** True: batches end in an error instead of a file. */
  batchesFail: boolean;
  userState: 'active' | 'locked' | 'firm_closed';
}

export const defaultBlackDiamondSettings = (): BlackDiamondSettings => ({
  ...defaultOAuthSettings(600),
  tokenLifeSeconds: 600,
  pollsUntilReady: 2,
  batchesFail: false,
  userState: 'active',
});

export interface BlackDiamondAccess {
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionKey: string;
}
