import type { Platform } from '../../shared/model/holding.ts';
import { registerEntered } from '../observability/entered-secrets.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http.ts';
import type { Random } from '../ports/random.ts';
import { enteredSignIn } from '../sign-in/entered-sign-in.ts';
import type { SecretStore } from '../vault/vault.ts';
import { connectDemo, type Demo, type DemoPlatform } from './demo.ts';
import type { ServiceParts } from './services.ts';

/** Marks connections to the sandbox, whose batches are ready within seconds. */
const DEMO_SETTINGS = { sandbox: 'yes', pollSeconds: '1' };

export interface PrepareDemoParts extends Pick<ServiceParts, 'read' | 'write'> {
  /** Writes with an entry in the audit trail. */
  readonly audited: (actor: string, event: string, name: string, input: unknown) => Promise<unknown>;
  readonly vault: Pick<SecretStore, 'put'>;
  readonly random: Pick<Random, 'uuid'>;
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly registerSecret: (secret: string) => void;
}

/** Connects the demo firm in an empty book, or tells its connections where its platforms listen now. Answers the new connections. */
export async function prepareDemo(demo: Demo, parts: PrepareDemoParts): Promise<number[]> {
  const { read, write, audited, vault, random, clock, http, registerSecret } = parts;
  const keep = async (platform: Platform, found: DemoPlatform) => {
    registerEntered(found, registerSecret);
    const ref = random.uuid();
    const { credentials, settings } = await enteredSignIn({ platform, ...found }, { clock, http });
    const { hint } = await vault.put(ref, credentials, 'clientSecret' in credentials ? 'clientSecret' : 'apiKey');
    return { secret: { ref, hint }, settings: { ...settings, ...DEMO_SETTINGS } };
  };
  return connectDemo(demo, {
    facts: () => read('app/facts', {}),
    add: async (platform, name, found) => {
      const { secret, settings } = await keep(platform, found);
      const connection = { platform, name, baseUrl: found.baseUrl, settings, secretRef: secret.ref, secretHint: secret.hint };
      return ((await audited('system', 'connection_added', 'connection/add', connection)) as { id: number }).id;
    },
    refresh: async (id, platform, found) => {
      await write('system', 'connection/update', { id, baseUrl: found.baseUrl, ...(await keep(platform, found)) });
    },
    openBook: (book, connections) => audited('system', 'opening_book_taken_over', 'book/open', { book, connections }),
    http,
  });
}
