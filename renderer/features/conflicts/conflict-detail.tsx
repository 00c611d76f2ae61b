import { useEffect, useRef, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { SeverityBadge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { PaneHead } from '../../components/split.tsx';
import { useRuntime } from '../../app/runtime.tsx';
import { formatAgo, exactInstant } from '../../format/time.ts';
import { REASON_NAME, STRATEGY_NAME, TYPE_NAME } from '../../format/words.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import { Comments } from './comments.tsx';
import { ConflictHistory, RelatedConflicts } from './conflict-record.tsx';
import { isUndecided, readableSentence, valueWords, type ConflictDetail, type SourceKey } from './decision.ts';
import { SideBySide } from './side-by-side.tsx';
import { ConflictStatusBadge } from './status-badge.tsx';
import { recordWords, subjectName } from './subject-words.ts';

const Identity = ({ row }: { readonly row: ConflictDetail['row'] }) => {
  const { clock, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const record = recordWords(row, dates);
  return (
    <PaneHead title={subjectName(row)}>
      <p className="secondary identity">
        {row.ticker === null ? null : <span className="mono">{row.ticker}</span>}
        {record === null ? null : <span>{record}</span>}
        {row.type === null ? null : <span>{TYPE_NAME[row.type]}</span>}
        <span>{row.currency}</span>
        <span>
          <Link to={gridLink('/holdings', [{ column: 'accountId', operator: 'is', value: row.accountId }])}>{row.account}</Link>,{' '}
          <span className="mono">{row.accountNumber}</span>
        </span>
      </p>
      <p className="conflict__facts">
        <SeverityBadge severity={row.severity} />
        <ConflictStatusBadge status={row.status} />
        <span className="badge badge--plain">{REASON_NAME[row.reason]}</span>
        <span className="badge badge--plain" title={exactInstant(row.openedAt)}>
          opened {formatAgo(row.openedAt, clock.now())}
        </span>
        {row.holdingId === null ? null : <Link to={`/holdings?f=&id=${row.holdingId}`}>Position</Link>}
      </p>
    </PaneHead>
  );
};

const SettledLine = ({ row, onHistory }: { readonly row: ConflictDetail['row']; readonly onHistory: () => void }) => (
  <div className="settled">
    <p>
      {row.status === 'healed'
        ? 'Healed: everybody agrees again, so there is nothing to decide.'
        : `Settled ${row.field === 'presence' ? `as ${valueWords(row.settledValue).toLowerCase()}` : `on ${valueWords(row.settledValue, row.field)}`} by ${row.settledBy ?? 'a rule'}${row.strategy === null ? '' : `, ${STRATEGY_NAME[row.strategy].toLowerCase()}`}.`}
    </p>
    {row.status === 'settled' ? <Button onPress={onHistory}>Show in history</Button> : null}
  </div>
);

export interface ConflictDetailViewProps {
  readonly detail: ConflictDetail;
  readonly order: readonly SourceKey[];
  readonly writing: boolean;
  readonly onWriting: (writing: boolean) => void;
  readonly onHistory: (batchId: string | null) => void;
  readonly refused: ReactNode;
  /** The decisions, or the form that takes their place. */
  readonly actions: ReactNode;
}

/** One conflict: why it is one, both sides beside each other, what was said and done about it, and the decisions. */
export const ConflictDetailView = ({
  detail,
  order,
  writing,
  onWriting,
  onHistory,
  refused,
  actions,
}: ConflictDetailViewProps) => {
  const top = useRef<HTMLDivElement>(null);
  const { row } = detail;
  // Another conflict begins at its top.
  useEffect(() => {
    void top.current?.closest('.pane')?.scrollTo({ top: 0 });
  }, [row.id]);
  const undecided = isUndecided(row);
  const lastBatch = detail.history.find((entry) => entry.batchId !== null)?.batchId ?? null;
  return (
    <div className="conflict" ref={top}>
      <Identity row={row} />
      <div className="conflict__body">
        <section className="conflict__why">
          <p className="conflict__sentence">{readableSentence(detail.sentence, row)}</p>
          {refused}
          <SideBySide detail={detail} order={order} />
        </section>
        <Comments detail={detail} writing={writing} onWriting={onWriting} />
        <RelatedConflicts detail={detail} />
        <ConflictHistory detail={detail} onBatch={onHistory} />
      </div>
      <footer className="conflict__foot">
        {undecided ? null : <SettledLine row={row} onHistory={() => onHistory(lastBatch)} />}
        {undecided ? actions : null}
      </footer>
    </div>
  );
};
