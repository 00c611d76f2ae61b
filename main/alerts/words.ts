import type { AlertFigures, AlertRule } from '../../shared/model/alert.ts';

/** What an alert says. Names of connections and destinations, counts and times; never anything of a client. */
interface Words {
  readonly title: (subject: string, f: AlertFigures) => string;
  readonly why: (subject: string, f: AlertFigures) => string;
  readonly advice: string;
  /** Said when the condition has ended. */
  readonly ended: string;
}

const figure = (f: AlertFigures, name: string): string => String(f[name] ?? '');
/** Whole numbers with separators, as the screens write them. */
const number = (f: AlertFigures, name: string): string => figure(f, name).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
const counted = (f: AlertFigures, name: string, one: string, many = `${one}s`): string =>
  `${number(f, name)} ${figure(f, name) === '1' ? one : many}`;

export const WORDS: Readonly<Record<AlertRule, Words>> = {
  sync_failed: {
    title: (subject, f) =>
      `${subject}: ${figure(f, 'failures') === '1' ? 'sync failed' : `${number(f, 'failures')} syncs failed in a row`}`,
    why: (subject, f) =>
      `The last ${counted(f, 'failures', 'sync')} of ${subject} did not complete. It is told from ${number(f, 'threshold')} in a row.`,
    advice: 'The history of the connection says why each one failed. What was synced before stays in the book.',
    ended: 'A sync completed.',
  },
  connection_late: {
    title: (subject, f) => `${subject}: not synced for ${counted(f, 'times', 'interval')}`,
    why: (subject, f) =>
      `${subject} is promised every ${counted(f, 'promisedMinutes', 'minute')} and has not completed a sync for more than ${counted(f, 'times', 'interval')}. It is told from ${number(f, 'threshold')}.`,
    advice: 'Sync the connection now. If it stays late, look at its history or give it a longer interval.',
    ended: 'The connection is up to date again, or is not read by a schedule any more.',
  },
  needs_sign_in: {
    title: (subject) => `${subject}: sign in again`,
    why: (subject) => `${subject} refused the stored sign-in, so nothing is read from it until somebody signs in again.`,
    advice: 'Open the connection and sign in again. It then syncs by itself.',
    ended: 'The connection is signed in again, or was disconnected.',
  },
  conflicts_above: {
    title: (_subject, f) => `${counted(f, 'conflicts', 'conflict')} wait for a decision`,
    why: (_subject, f) =>
      `${counted(f, 'conflicts', 'conflict')} are open or in review. It is told above ${number(f, 'threshold')}.`,
    advice: 'Group the conflicts by reason and field: many of them usually have one cause and can be decided together.',
    ended: 'The conflicts are at or below the threshold.',
  },
  conflicts_grown: {
    title: (subject, f) => `${subject}: ${counted(f, 'conflicts', 'new conflict')} from one sync`,
    why: (subject, f) =>
      `${counted(f, 'conflicts', 'conflict')} that the last sync of ${subject} opened are undecided. It is told from ${number(f, 'threshold')}.`,
    advice:
      'A jump like this often has one cause, such as a day on which a source delivers other prices. Look before deciding one by one.',
    ended: 'Fewer conflicts of the last sync are undecided.',
  },
  breaks_above: {
    title: (_subject, f) => `The last run found ${counted(f, 'breaks', 'open break')}`,
    why: (_subject, f) =>
      `${counted(f, 'breaks', 'break')} of the last reconciliation run are open. It is told above ${number(f, 'threshold')}.`,
    advice: 'Open the run and sort by class: breaks of one class usually have one cause.',
    ended: 'The breaks of the last run are at or below the threshold.',
  },
  budget_low: {
    title: (subject, f) => `${subject}: ${figure(f, 'leftPercent')} % of the request budget left`,
    why: (subject, f) =>
      `${number(f, 'used')} of ${number(f, 'requests')} requests that the account at ${subject} may make are used. It is told below ${number(f, 'threshold')} % left.`,
    advice: 'Syncs wait when the budget is used up. Give connections of this account longer intervals, or read less.',
    ended: 'The budget has room again.',
  },
  disk_low: {
    title: (_subject, f) => `${figure(f, 'freeGib')} GiB of disk space left`,
    why: (_subject, f) =>
      `The disk with the data folder has ${figure(f, 'freeGib')} GiB free. It is told below ${number(f, 'threshold')} GiB.`,
    advice: 'Free some space. When the disk is full, nothing more is stored; what is in the book stays.',
    ended: 'The disk has room again.',
  },
  backup_old: {
    title: (_subject, f) => `The newest backup is ${counted(f, 'hours', 'hour')} old`,
    why: (_subject, f) => `No backup was made for ${counted(f, 'hours', 'hour')}. It is told above ${number(f, 'threshold')}.`,
    advice: 'Make a backup now, and look at why none was made by itself.',
    ended: 'There is a newer backup, or none at all any more.',
  },
  webhook_off: {
    title: (subject) => `${subject}: messages were switched off`,
    why: (subject, f) =>
      figure(f, 'gone') === 'yes'
        ? `The receiver of ${subject} answered that it wants no more messages.`
        : `Nothing has arrived at ${subject} for ${counted(f, 'days', 'day')}, so messages there were switched off.`,
    advice: 'Send a test message in the settings. When the receiver answers, switch the destination on again.',
    ended: 'The destination is on again, off by a person, or removed.',
  },
};

interface ShownFigure {
  readonly label: string;
  readonly kind: 'text' | 'count' | 'instant';
  readonly value: string;
}

const LABELS: Readonly<Record<string, readonly [label: string, kind: ShownFigure['kind']]>> = {
  failures: ['Syncs failed in a row', 'count'],
  code: ['Last failure', 'text'],
  times: ['Intervals passed', 'count'],
  promisedMinutes: ['Promised every, minutes', 'count'],
  lastSyncedAt: ['Last synced', 'instant'],
  conflicts: ['Conflicts', 'count'],
  breaks: ['Open breaks', 'count'],
  used: ['Requests used', 'count'],
  requests: ['Requests allowed', 'count'],
  windowSeconds: ['Within, seconds', 'count'],
  leftPercent: ['Left, percent', 'count'],
  freeGib: ['Free, GiB', 'text'],
  hours: ['Age, hours', 'count'],
  backupAt: ['Newest backup', 'instant'],
  failingSince: ['Nothing arrived since', 'instant'],
  threshold: ['Told from', 'count'],
};

/** The figures of an alert with their names, as the detail lists them; ids are left out, links lead to them. */
export const shownFigures = (figures: AlertFigures): ShownFigure[] =>
  Object.entries(LABELS).flatMap(([name, [label, kind]]) => {
    const value = figures[name];
    return value === undefined ? [] : [{ label, kind, value: String(value) }];
  });
