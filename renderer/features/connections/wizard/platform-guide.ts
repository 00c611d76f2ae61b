import type { Platform } from '../../../../shared/model/holding.ts';

interface Guide {
  /** One line for choosing. */
  readonly summary: string;
  /** What to ask the platform's support desk for. */
  readonly ask: string;
  /** Where the values are found, one sentence each. */
  readonly found: readonly string[];
}

const GUIDES: Readonly<Partial<Record<Platform, Guide>>> = {
  addepar: {
    summary: 'An API key, or a sign-in with the browser. 50 requests in 15 minutes and 1,000 a day for the whole firm.',
    ask: 'Ask Addepar support for API access, and for read rights to portfolio, entities, positions, groups and transactions.',
    found: [
      'Key and secret: in Addepar under Firm administration, API keys. The secret is shown once, when the key is made.',
      'Firm id: the number behind addepar_firm= in the address of an exported API URL.',
      'Address: your firm’s own Addepar address with /api behind it.',
    ],
  },
  orion: {
    summary: 'A service user with partner credentials, or a sign-in with the browser.',
    ask: 'Ask Orion support for a partner client id and secret, and for a service user with the API/Integrations role.',
    found: [
      'Partner client id and secret: in Orion’s answer to that request; they belong to your firm, not to a person.',
      'User name and password: a service user’s, so that nobody’s leave or password change stops the reading.',
      'Address: leave the default unless Orion names a test system.',
    ],
  },
  black_diamond: {
    summary: 'A client, a user and a subscription key. One batch brings accounts, holdings and relationships.',
    ask: 'Ask Black Diamond support for API credentials with the batch, and for a subscription key.',
    found: [
      'Client id and secret: issued by Black Diamond with the access.',
      'Subscription key: in the developer portal, under your profile.',
      'Token URL: leave the default unless Black Diamond names another.',
    ],
  },
};

/** What a person needs to know before signing in to a platform; null for one without advice. */
export const platformGuide = (platform: Platform): Guide | null => GUIDES[platform] ?? null;
