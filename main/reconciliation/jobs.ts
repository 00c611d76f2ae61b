import type { WritableDb } from '../store/handles.ts';
import type { HandlerInput } from '../../shared/contract/index.ts';
import { fixBreaks } from './fix.ts';
import { runReconciliation } from './run.ts';
import { updateSettings } from './settings.ts';
import { failInterruptedRuns, failReconciliation, startReconciliation } from './start.ts';

/**
 * Writes of reconciliation and settings: by procedure where the contract has one. `reconciliation.start` only makes the
 * run; its caller then asks for `reconciliation.run`, and for `reconciliation.fail` when that throws.
 */
export const reconciliationJobs = {
  'reconciliation.start': startReconciliation,
  'reconciliation.run': runReconciliation,
  'reconciliation.fail': failReconciliation,
  'reconciliation.failInterrupted': failInterruptedRuns,
  'reconciliation.fix': fixBreaks,
  'settings.update': (db: WritableDb, input: HandlerInput<'settings.update'>) => updateSettings(db, input),
} as const;
