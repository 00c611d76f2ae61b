import { ScrollText, ShieldAlert, ShieldCheck } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { isAborted, toFailure, type Failure } from '../../api/failure.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { counted, formatCount } from '../../format/amount.ts';
import { exactInstant, formatInstant } from '../../format/time.ts';
import { nameOf, shortenId } from '../../format/words.ts';
import './audit.css';

type Entry = Output<'audit.page'>['items'][number];
const PAGE = 100;

type Verdict = Output<'audit.verify'>;

const PROBLEMS: Readonly<Record<NonNullable<Verdict['problem']>, (entry: string) => string>> = {
  edited: (entry) => `Entry ${entry} was changed after it was written.`,
  missing: (entry) => `Entry ${entry} is missing.`,
  'not chained': (entry) => `Entry ${entry} does not follow the one before.`,
  rewritten: (entry) => `From entry ${entry} on, this is not the trail that was noted outside the book.`,
  'cut off': (entry) => `The trail was cut off: entry ${entry} was noted outside the book and is not here.`,
};

const Verification = () => {
  const { data } = useQuery('audit.verify', {});
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  if (data === undefined) return <span className="quiet">Checking the chain</span>;
  if (!data.ok)
    return (
      <Badge tone="bad" icon={<ShieldAlert size={14} aria-hidden />}>
        {PROBLEMS[data.problem ?? 'edited'](formatCount(data.firstBad ?? 0))} Keep the data folder as it is and restore a backup.
      </Badge>
    );
  return (
    <>
      <Badge tone="good" icon={<ShieldCheck size={14} aria-hidden />}>
        Chain intact, {counted(data.entries, 'entry', 'entries')}
      </Badge>
      {data.anchor ? (
        <span className="quiet">
          Noted outside the book up to entry {formatCount(data.anchor.seq)}, {formatInstant(data.anchor.at, dates)}
        </span>
      ) : null}
    </>
  );
};

const EntryRow = ({ entry }: { readonly entry: Entry }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (
    <tr>
      <td className="num">{formatCount(entry.seq)}</td>
      <td title={exactInstant(entry.at)}>{formatInstant(entry.at, dates)}</td>
      <td>{entry.actor}</td>
      <td>{nameOf({}, entry.event)}</td>
      <td className="mono" title={entry.subject}>
        {shortenId(entry.subject, 14)}
      </td>
      <td className="audit__details mono" title={entry.details}>
        {entry.details}
      </td>
      <td className="mono" title={entry.hash}>
        {shortenId(entry.hash, 6)}
      </td>
    </tr>
  );
};

const Audit = () => {
  const { client } = useRuntime();
  const newest = useQuery('audit.page', { limit: PAGE });
  const [older, setOlder] = useState<{ readonly items: readonly Entry[]; readonly done: boolean }>({ items: [], done: false });
  const [failure, setFailure] = useState<Failure | null>(null);
  const [loading, setLoading] = useState(false);
  const slow = useSlow(newest.data === undefined && newest.failure === null);
  const first = newest.data?.items ?? [];
  const edge = first.at(-1)?.seq ?? 0;
  const entries = [...first, ...older.items.filter((entry) => entry.seq < edge)];
  // When new entries push the first page on, the older ones would leave a gap: fetch them anew.
  const gap = older.items[0] !== undefined && older.items[0].seq + 1 < edge;
  useEffect(() => {
    if (gap) setOlder({ items: [], done: false });
  }, [gap]);

  const lastSeq = entries.at(-1)?.seq;
  const more = useCallback(async () => {
    if (lastSeq === undefined) return;
    setLoading(true);
    try {
      const page = await client.call('audit.page', { before: lastSeq, limit: PAGE });
      setOlder((state) => ({ items: [...state.items, ...page.items], done: page.items.length < PAGE }));
      setFailure(null);
    } catch (error) {
      if (!isAborted(error)) setFailure(toFailure(error));
    }
    setLoading(false);
  }, [client, lastSeq]);

  const body = () => {
    if (newest.failure && newest.data === undefined) return <FailureView failure={newest.failure} onRetry={newest.refetch} />;
    if (newest.data === undefined) return slow ? <Skeleton lines={12} /> : null;
    if (entries.length === 0)
      return (
        <StateView icon={<ScrollText size={20} aria-hidden />} title="Nothing has been recorded yet">
          Every decision, edit, sync and import will stand here, newest first.
        </StateView>
      );
    return (
      <>
        <table className="table">
          <caption className="visually-hidden">Audit trail, newest first</caption>
          <thead>
            <tr>
              <th scope="col" className="num">
                No.
              </th>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">Subject</th>
              <th scope="col">Details</th>
              <th scope="col">Hash</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <EntryRow key={entry.seq} entry={entry} />
            ))}
          </tbody>
        </table>
        {failure ? <FailureView failure={failure} inline onRetry={() => void more()} /> : null}
        {older.done || first.length < PAGE ? null : (
          <p className="audit__more">
            <Button onPress={() => void more()} pending={loading}>
              Show earlier entries
            </Button>
          </p>
        )}
      </>
    );
  };

  return (
    <Page title="Audit" detail={<Verification />}>
      {body()}
    </Page>
  );
};

export const auditScreen: Screen = { id: 'audit', path: '/audit', title: 'Audit', icon: ScrollText, key: 'u', component: Audit };
