import type { Timetable } from '../../shared/contract/timetable.ts';
import { timetableOf } from '../sync/schedule-jobs.ts';
import { findConnection } from '../store/connections.ts';
import type { ReadDb } from '../store/handles.ts';
import type { ConnectionChange } from './connection-writes.ts';

const shown = (value: string | number | undefined): string => (value === undefined || value === '' ? 'nothing' : String(value));

const quietHours = ({ quietFrom, quietTo }: Timetable): string => (quietFrom === null ? '' : `${quietFrom} to ${quietTo}`);

/** What a change alters, from what to what, for the audit trail and the log of the connection. Settings hold no secrets. */
export function changeSentence(db: ReadDb, change: ConnectionChange): string {
  const before = findConnection(db, change.id);
  if (!before) return '';
  const parts: string[] = [];
  const compare = (what: string, from: string | number, to: string | number | undefined): void => {
    if (to !== undefined && to !== from) parts.push(`${what} from ${shown(from)} to ${shown(to)}`);
  };
  compare('name', before.name, change.name);
  compare('strategy', before.strategy, change.strategy);
  compare('rank', before.survivorshipRank, change.survivorshipRank);
  compare('minutes between syncs', before.syncEveryMinutes, change.syncEveryMinutes);
  if (change.timetable !== undefined) {
    const was = timetableOf(db, change.id);
    compare('cron', was.cron ?? '', change.timetable.cron ?? '');
    compare('time zone', was.zone, change.timetable.zone);
    compare('quiet hours', quietHours(was), quietHours(change.timetable));
  }
  compare('address', before.baseUrl, change.baseUrl);
  if (change.settings !== undefined) {
    const old = JSON.parse(before.settings) as Readonly<Record<string, string>>;
    const to = change.settings;
    for (const key of new Set([...Object.keys(old), ...Object.keys(to)])) compare(key, old[key] ?? '', to[key] ?? '');
  }
  if (change.secret !== undefined) parts.push('credentials replaced');
  const sentence = parts.join('; ');
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1, 2000);
}
