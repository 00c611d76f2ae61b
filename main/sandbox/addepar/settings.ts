import { defaultOAuthSettings, type OAuthSettings } from '../oauth/settings.ts';

/** What can be set about the Addepar sandbox while it runs. */
export interface AddeparSettings extends OAuthSettings {
  /** False: the firm has no licence for identifiers, and asking for them fails with 400. */
  identifierLicence: boolean;
  /** True: finished jobs answer 303 with a Location instead of 200. */
  redirectJobs: boolean;
  /** How long a job takes. */
  jobMs: number;
  /** Multiplies the documented limits of 50 requests in 15 minutes and 1,000 in 24 hours. */
  rateScale: number;
}

export const defaultAddeparSettings = (): AddeparSettings => ({
  identifierLicence: true,
  redirectJobs: false,
  jobMs: 1_500,
  rateScale: 1,
  ...defaultOAuthSettings(3_600),
});

export interface AddeparAccess {
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly firmId: string;
}
