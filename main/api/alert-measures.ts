import type { Output } from '../../shared/contract/index.ts';
import type { BudgetUse, Measures } from '../alerts/conditions.ts';
import type { DataFolderState } from '../ports/data-folder-state.ts';
import { accountBudgets, type HealthParts } from './connection-health.ts';

/** Measures what alerts need beside the book: disk, backups, and the fullest request budget of every active connection. */
export const createAlertMeasures =
  (parts: HealthParts & { readonly folder: DataFolderState }): (() => Promise<Measures>) =>
  async () => {
    const { items } = await parts.read<Output<'connections.list'>>('connections.list', {});
    const budgets: BudgetUse[] = [];
    for (const { id, status } of items) {
      if (status !== 'active') continue;
      const windows = (await accountBudgets(parts, Number(id))).filter(({ requests }) => requests > 0);
      // Compared as products, so that nothing is divided.
      const [fullest] = windows.toSorted((a, b) => b.used * a.requests - a.used * b.requests);
      if (fullest) budgets.push({ connectionId: Number(id), ...fullest });
    }
    return { budgets, freeTenthsGib: await parts.folder.freeTenthsGib(), backupAt: await parts.folder.newestBackup() };
  };
