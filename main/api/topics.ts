import type { ProcedureName, Topic } from '../../shared/contract/index.ts';

const BY_DOMAIN: Readonly<Record<string, Topic[]>> = {
  connections: ['connections', 'operations', 'audit'],
  sync: ['operations', 'connections', 'audit'],
  conflicts: ['conflicts', 'holdings', 'batches', 'audit'],
  portfolios: ['holdings', 'conflicts', 'batches', 'audit'],
  holdings: ['holdings', 'conflicts', 'batches', 'audit'],
  batches: ['batches', 'conflicts', 'holdings', 'reconciliation', 'audit'],
  reconciliation: ['reconciliation', 'holdings', 'batches', 'audit'],
  imports: ['imports', 'connections', 'operations', 'holdings', 'conflicts', 'batches', 'audit'],
  settings: ['settings', 'audit'],
  webhooks: ['connections', 'audit'],
  secrets: ['settings', 'audit'],
  backups: ['settings', 'audit'],
  alerts: ['alerts', 'settings', 'audit'],
  alertDestinations: ['alerts', 'settings', 'audit'],
};

/** Parts of the book to ask for again after a command of this name. */
export const topicsOf = (name: ProcedureName): Topic[] => BY_DOMAIN[name.split('.')[0] ?? ''] ?? ['audit'];
