import { ArrowRight } from 'lucide-react';
import { useStore } from 'zustand';
import type { AlertRow } from '../../../shared/contract/alerts.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { SeverityBadge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { PaneHead, PaneSection } from '../../components/split.tsx';
import { FailureView, Skeleton, useSlow } from '../../components/state-view.tsx';
import { formatCount } from '../../format/amount.ts';
import { exactInstant, formatAgo, formatInstant } from '../../format/time.ts';
import { Link } from '../../router/link.tsx';
import { AlertStatus } from './alert-status.tsx';
import '../../components/pane-column.css';

type Detail = Output<'alerts.get'>;

const EVENT_NAME: Readonly<Record<Detail['history'][number]['event'], string>> = {
  opened: 'Opened',
  worsened: 'Got worse',
  told: 'Told',
  acknowledged: 'Acknowledged',
  snoozed: 'Snoozed',
  snooze_ended: 'Snooze ended',
  reopened: 'Opened again',
  closed: 'Closed by itself',
};

const PLACE_NAME: Readonly<Record<AlertRow['rule'], string>> = {
  sync_failed: 'Open the history of the connection',
  connection_late: 'Open the connection',
  needs_sign_in: 'Open the connection',
  conflicts_above: 'Open the conflicts',
  conflicts_grown: 'Open the conflicts',
  breaks_above: 'Open the run',
  budget_low: 'Open the connection',
  disk_low: 'Open the settings',
  backup_old: 'Open the settings',
  webhook_off: 'Open the settings',
};

const useInstant = (): ((instant: string) => string) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (instant) => formatInstant(instant, dates);
};

const Figures = ({ detail: { figures, row } }: { readonly detail: Detail }) => {
  const instant = useInstant();
  const shown = ({ kind, value }: Detail['figures'][number]): string =>
    kind === 'instant' ? instant(value) : kind === 'count' ? formatCount(Number(value)) : value.replaceAll('_', ' ');
  return (
    <dl className="facts">
      {figures.map((figure) => (
        <div key={figure.label} className="alert__figure">
          <dt>{figure.label}</dt>
          <dd>{shown(figure)}</dd>
        </div>
      ))}
      <div className="alert__figure">
        <dt>Since</dt>
        <dd title={exactInstant(row.openedAt)}>{instant(row.openedAt)}</dd>
      </div>
      <div className="alert__figure">
        <dt>{row.closedAt === null ? 'Last seen' : 'Closed'}</dt>
        <dd>{instant(row.closedAt ?? row.lastSeenAt)}</dd>
      </div>
      <div className="alert__figure">
        <dt>Came or got worse</dt>
        <dd>{row.count === 1 ? 'once' : `${formatCount(row.count)} times`}</dd>
      </div>
    </dl>
  );
};

const Who = ({ row }: { readonly row: AlertRow }) => {
  const instant = useInstant();
  if (row.acknowledgedBy !== null && row.acknowledgedAt !== null)
    return (
      <p>
        Acknowledged by <strong>{row.acknowledgedBy}</strong>, {instant(row.acknowledgedAt)}
        {row.note === '' ? '.' : `: ${row.note}`}
      </p>
    );
  if (row.snoozedUntil !== null)
    return (
      <p>
        Snoozed until {instant(row.snoozedUntil)} by <strong>{row.snoozedBy}</strong>
        {row.note === '' ? '.' : `: ${row.note}`}
      </p>
    );
  return (
    <p className="secondary">
      {row.status === 'closed' ? 'It closed before anybody acknowledged it.' : 'Nobody has acknowledged it yet.'}
    </p>
  );
};

const History = ({ history }: Pick<Detail, 'history'>) => {
  const { clock } = useRuntime();
  return (
    <ol className="alert__history">
      {history.map(({ at, actor, event, detail }, index) => (
        <li key={`${at}${event}${index}`}>
          <strong>{EVENT_NAME[event]}</strong>
          {detail === '' ? '' : `: ${detail}`}{' '}
          <span className="secondary" title={exactInstant(at)}>
            {actor}, {formatAgo(at, clock.now())}
          </span>
        </li>
      ))}
    </ol>
  );
};

/** One alert: why it fired, where its subject stands, who deals with it, and what happened to it. */
export const AlertDetail = ({
  id,
  mayAct,
  onAcknowledge,
  onSnooze,
  onReopen,
}: {
  readonly id: string;
  readonly mayAct: boolean;
  readonly onAcknowledge: () => void;
  readonly onSnooze: () => void;
  readonly onReopen: () => void;
}) => {
  const { router } = useRuntime();
  const instant = useInstant();
  const query = useQuery('alerts.get', { id });
  const slow = useSlow(query.data === undefined && query.failure === null);
  const detail = query.data;
  if (detail === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return slow ? (
      <div className="pane__section">
        <Skeleton lines={9} />
      </div>
    ) : null;
  }
  const { row, why, advice, place, history, earlier } = detail;
  return (
    <div className="pane-column">
      <div className="pane-column__body">
        <PaneHead title={row.title}>
          <p className="alert__badges">
            <SeverityBadge severity={row.severity} />
            <AlertStatus status={row.status} />
          </p>
        </PaneHead>
        <PaneSection title="Why">
          <div className="alert__why">
            <p>{why}</p>
            <p className="secondary">{advice}</p>
            <p>
              <Button icon={<ArrowRight size={14} aria-hidden />} onPress={() => router.go(place)}>
                {PLACE_NAME[row.rule]}
              </Button>
            </p>
          </div>
        </PaneSection>
        <PaneSection title="Figures">
          <Figures detail={detail} />
        </PaneSection>
        <PaneSection title="Who deals with it">
          <Who row={row} />
        </PaneSection>
        <PaneSection title="What happened">
          <History history={history} />
        </PaneSection>
        {earlier.length === 0 ? null : (
          <PaneSection title="The same before">
            <ul className="alert__history">
              {earlier.map((before) => (
                <li key={before.id}>
                  <Link to={`/alerts?id=${before.id}`}>{instant(before.openedAt)}</Link>
                  {before.closedAt === null ? '' : ` to ${instant(before.closedAt)}`}
                </li>
              ))}
            </ul>
          </PaneSection>
        )}
      </div>
      {mayAct && row.status !== 'closed' ? (
        <div className="pane-foot">
          <div className="pane-foot__actions">
            {row.status === 'open' ? null : <Button onPress={onReopen}>Open again</Button>}
            {row.status === 'snoozed' ? null : <Button onPress={onSnooze}>Snooze</Button>}
            {row.status === 'acknowledged' ? null : (
              <Button look="primary" onPress={onAcknowledge}>
                Acknowledge
              </Button>
            )}
          </div>
        </div>
      ) : null}
    </div>
  );
};
