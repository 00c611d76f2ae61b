import { useStore } from 'zustand';
import type { Connection } from '../../../shared/contract/connections.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Progress } from '../../components/progress.tsx';
import { PaneSection } from '../../components/split.tsx';
import { FailureView, Skeleton, useSlow } from '../../components/state-view.tsx';
import { counted, formatCount } from '../../format/amount.ts';
import { exactInstant, formatAgo, formatDuration, formatInstant } from '../../format/time.ts';
import { ConnectionCounts } from './connection-card.tsx';

type Health = Output<'connections.health'>;

const span = (seconds: number): string =>
  seconds % 86_400 === 0
    ? counted(seconds / 3600, 'hour')
    : seconds % 60 === 0
      ? counted(seconds / 60, 'minute')
      : counted(seconds, 'second');

const every = (minutes: number): string => (minutes % 60 === 0 ? counted(minutes / 60, 'hour') : counted(minutes, 'minute'));

/** `every 4 hours, quiet from 22:00 to 06:00 in Europe/Zurich`. */
const rhythm = ({ syncEveryMinutes }: Connection, { cron, zone, quietFrom, quietTo }: Health['timetable']): string => {
  const times = cron === null ? `every ${every(syncEveryMinutes)}` : `by ${cron}`;
  const quiet = quietFrom === null ? '' : `, quiet from ${quietFrom} to ${quietTo ?? ''}`;
  return `${times}${quiet}${cron === null && quietFrom === null ? '' : ` in ${zone}`}`;
};

const Budget = ({ budget }: { readonly budget: Health['budgets'][number] }) => {
  const { clock } = useRuntime();
  const left = Math.max(0, budget.requests - budget.used);
  const seconds = budget.frees === null ? 0 : Math.round((Date.parse(budget.frees) - clock.now()) / 1000);
  return (
    <li className="budget">
      <div className="budget__line">
        <span>In {span(budget.windowSeconds)}</span>
        <span className="budget__left">
          {formatCount(budget.used)} of {formatCount(budget.requests)} used, {formatCount(left)} left
        </span>
      </div>
      <Progress label={`Requests used in ${span(budget.windowSeconds)}`} done={budget.used} total={budget.requests} />
      {left === 0 && seconds > 0 ? (
        <p className="quiet">The next request is free in {formatDuration(seconds)}; reading waits until then.</p>
      ) : null}
    </li>
  );
};

const SignInFact = ({ signIn, connection }: { readonly signIn: Health['signIn']; readonly connection: Connection }) => {
  const { clock, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  if (signIn.kind === 'none') return <>None stored</>;
  if (signIn.kind === 'key')
    return (
      <>
        With credentials{connection.secretHint === null ? '' : ` ending in ${connection.secretHint.replace('…', '')}`}; they have
        no end that is known here
      </>
    );
  if (signIn.expiresAt === null) return <>With the browser; no token is stored, so sign in again</>;
  const ended = Date.parse(signIn.expiresAt) <= clock.now();
  const when = formatInstant(signIn.expiresAt, dates);
  return (
    <span title={exactInstant(signIn.expiresAt)}>
      With the browser. The access token {ended ? `ended ${when}` : `ends ${when}`}
      {signIn.renews ? ' and is renewed by itself when it is needed' : '; then somebody has to sign in again'}
    </span>
  );
};

const Facts = ({ connection, health }: { readonly connection: Connection; readonly health: Health }) => {
  const { clock, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const at = (instant: string) => <span title={exactInstant(instant)}>{formatInstant(instant, dates)}</span>;
  return (
    <dl className="facts">
      <dt>Last run</dt>
      <dd>
        {health.lastRunAt === null ? (
          'Never'
        ) : (
          <>
            {at(health.lastRunAt)}, {formatAgo(health.lastRunAt, clock.now())}
          </>
        )}
      </dd>
      <dt>Next run</dt>
      <dd>
        {health.nextRunAt === null ? (
          connection.platform === 'custodian_file' ? (
            'When a newer file is imported'
          ) : connection.status === 'needs_sign_in' ? (
            'After somebody has signed in again'
          ) : (
            'Only when asked'
          )
        ) : (
          <>
            {at(health.nextRunAt)}, {rhythm(connection, health.timetable)}
          </>
        )}
      </dd>
      {health.breaker.state === 'closed' ? null : (
        <>
          <dt>Left alone</dt>
          <dd>
            Since {counted(health.breaker.failures, 'sync')} failed in a row.{' '}
            {health.breaker.state === 'half_open' ? (
              'A sync is at work to see whether it answers again.'
            ) : health.breaker.probeAt === null ? null : (
              <>The schedule tries again from {at(health.breaker.probeAt)} on; Sync now tries at once.</>
            )}
          </dd>
        </>
      )}
      <dt>Sign-in</dt>
      <dd>
        <SignInFact signIn={health.signIn} connection={connection} />
      </dd>
    </dl>
  );
};

/** How a connection stands: runs, sign-in, request budget, and what it brought. */
export const HealthTab = ({ connection }: { readonly connection: Connection }) => {
  const query = useQuery('connections.health', { id: connection.id });
  const slow = useSlow(query.data === undefined && query.failure === null);
  if (query.data === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return slow ? (
      <div className="pane__section">
        <Skeleton lines={6} />
      </div>
    ) : null;
  }
  const { budgets } = query.data;
  return (
    <>
      <PaneSection title="Runs and sign-in">
        <Facts connection={connection} health={query.data} />
      </PaneSection>
      {budgets.length === 0 ? null : (
        <PaneSection title="Request budget">
          <ul className="budgets">
            {budgets.map((budget) => (
              <Budget key={budget.windowSeconds} budget={budget} />
            ))}
          </ul>
          <p className="secondary">
            Counted for the account at the platform, over all its connections and over restarts. Requests that other programs make
            with the same account are not seen here.
          </p>
        </PaneSection>
      )}
      <PaneSection title="What it brought">
        <ConnectionCounts connection={connection} />
      </PaneSection>
    </>
  );
};
