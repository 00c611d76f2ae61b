import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { FreshnessBadge } from '../../components/badge.tsx';
import { Progress } from '../../components/progress.tsx';
import { TimeAxis, TimeLane, type TimeSpan } from '../../components/timeline.tsx';
import { exactInstant, formatAgo, formatDate, formatDuration } from '../../format/time.ts';
import { OPERATION_STATUS_NAME } from '../../format/words.ts';
import { Link } from '../../router/link.tsx';
import { progressWords, waitingWords } from '../connections/progress-words.ts';
import { toTimeBar } from './bar-words.ts';
import { ConnectionAction } from './connection-action.tsx';
import type { ConnectionState } from './state-words.ts';

type Status = Output<'sync.status'>;
type Lanes = Output<'sync.timeline'>['lanes'];

const CELL_PADDING = 20;
const NARROWEST = 180;

/** Width of the lanes: that of the column they stand in. */
const useLaneWidth = () => {
  const ref = useRef<HTMLTableCellElement>(null);
  const [width, setWidth] = useState(NARROWEST);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.max(NARROWEST, element.clientWidth - CELL_PADDING)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, width] as const;
};

/** What an operation waits for that does not go on by itself soon. */
const STUCK: ReadonlySet<string> = new Set(['retry', 'breaker', 'offline']);

/** How far the operation at work is: stage, counts, rate, and the time left where the platform said how much there is. */
const AtWork = ({ operation }: { readonly operation: Status['running'][number] }) => {
  const { progress, clock } = useRuntime();
  const live = useStore(progress, (state) => state.syncs[operation.id]);
  const merging = live?.status === 'merging';
  const attempt = operation.attempt > 1 ? `, attempt ${operation.attempt}` : '';
  return (
    <div className="sync__live">
      <Progress
        label={`Sync of ${operation.connectionName}`}
        done={live === undefined ? operation.records : merging ? live.merged : live.records}
        total={live === undefined ? operation.expected : merging ? live.records : live.expected}
      />
      <span className="sync__why">
        {operation.waiting !== null
          ? waitingWords(operation.waiting)
          : live === undefined
            ? OPERATION_STATUS_NAME[operation.status]
            : progressWords(live)}
        {attempt}, begun {formatAgo(operation.startedAt, clock.now())}
      </span>
    </div>
  );
};

const noRun = ({ platform, status }: ConnectionState): string =>
  platform === 'custodian_file' ? 'With the next file' : status === 'needs_sign_in' ? 'After a sign-in' : 'Only when asked';

const LastSuccess = ({ at }: { readonly at: string | null }) => {
  const { clock } = useRuntime();
  return at === null ? <span className="quiet">Never</span> : <span title={exactInstant(at)}>{formatAgo(at, clock.now())}</span>;
};

const NextRun = ({ connection }: { readonly connection: ConnectionState }) => {
  const { clock } = useRuntime();
  const at = connection.nextRunAt;
  if (at === null) return <span className="quiet">{noRun(connection)}</span>;
  const seconds = Math.round((Date.parse(at) - clock.now()) / 1000);
  return <span title={exactInstant(at)}>{seconds <= 0 ? 'Due now' : `In ${formatDuration(seconds)}`}</span>;
};

/** How every connection stands, why, when it was and will be read, and what its operations did over a span of time. */
export const ConnectionTable = ({
  status,
  lanes,
  span,
  now,
  open,
  onOpen,
}: {
  readonly status: Pick<Status, 'connections' | 'running'>;
  readonly lanes: Lanes;
  readonly span: TimeSpan;
  readonly now: number;
  /** Operation in the pane. */
  readonly open: string | null;
  readonly onOpen: (operationId: string) => void;
}) => {
  const { preferences, status: statusBar } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const [head, width] = useLaneWidth();
  return (
    <div className="sync__connections">
      <table className="table sync__table">
        <caption className="visually-hidden">How every connection stands</caption>
        <colgroup>
          <col className="sync__col-name" />
          <col className="sync__col-state" />
          <col className="sync__col-when" />
          <col className="sync__col-when sync__spare" />
          <col className="sync__col-date sync__spare" />
          <col />
          <col className="sync__col-action" />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Connection</th>
            <th scope="col">State</th>
            <th scope="col">Last success</th>
            <th scope="col" className="sync__spare">
              Next run
            </th>
            <th scope="col" className="sync__spare">
              Data as of
            </th>
            <th scope="col" ref={head}>
              <span className="visually-hidden">Operations over time</span>
              <TimeAxis span={span} width={width} />
            </th>
            <th scope="col">
              <span className="visually-hidden">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {status.connections.map((connection) => {
            const live = status.running.find((operation) => operation.connectionId === connection.id);
            // One that waits after a failure does not go on: its connection says why, and when it is tried again.
            const running = live?.waiting && STUCK.has(live.waiting.for) ? undefined : live;
            const lane = lanes.find(({ connectionId }) => connectionId === connection.id);
            return (
              <tr key={connection.id}>
                <th scope="row">
                  <Link to={`/connections?id=${connection.id}`}>{connection.name}</Link>
                </th>
                <td>
                  <FreshnessBadge freshness={running === undefined ? connection.freshness : 'syncing'} />
                  {running !== undefined ? (
                    <AtWork operation={running} />
                  ) : connection.freshness === 'fresh' ? null : (
                    <p className="sync__why">{connection.health}</p>
                  )}
                </td>
                <td>
                  <LastSuccess at={connection.lastSyncedAt} />
                </td>
                <td className="sync__spare">
                  <NextRun connection={connection} />
                </td>
                <td className="sync__date sync__spare">
                  {connection.asOf === null ? <span className="quiet">–</span> : formatDate(connection.asOf, dates)}
                </td>
                <td className="sync__lane">
                  <TimeLane
                    label={`Operations of ${connection.name}`}
                    bars={(lane?.bars ?? []).map((bar) => toTimeBar(bar, now, dates))}
                    span={span}
                    width={width}
                    open={open}
                    onOpen={onOpen}
                    onAt={(words) => statusBar.setState({ hint: words === null ? '' : `${connection.name}: ${words}` })}
                  />
                </td>
                <td className="sync__action">
                  <ConnectionAction connection={connection} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
};
