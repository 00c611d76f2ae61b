import { randomBytes } from 'node:crypto';
import type { OpeningBook } from '../../shared/model/opening-book.ts';
import { createRateLimit } from './addepar/rate-limit.ts';
import { createAddeparServer } from './addepar/server.ts';
import { defaultAddeparSettings, type AddeparAccess } from './addepar/settings.ts';
import { createBlackDiamondServer } from './black-diamond/server.ts';
import { defaultBlackDiamondSettings, type BlackDiamondAccess } from './black-diamond/settings.ts';
import { createControlServer } from './control-server.ts';
import { createFaultQueue } from './faults/fault.ts';
import { withCommissions } from './plants/commissions.ts';
import { createActivity, type FirmActivity } from './firm/activity.ts';
import { createLots } from './firm/lots.ts';
import { createFirm, type Firm } from './firm/firm.ts';
import { createReturns } from './firm/returns.ts';
import { createRandom, reproducibleHex, reproducibleUuid } from './firm/random.ts';
import { listenOnLoopback } from './http/loopback-server.ts';
import { createOpeningBook, openingBookText } from './opening/opening-book.ts';
import { defaultToday, type SandboxOptions } from './options.ts';
import type { OAuthPartner } from './oauth/settings.ts';
import { createOrionServer } from './orion/server.ts';
import { defaultOrionSettings, type OrionAccess } from './orion/settings.ts';
import type { ManifestEntry } from './plants/manifest.ts';
import { createPlan, type Plan } from './plants/plan.ts';
import { createPlatformState } from './plants/platform-state.ts';

/** How to reach one platform: what a user would type into the connection form. */
export interface PlatformAccess<C, S = Record<string, never>> {
  readonly baseUrl: string;
  readonly credentials: C;
  readonly settings: S;
}

/** What signing in with the browser takes instead of the credentials. */
export interface BrowserAccess<C = OAuthPartner> {
  readonly credentials: C;
  readonly settings: { readonly authorizeUrl: string; readonly tokenUrl: string };
}

export interface SandboxAddress {
  readonly addepar: PlatformAccess<Pick<AddeparAccess, 'apiKey' | 'apiSecret'>, { readonly firmId: string }> & {
    readonly browserSignIn: BrowserAccess;
  };
  readonly orion: PlatformAccess<OrionAccess> & { readonly browserSignIn: BrowserAccess };
  readonly black_diamond: PlatformAccess<
    BlackDiamondAccess,
    { readonly tokenUrl: string; readonly allowPasswordGrant: string }
  > & {
    readonly browserSignIn: BrowserAccess<OAuthPartner & Pick<BlackDiamondAccess, 'subscriptionKey'>>;
  };
  readonly openingBook: string;
  readonly control: { readonly url: string; readonly token: string };
}

export interface Sandbox extends SandboxAddress {
  readonly manifest: readonly ManifestEntry[];
  readonly firm: Firm;
  readonly activity: FirmActivity;
  readonly plan: Plan;
  /** The opening book as an object; made afresh at each call. */
  openingBookObject(): OpeningBook;
  close(): Promise<void>;
}

