import { RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import type { Operation } from '../../../shared/contract/sync.ts';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { OperationBadge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { PaneHead, PaneSection } from '../../components/split.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { counted, formatCount } from '../../format/amount.ts';
import { exactInstant, formatDate, formatDuration, formatInstant } from '../../format/time.ts';
import { OPERATION_KIND_NAME, shortenId } from '../../format/words.ts';
import { Link } from '../../router/link.tsx';
import { progressWords, waitingWords } from '../connections/progress-words.ts';
import { COUNT_WORDS, recordsOf, secondsOf } from '../connections/outcome.ts';
import { SetAsideOf } from '../connections/set-aside.tsx';
import { useSync } from '../connections/use-sync.ts';
import { DecideShrink, SHRUNK } from './connection-action.tsx';

const AT_WORK: readonly Operation['status'][] = ['queued', 'fetching', 'staged', 'merging'];
export const isAtWork = ({ status }: Pick<Operation, 'status'>): boolean => AT_WORK.includes(status);

/** What can be done about an operation: stop it, take it up again, or decide what it asked. Only the newest one is taken up. */
const Actions = ({ operation, newest }: { readonly operation: Operation; readonly newest: boolean }) => {
  const { retry, cancel, busy } = useSync();
  const [asking, setAsking] = useState(false);
  const may = useMay('analyst');
  if (!may) return null;
  const connection = { id: operation.connectionId, name: operation.connectionName };
  if (isAtWork(operation))
    return (
      <Button icon={<X size={14} aria-hidden />} onPress={() => cancel(operation.id, connection.name)}>
        Cancel
      </Button>
    );
  if (!newest || operation.status !== 'failed' || operation.kind !== 'sync') return null;
  if (operation.errorCode !== SHRUNK)
    return (
      <Button look="primary" icon={<RotateCcw size={14} aria-hidden />} onPress={() => retry(operation.id)} pending={busy}>
        Retry from where it stopped
      </Button>
    );
  return (
    <>
      <Button look="primary" onPress={() => setAsking(true)}>
        Decide about the missing positions
      </Button>
      <DecideShrink connection={connection} operationId={operation.id} open={asking} onClose={() => setAsking(false)} />
    </>
  );
};

const Facts = ({ operation }: { readonly operation: Operation }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const seconds = secondsOf(operation);
  return (
    <dl className="facts">
      <dt>Connection</dt>
      <dd>
        <Link to={`/connections?id=${operation.connectionId}`}>{operation.connectionName}</Link>
      </dd>
      <dt>Asked by</dt>
      <dd>{operation.requestedBy}</dd>
      <dt>Began</dt>
      <dd title={exactInstant(operation.startedAt)}>{formatInstant(operation.startedAt, dates)}</dd>
      <dt>Ended</dt>
      <dd title={operation.finishedAt === null ? '' : exactInstant(operation.finishedAt)}>
        {operation.finishedAt === null ? 'Not yet' : formatInstant(operation.finishedAt, dates)}
      </dd>
      <dt>Took</dt>
      <dd>{seconds === null ? 'Still at work' : formatDuration(seconds)}</dd>
      <dt>Attempt</dt>
      <dd>{formatCount(operation.attempt)}</dd>
      <dt>Data as of</dt>
      <dd>{operation.asOf === null ? 'Not known' : formatDate(operation.asOf, dates)}</dd>
    </dl>
  );
};

/** What was received and what became of it. A merge is one step: it is done as a whole or not at all. */
const Stages = ({ operation }: { readonly operation: Operation }) => {
  const { progress } = useRuntime();
  const live = useStore(progress, (state) => state.syncs[operation.id]);
  const merged = operation.status === 'completed' || operation.status === 'rolled_back';
  return (
    <>
      <dl className="facts">
        <dt>Received</dt>
        <dd>
          {recordsOf(operation)} in {counted(operation.pages, 'page')}
        </dd>
        {live === undefined && operation.waiting === null ? null : (
          <>
            <dt>Now</dt>
            <dd>{operation.waiting === null ? live && progressWords(live) : waitingWords(operation.waiting)}</dd>
          </>
        )}
        <dt>Merged</dt>
        <dd>
          {operation.status === 'rolled_back'
            ? 'Yes, and rolled back later'
            : merged
              ? 'Yes, all of it'
              : isAtWork(operation)
                ? 'Not yet'
                : 'No, nothing of it is in the book'}
        </dd>
      </dl>
      {merged ? (
        <dl className="counts operation__counts">
          {COUNT_WORDS.map(([name, word]) => (
            <div key={name} className="counts__item">
              <dt>{word.replace(/^./, (first) => first.toUpperCase())}</dt>
              <dd>{formatCount(operation.counts[name])}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </>
  );
};

const Pages = ({ operation, held }: { readonly operation: Operation; readonly held: Output<'sync.pages'> }) => {
  const { items, total } = held;
  if (total === 0)
    return (
      <p className="quiet">
        {operation.pages === 0
          ? 'No page was received.'
          : `${counted(operation.pages, 'page')} were received; none is held any more. Their bytes stay with the records that came of them.`}
      </p>
    );
  return (
    <>
      <p className="secondary">
        Held until they are merged
        {items.length < total ? `; the first ${formatCount(items.length)} of ${formatCount(total)}` : ''}.
      </p>
      <table className="table table--pane">
        <caption className="visually-hidden">Pages received, oldest first</caption>
        <thead>
          <tr>
            <th scope="col">Page</th>
            <th scope="col" className="num">
              Records
            </th>
            <th scope="col" className="num">
              Bytes
            </th>
            <th scope="col">Digest</th>
          </tr>
        </thead>
        <tbody>
          {items.map(({ page, records, bytes, sha256, receivedAt }) => (
            <tr key={page}>
              <td title={exactInstant(receivedAt)}>{formatCount(page)}</td>
              <td className="num">{formatCount(records)}</td>
              <td className="num">{formatCount(bytes)}</td>
              <td className="mono" title={sha256}>
                {shortenId(sha256)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
};

type Attempt = Output<'sync.attempts'>['items'][number];

/** Each time it was taken up, what ended it, and when the next one was to begin. */
const Attempts = ({ items }: { readonly items: readonly Attempt[] }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  if (items.length === 0) return <p className="quiet">It has not begun yet.</p>;
  return (
    <ol className="operation__attempts">
      {items.map(({ attempt, startedAt, endedAt, error, nextAt }) => (
        <li key={attempt}>
          <span title={exactInstant(startedAt)}>
            Attempt {formatCount(attempt)}, {formatInstant(startedAt, dates)}
          </span>
          <span className="secondary">
            {error ?? (endedAt === null ? 'At work' : 'Went through')}
            {nextAt === null ? '' : ` Next one from ${formatInstant(nextAt, dates)}.`}
          </span>
        </li>
      ))}
    </ol>
  );
};

/** One operation: what it did, what went wrong, its attempts, the pages it holds and the records it set aside. */
export const OperationDetail = ({ id, newest }: { readonly id: string; readonly newest: boolean }) => {
  const query = useQuery('sync.operation', { id });
  const pages = useQuery('sync.pages', { id });
  const attempts = useQuery('sync.attempts', { id });
  const mayReadLogs = useMay('admin');
  return (
    <Loaded query={query}>
      {(operation) => (
        <>
          <PaneHead title={`${OPERATION_KIND_NAME[operation.kind]} ${operation.id} of ${operation.connectionName}`}>
            <OperationBadge status={operation.status} />
          </PaneHead>
          {operation.error === null ? null : (
            <PaneSection title="What went wrong">
              <p className="operation__error">{operation.error}</p>
              {operation.status === 'failed' && !newest ? (
                <p className="quiet">A newer operation of {operation.connectionName} has been there since; sync again instead.</p>
              ) : null}
            </PaneSection>
          )}
          <PaneSection title="What it did" aside={<Actions operation={operation} newest={newest} />}>
            <Stages operation={operation} />
          </PaneSection>
          <PaneSection title="When and by whom">
            <Facts operation={operation} />
          </PaneSection>
          <PaneSection title="Attempts">
            <Loaded query={attempts} lines={2}>
              {({ items }) => <Attempts items={items} />}
            </Loaded>
          </PaneSection>
          <PaneSection title="Pages">
            <Loaded query={pages} lines={3}>
              {(held) => <Pages operation={operation} held={held} />}
            </Loaded>
          </PaneSection>
          <PaneSection title="Set aside">
            <SetAsideOf operationId={operation.id} source={operation.connectionName} />
          </PaneSection>
          {mayReadLogs ? (
            <PaneSection title="Log">
              <p>
                <Link to={`/settings/logs?operation=${operation.id}`}>Log lines of this operation</Link>
              </p>
            </PaneSection>
          ) : null}
        </>
      )}
    </Loaded>
  );
};
