import { MAX_SNOOZE_DAYS } from '../../shared/contract/alerts.ts';
import { AppError, type HandlerInput, type Output } from '../../shared/contract/index.ts';
import type { WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import { addEvent, alertsWhere, type AlertRecord } from './record.ts';

const DAY_MS = 86_400_000;

/** The alerts of these ids. Throws `not_found` when one does not exist. */
function chosen(db: WritableDb, ids: readonly string[]): AlertRecord[] {
  const wanted = new Set(ids.map(Number));
  const found = alertsWhere(db, 'a.id IN (SELECT value FROM json_each(?))', JSON.stringify([...wanted]));
  if (found.length < wanted.size) throw new AppError('not_found', 'One of the alerts does not exist any more. Refresh the list.');
  return found;
}

const named = (alerts: readonly AlertRecord[]): string =>
  alerts.length === 1 ? `alert ${alerts[0]?.id ?? ''}` : `${alerts.length} alerts`;
const about = (alerts: readonly AlertRecord[]): string[] =>
  alerts.slice(0, 50).map(({ id, rule, subject }) => `${id} ${rule} ${subject}`);

export function acknowledge(
  db: WritableDb,
  { ids, note }: HandlerInput<'alerts.acknowledge'>,
  context: WriteContext,
): Output<'alerts.acknowledge'> {
  const now = context.now();
  const alerts = chosen(db, ids).filter(({ status }) => status === 'open' || status === 'snoozed');
  const set = db.prepare(
    `UPDATE alerts SET status = 'acknowledged', acknowledged_at = ?, acknowledged_by = ?, note = ?, snoozed_until = NULL, snoozed_by = NULL WHERE id = ?`,
  );
  for (const { id } of alerts) {
    set.run(now, context.actor, note, id);
    addEvent(db, id, 'acknowledged', { at: now, actor: context.actor, detail: note });
  }
  context.audit(named(alerts), { alerts: about(alerts), changed: alerts.length, note });
  return { changed: alerts.length };
}

export function snooze(
  db: WritableDb,
  { ids, until, note }: HandlerInput<'alerts.snooze'>,
  context: WriteContext,
): Output<'alerts.snooze'> {
  const now = context.now();
  const ahead = Date.parse(until) - Date.parse(now);
  if (ahead <= 0) throw new AppError('not_possible', 'The time to come back is past. Choose a later one.');
  if (ahead > MAX_SNOOZE_DAYS * DAY_MS)
    throw new AppError('not_possible', `An alert can be put aside for ${MAX_SNOOZE_DAYS} days at most. Choose an earlier time.`);
  const alerts = chosen(db, ids).filter(({ status }) => status !== 'closed');
  const set = db.prepare(
    `UPDATE alerts SET status = 'snoozed', snoozed_until = ?, snoozed_by = ?, acknowledged_at = NULL, acknowledged_by = NULL, note = ? WHERE id = ?`,
  );
  const end = new Date(until).toISOString();
  for (const { id } of alerts) {
    set.run(end, context.actor, note, id);
    addEvent(db, id, 'snoozed', { at: now, actor: context.actor, detail: [`until ${end}`, note].filter(Boolean).join('; ') });
  }
  context.audit(named(alerts), { alerts: about(alerts), changed: alerts.length, until: end, note });
  return { changed: alerts.length };
}

export function reopen(db: WritableDb, { ids }: HandlerInput<'alerts.reopen'>, context: WriteContext): Output<'alerts.reopen'> {
  const now = context.now();
  const alerts = chosen(db, ids).filter(({ status }) => status === 'acknowledged' || status === 'snoozed');
  const set = db.prepare(
    `UPDATE alerts SET status = 'open', acknowledged_at = NULL, acknowledged_by = NULL, note = '', snoozed_until = NULL, snoozed_by = NULL WHERE id = ?`,
  );
  for (const { id } of alerts) {
    set.run(id);
    addEvent(db, id, 'reopened', { at: now, actor: context.actor });
  }
  context.audit(named(alerts), { alerts: about(alerts), changed: alerts.length });
  return { changed: alerts.length };
}
