import type { Output } from '../../shared/contract/index.ts';
import type { Platform } from '../../shared/model/holding.ts';
import type { Connector } from '../connectors/connector.ts';
import { ledgerAccount } from '../connectors/request-ledger.ts';
import type { ReadDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { clientSecrets, tokenLife } from '../sign-in/token-keeper.ts';
import type { SecretStore } from '../vault/vault.ts';
import { SIGN_IN_SETTING } from '../sign-in/entered-sign-in.ts';
import type { ConnectionFactsRow, ConnectionRuns } from './connection-reads.ts';
import type { Services } from './handler.ts';

export interface HealthParts {
  readonly read: <R>(name: string, input: unknown) => Promise<R>;
  readonly vault: Pick<SecretStore, 'get'>;
  readonly connectors: ReadonlyMap<Platform, Connector>;
}

interface BudgetQuestion {
  readonly account: string;
  readonly windows: readonly { readonly requests: number; readonly windowMs: number }[];
}

/** How much of each window of a platform account is used now. */
export function usedBudgets(
  db: ReadDb,
  { account, windows }: BudgetQuestion,
  context: Pick<JobContext, 'now'>,
): Output<'connections.health'>['budgets'] {
  const nowMs = Date.parse(context.now());
  const inWindow = db.prepare(
    'SELECT coalesce(sum(requests), 0) AS used, min(second) AS oldest FROM request_counts WHERE account = ? AND second > ?',
  );
  return windows.map(({ requests, windowMs }) => {
    const { used, oldest } = inWindow.get(account, Math.floor((nowMs - windowMs) / 1000)) as {
      used: number;
      oldest: number | null;
    };
    return {
      requests,
      windowSeconds: windowMs / 1000,
      used,
      frees: oldest === null ? null : new Date(oldest * 1000 + windowMs).toISOString(),
    };
  });
}

/** How much of the request budgets of a connection's account is used now; empty where its platform names none. */
export async function accountBudgets(
  { read, vault, connectors }: HealthParts,
  id: number,
): Promise<Output<'connections.health'>['budgets']> {
  const facts = await read<ConnectionFactsRow>('connection/facts', { id });
  const connector = connectors.get(facts.platform);
  if (connector === undefined) return [];
  const found = facts.secretRef === null ? null : await vault.get(facts.secretRef);
  return read('connection/budgets', {
    account: ledgerAccount(connector.budgetKey({ ...facts, credentials: clientSecrets(found?.ok ? found.secrets : {}) })),
    windows: connector.rateBudgets,
  });
}

/** The state of one connection from the vault, the counts and the schedule. */
export const createConnectionHealth = ({ read, vault, connectors }: HealthParts): Services => ({
  'connections.health': async ({ id }) => {
    const facts = await read<ConnectionFactsRow>('connection/facts', { id: Number(id) });
    const runs = await read<ConnectionRuns>('connection/runs', { id: Number(id) });
    const found = facts.secretRef === null ? null : await vault.get(facts.secretRef);
    const secrets = found?.ok ? found.secrets : {};
    const budgets = await accountBudgets({ read, vault, connectors }, Number(id));
    const byBrowser = facts.settings[SIGN_IN_SETTING] === 'browser';
    const life = byBrowser ? tokenLife(secrets) : { expiresAt: null, renews: false };
    return {
      signIn: { kind: facts.secretRef === null ? 'none' : byBrowser ? 'browser' : 'key', ...life },
      budgets,
      ...runs,
      settings: { ...facts.settings },
    };
  },
});
