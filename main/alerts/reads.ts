import { SEVERITIES } from '../../shared/contract/conflicts.ts';
import type { ALERT_COLUMNS, AlertRow } from '../../shared/contract/alerts.ts';
import { AppError, type HandlerInput, type Output } from '../../shared/contract/index.ts';
import { alertPlace, type AlertFigures } from '../../shared/model/alert.ts';
import { countNow, gridOrder, gridWhere, pageNow, type GridColumn } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import { dueDeliveries, listDeliveries } from './deliveries.ts';
import { destinationFacts, listDestinations } from './destinations.ts';
import { ALERT_ROW, alertsWhere, type AlertRecord } from './record.ts';
import { readRules, severityName } from './rules.ts';
import { shownFigures, WORDS } from './words.ts';

const text = (sql: string): GridColumn => ({ sql, kind: 'text' });

const GRID: Readonly<Record<(typeof ALERT_COLUMNS)[number], GridColumn>> = {
  severity: { sql: 'a.severity', kind: 'integer', values: Object.fromEntries(SEVERITIES.map((name, code) => [name, code])) },
  rule: text('a.rule'),
  subject: text('a.subject'),
  status: text('a.status'),
  openedAt: text('a.opened_at'),
  lastSeenAt: text('a.last_seen_at'),
  closedAt: text('a.closed_at'),
  count: { sql: 'a.count', kind: 'integer' },
  acknowledgedBy: text('a.acknowledged_by'),
  snoozedUntil: text('a.snoozed_until'),
};
const SEARCH = ['a.subject', 'a.rule', 'a.note', "coalesce(a.acknowledged_by, '')"];

const titleOf = ({ rule, subject, figures }: AlertRecord): string =>
  WORDS[rule].title(subject, JSON.parse(figures) as AlertFigures);

function toRow(record: AlertRecord): AlertRow {
  const { figures: _figures, level: _level, toldAt: _toldAt, ...row } = record;
  return {
    ...row,
    id: String(row.id),
    severity: severityName(row.severity),
    subjectId: row.subjectId === 0 ? null : String(row.subjectId),
    title: titleOf(record),
  };
}

function page(db: ReadDb, request: HandlerInput<'alerts.page'>): Output<'alerts.page'> {
  const { where: condition, params } = gridWhere(GRID, request, SEARCH);
  const order = gridOrder(GRID, request, request.sort.length === 0 ? 'a.severity, a.opened_at DESC, a.id DESC' : 'a.id DESC');
  const list = { from: 'alerts a', table: 'alerts', alias: 'a', row: ALERT_ROW, condition, order };
  const total = countNow(db, list, params);
  return { rows: pageNow<AlertRecord>(db, list, params, request).map(toRow), total };
}

const NEWEST = 5;

function summary(db: ReadDb): Output<'alerts.summary'> {
  const counts = db
    .prepare(`SELECT count(*) AS open, coalesce(sum(severity = 0), 0) AS critical FROM alerts WHERE status = 'open'`)
    .get() as { open: number; critical: number };
  const newest = alertsWhere(db, `a.status = 'open' AND a.severity = 0 ORDER BY a.id DESC LIMIT ${NEWEST}`);
  return {
    ...counts,
    newest: newest.map((record) => ({ id: String(record.id), title: titleOf(record), openedAt: record.openedAt })),
  };
}

function get(db: ReadDb, { id }: HandlerInput<'alerts.get'>): Output<'alerts.get'> {
  const [record] = alertsWhere(db, 'a.id = ?', Number(id));
  if (record === undefined) throw new AppError('not_found', 'There is no such alert.');
  const { rule, subject, subjectKind, subjectId } = record;
  const figures = JSON.parse(record.figures) as AlertFigures;
  const earlier = alertsWhere(
    db,
    'a.rule = ? AND a.subject_kind = ? AND a.subject_id = ? AND a.id < ? ORDER BY a.id DESC LIMIT 10',
    rule,
    subjectKind,
    subjectId,
    record.id,
  );
  return {
    row: toRow(record),
    why: WORDS[rule].why(subject, figures),
    advice: WORDS[rule].advice,
    figures: shownFigures(figures),
    place: alertPlace(rule, subjectId, figures),
    history: db
      .prepare('SELECT at, actor, event, detail FROM alert_events WHERE alert_id = ? ORDER BY id DESC LIMIT 200')
      .all(record.id) as Output<'alerts.get'>['history'],
    earlier: earlier.map((before) => ({ id: String(before.id), openedAt: before.openedAt, closedAt: before.closedAt })),
  };
}

/** Queries about alerts, their rules and where messages about them go. */
export const alertReads = {
  'alerts.page': page,
  'alerts.summary': (db: ReadDb): Output<'alerts.summary'> => summary(db),
  'alerts.get': get,
  'alerts.rules': (db: ReadDb): Output<'alerts.rules'> => ({ items: readRules(db) }),
  'alertDestinations.list': (db: ReadDb): Output<'alertDestinations.list'> => ({ items: listDestinations(db) }),
  'alertDestinations.deliveries': (
    db: ReadDb,
    { id, limit }: HandlerInput<'alertDestinations.deliveries'>,
  ): Output<'alertDestinations.deliveries'> => listDeliveries(db, id, limit),
  'alert-destination/facts': destinationFacts,
  'alerts/due': dueDeliveries,
} as const;
