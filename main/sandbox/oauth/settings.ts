/** What can be set about browser sign-ins of a sandbox platform while it runs. */
export interface OAuthSettings {
  oauthTokenLifeSeconds: number;
  /** False: a refresh answers no new refresh token and the old one goes on. */
  oauthRotation: boolean;
  /** True: a spent refresh token ends every token of its sign-in. False: it is only refused. */
  oauthReuseDetection: boolean;
  /** `ask` shows the consent page; `approve` and `deny` answer at once, as for somebody who is signed in there. */
  oauthConsent: string;
  /** Empty: any port of 127.0.0.1 may be redirected to. Else the only address that is. */
  oauthRedirectUri: string;
}

export const defaultOAuthSettings = (lifeSeconds: number): OAuthSettings => ({
  oauthTokenLifeSeconds: lifeSeconds,
  oauthRotation: true,
  oauthReuseDetection: true,
  oauthConsent: 'ask',
  oauthRedirectUri: '',
});

/** Who may ask people to sign in, as the platform issues it to a partner. */
export interface OAuthPartner {
  readonly clientId: string;
  readonly clientSecret: string;
}
