import { AppError } from '../../shared/contract/index.ts';
import type { Platform } from '../../shared/model/holding.ts';
import type { ConnectionSettings } from '../connectors/connector.ts';
import { enteredSignIn, SIGN_IN_SETTING, type ChosenSignIn } from '../sign-in/entered-sign-in.ts';
import type { SignInFacts } from '../sign-in/oauth-client.ts';
import { signInProvider } from '../sign-in/providers.ts';
import { SignInError } from '../sign-in/sign-in-error.ts';
import type { SignIns } from '../sign-in/sign-ins.ts';
import type { TokenPorts } from '../sign-in/token-endpoint.ts';
import { clientSecrets, signInSecrets } from '../sign-in/token-keeper.ts';
import type { SecretStore } from '../vault/vault.ts';
import type { ConnectionFactsRow } from './connection-reads.ts';
import type { Services } from './handler.ts';

export interface SignInParts {
  readonly read: <R>(name: string, input: unknown) => Promise<R>;
  readonly vault: SecretStore;
  readonly signIns: SignIns;
  readonly clock: TokenPorts['clock'];
  readonly http: TokenPorts['http'];
}

/** Errors of a sign-in as the caller is meant to see them. */
async function asAppError<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof SignInError ? new AppError('not_possible', error.message, { cause: error }) : error;
  }
}

/** The settings that the sign-in was made with stay; the others of the form may have been corrected since. */
const ofProvider = (platform: Platform, settings: ConnectionSettings): ConnectionSettings => {
  const keys = new Set(signInProvider(platform)?.settings.map(({ key }) => key));
  return Object.fromEntries(Object.entries(settings).filter(([key]) => keys.has(key)));
};

export interface ConnectionSignIn {
  readonly services: Services;
  /** What was entered, or what a finished browser sign-in brought. A password is exchanged here. Rejects with `not_possible`. */
  choose(entered: SignInFacts & { readonly signInId?: string | undefined }): Promise<ChosenSignIn>;
  /** The sign-in was stored: it cannot be used a second time. */
  used(signInId: string | undefined): void;
}

export function createConnectionSignIn({ read, vault, signIns, clock, http }: SignInParts): ConnectionSignIn {
  return {
    async choose({ signInId, ...entered }) {
      if (signInId === undefined) return asAppError(() => enteredSignIn(entered, { clock, http }));
      const { platform, settings } = entered;
      const { facts, tokens } = await asAppError(() => signIns.finished(signInId));
      if (facts.platform !== platform) throw new AppError('not_possible', 'This sign-in belongs to another platform.');
      return {
        credentials: signInSecrets(facts.credentials, tokens),
        settings: { ...settings, ...ofProvider(platform, facts.settings), [SIGN_IN_SETTING]: 'browser' },
        bearer: () => Promise.resolve(tokens.accessToken),
      };
    },
    used(signInId) {
      if (signInId !== undefined) signIns.forget(signInId);
    },
    services: {
      'connections.beginSignIn': async ({ platform, baseUrl, credentials, settings, connectionId }, { actor }) => {
        let facts = { platform, baseUrl, credentials, settings };
        if (connectionId !== undefined) {
          const stored = await read<ConnectionFactsRow>('connection/facts', { id: Number(connectionId) });
          if (stored.platform !== platform) throw new AppError('not_possible', 'This connection is of another platform.');
          const found = stored.secretRef === null ? null : await vault.get(stored.secretRef);
          const known = found?.ok ? clientSecrets(found.secrets) : {};
          facts = { ...facts, credentials: { ...known, ...credentials }, settings: { ...stored.settings, ...settings } };
        }
        const provider = signInProvider(platform);
        const keys = new Set(provider?.credentials.map(({ key }) => key));
        const client = Object.fromEntries(Object.entries(facts.credentials).filter(([key]) => keys.has(key)));
        const { id, address } = await asAppError(() => signIns.begin({ ...facts, credentials: client }, actor.name));
        return { signInId: id, address };
      },
      'connections.signInState': async ({ signInId }) => {
        const state = signIns.state(signInId);
        if (state === null) throw new AppError('not_found', 'This sign-in has ended. Start again.');
        return state;
      },
      'connections.cancelSignIn': async ({ signInId }) => {
        signIns.forget(signInId);
        return {};
      },
    },
  };
}