/** Starts the three platforms and the control server on 127.0.0.1. Rejects when a port is taken; nothing is left running then. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const now = options.now ?? Date.now;
  const seed = options.seed ?? 'clearway';
  const level = options.plants ?? 'default';
  const firm = createFirm({
    accounts: options.accounts ?? 250,
    holdings: options.holdings ?? 6_000,
    seed,
    today: options.today ?? defaultToday(now()),
    lookalikes: level === 'default',
  });
  const plan = createPlan(firm, level);
  const activity = createActivity(firm, options.transactions ?? (level === 'default' ? Math.round(firm.slots.total / 2) : 0));
  const secrets = createRandom(seed)('credentials');
  const addeparAccess: AddeparAccess = {
    apiKey: `ak-${reproducibleHex(secrets, 1, 12)}`,
    apiSecret: reproducibleHex(secrets, 2, 24),
    firmId: '4471',
  };
  const addeparPartner: OAuthPartner = { clientId: 'clearway-integration', clientSecret: reproducibleHex(secrets, 8, 32) };
  const orionAccess: OrionAccess = {
    username: 'integrations@riverbend.example',
    password: reproducibleHex(secrets, 3, 12),
    clientId: '2207',
    clientSecret: reproducibleUuid(secrets, 4),
  };
  const blackDiamondAccess: BlackDiamondAccess = {
    username: 'integrations.riverbend',
    password: reproducibleHex(secrets, 5, 12),
    clientId: 'clearway-partner',
    clientSecret: reproducibleHex(secrets, 6, 24),
    subscriptionKey: reproducibleHex(secrets, 7, 16),
  };

  const settings = {
    addepar: { ...defaultAddeparSettings(), ...options.addepar },
    orion: { ...defaultOrionSettings(), ...options.orion },
    black_diamond: { ...defaultBlackDiamondSettings(), ...options.blackDiamond },
  };
  const states = {
    addepar: createPlatformState(plan.books.addepar),
    orion: createPlatformState(plan.books.orion),
    black_diamond: createPlatformState(plan.books.black_diamond),
  };
  const faults = { addepar: createFaultQueue(), orion: createFaultQueue(), black_diamond: createFaultQueue() };
  const rateLimit = createRateLimit(now);
  const token = options.controlToken ?? randomBytes(24).toString('base64url');
  const platform = (name: 'addepar' | 'orion' | 'black_diamond', reset: () => void) => ({
    state: states[name],
    faults: faults[name],
    settings: settings[name],
    reset,
  });

  const servers = [
    createAddeparServer({
      state: states.addepar,
      access: addeparAccess,
      partner: addeparPartner,
      settings: settings.addepar,
      // So that the desk has transactions to decide on as well.
      activity: withCommissions(activity, 61),
      returns: createReturns(firm, 'addepar', level === 'default'),
      rateLimit,
      faults: faults.addepar,
      now,
    }),
    createOrionServer({
      state: states.orion,
      access: orionAccess,
      settings: settings.orion,
      activity,
      returns: createReturns(firm, 'orion', level === 'default'),
      // As with transactions: whoever wants no differences measures positions alone.
      lots: createLots(firm, level === 'none' ? 'none' : 'kept'),
      faults: faults.orion,
      now,
    }),
    createBlackDiamondServer({
      state: states.black_diamond,
      access: blackDiamondAccess,
      settings: settings.black_diamond,
      activity,
      faults: faults.black_diamond,
      now,
    }),
    createControlServer({
      token,
      platforms: {
        addepar: platform('addepar', () => rateLimit.reset()),
        orion: platform('orion', () => undefined),
        black_diamond: platform('black_diamond', () => undefined),
      },
      openingBook: () => openingBookText(firm, plan),
      now,
    }),
  ];
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
  };
  const origins: string[] = [];
  try {
    for (const [place, server] of servers.entries())
      origins.push(await listenOnLoopback(server, options.portBase === undefined ? 0 : options.portBase + place));
  } catch (error) {
    await close();
    throw error;
  }
  const [addepar = '', orion = '', blackDiamond = '', control = ''] = origins;
  const { firmId, ...addeparCredentials } = addeparAccess;
  return {
    addepar: {
      baseUrl: `${addepar}/api`,
      credentials: addeparCredentials,
      settings: { firmId },
      browserSignIn: {
        credentials: addeparPartner,
        settings: { authorizeUrl: `${addepar}/oauth2/authorize`, tokenUrl: `${addepar}/api/public/oauth2/token` },
      },
    },
    orion: {
      baseUrl: `${orion}/api/v1`,
      credentials: orionAccess,
      settings: {},
      browserSignIn: {
        credentials: { clientId: orionAccess.clientId, clientSecret: orionAccess.clientSecret },
        settings: { authorizeUrl: `${orion}/api/oauth`, tokenUrl: `${orion}/api/v1/Security/Token` },
      },
    },
    black_diamond: {
      baseUrl: blackDiamond,
      credentials: blackDiamondAccess,
      settings: { tokenUrl: `${blackDiamond}/connect/token`, allowPasswordGrant: 'yes' },
      browserSignIn: {
        credentials: {
          clientId: blackDiamondAccess.clientId,
          clientSecret: blackDiamondAccess.clientSecret,
          subscriptionKey: blackDiamondAccess.subscriptionKey,
        },
        settings: { authorizeUrl: `${blackDiamond}/connect/authorize`, tokenUrl: `${blackDiamond}/connect/token` },
      },
    },
    openingBook: `${control}/opening-book`,
    control: { url: `${control}/_sandbox/faults`, token },
    manifest: plan.manifest,
    firm,
    activity,
    plan,
    openingBookObject: () => createOpeningBook(firm, plan),
    close,
  };
}
