import type { AlertRule } from '../../../shared/model/alert.ts';

/** What each rule looks at, and the unit of its threshold; the sentence goes on with the threshold. */
export const RULE_WORDS: Readonly<Record<AlertRule, { readonly sentence: string; readonly unit: string }>> = {
  sync_failed: { sentence: 'Syncs of a connection fail in a row, from', unit: 'syncs' },
  connection_late: { sentence: 'A connection is behind its promised interval, from', unit: 'times' },
  needs_sign_in: { sentence: 'A connection needs somebody to sign in', unit: '' },
  conflicts_above: { sentence: 'Conflicts wait for a decision, above', unit: 'conflicts' },
  conflicts_grown: { sentence: 'One sync opens conflicts, from', unit: 'conflicts' },
  breaks_above: { sentence: 'The last run has open breaks, above', unit: 'breaks' },
  budget_low: { sentence: 'A request budget is nearly used up, below', unit: '% left' },
  disk_low: { sentence: 'The disk of the data folder is nearly full, below', unit: 'GiB free' },
  backup_old: { sentence: 'The newest backup is old, above', unit: 'hours' },
  webhook_off: { sentence: 'Nothing arrives at a webhook, so it is switched off, after', unit: 'days' },
};
