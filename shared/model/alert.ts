/** Conditions that people are told about. */
export const ALERT_RULES = [
  'sync_failed',
  'connection_late',
  'needs_sign_in',
  'conflicts_above',
  'conflicts_grown',
  'breaks_above',
  'budget_low',
  'disk_low',
  'backup_old',
  'webhook_off',
] as const;
export type AlertRule = (typeof ALERT_RULES)[number];

/** What an alert is about; `book` and `program` are one each. */
export const ALERT_SUBJECTS = ['connection', 'book', 'program', 'destination'] as const;
export type AlertSubject = (typeof ALERT_SUBJECTS)[number];

/** Least and greatest threshold of each rule in its unit; null where a rule has none. */
export const THRESHOLD_BOUNDS: Readonly<Record<AlertRule, { readonly least: number; readonly most: number } | null>> = {
  sync_failed: { least: 1, most: 20 },
  connection_late: { least: 1, most: 100 },
  needs_sign_in: null,
  conflicts_above: { least: 1, most: 1_000_000 },
  conflicts_grown: { least: 1, most: 1_000_000 },
  breaks_above: { least: 1, most: 1_000_000 },
  budget_low: { least: 1, most: 90 },
  disk_low: { least: 1, most: 1000 },
  backup_old: { least: 1, most: 720 },
  webhook_off: { least: 1, most: 30 },
};

/** The figures an alert fired on, by name: counts, times and ids, never anything of a client. */
export type AlertFigures = Readonly<Record<string, string | number>>;

/** The screen on which the subject of an alert stands, as path and query of the workstation. */
export function alertPlace(rule: AlertRule, subjectId: string | number, figures: AlertFigures): string {
  switch (rule) {
    case 'sync_failed':
      return `/connections?id=${subjectId}&tab=history`;
    case 'connection_late':
    case 'needs_sign_in':
      return `/connections?id=${subjectId}`;
    case 'budget_low':
      return `/connections?id=${subjectId}&tab=state`;
    case 'conflicts_above':
    case 'conflicts_grown':
      return '/conflicts?f=status~is~open';
    case 'breaks_above':
      return `/reconciliation?run=${figures['runId'] ?? ''}`;
    case 'disk_low':
    case 'backup_old':
    case 'webhook_off':
      return '/settings';
  }
}
