import { acknowledge, reopen, snooze } from './acts.ts';
import { enterAttempt } from './deliveries.ts';
import { destinationWrites } from './destinations.ts';
import { evaluate } from './evaluate.ts';
import { updateRule } from './rules.ts';

/** Everything that is written about alerts. */
export const alertJobs = {
  'alerts.acknowledge': acknowledge,
  'alerts.snooze': snooze,
  'alerts.reopen': reopen,
  'alerts.updateRule': updateRule,
  'alerts/evaluate': evaluate,
  'alerts/attempted': enterAttempt,
  ...destinationWrites,
} as const;
export type AlertJobs = typeof alertJobs;
