import { alertsScreen } from '../features/alerts/alerts-screen.tsx';
import { auditScreen } from '../features/audit/audit-screen.tsx';
import { conflictsScreen } from '../features/conflicts/conflicts-screen.tsx';
import { connectionsScreen } from '../features/connections/connections-screen.tsx';
import { diagnosticsScreen } from '../features/diagnostics/diagnostics-screen.tsx';
import { holdingsScreen } from '../features/holdings/holdings-screen.tsx';
import { importScreen } from '../features/import/import-screen.tsx';
import { logsScreen } from '../features/logs/logs-screen.tsx';
import { overviewScreen } from '../features/overview/overview-screen.tsx';
import { performanceScreen } from '../features/performance/performance-screen.tsx';
import { reconciliationScreen } from '../features/reconciliation/reconciliation-screen.tsx';
import { settingsScreen } from '../features/settings/settings-screen.tsx';
import { syncScreen } from '../features/sync/sync-screen.tsx';
import { taxLotsScreen } from '../features/tax-lots/tax-lots-screen.tsx';
import { transactionsScreen } from '../features/transactions/transactions-screen.tsx';
import type { Screen } from './screen.ts';

/** Every screen there is, in the order of the rail; then the parts of them that have an address of their own. */
export const SCREENS: readonly Screen[] = [
  overviewScreen,
  connectionsScreen,
  syncScreen,
  holdingsScreen,
  transactionsScreen,
  performanceScreen,
  taxLotsScreen,
  conflictsScreen,
  reconciliationScreen,
  importScreen,
  alertsScreen,
  auditScreen,
  settingsScreen,
  logsScreen,
  diagnosticsScreen,
];

export const screenAt = (path: string): Screen | undefined => {
  if (path === '/') return overviewScreen;
  return SCREENS.find((screen) => screen.path === path);
};
