import { Gavel, History, Link2, ListChecks, PencilLine, Redo2, Undo2, Upload } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { PaneHead } from '../../components/split.tsx';
import { FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { counted, formatCount } from '../../format/amount.ts';
import { exactInstant, formatAgo } from '../../format/time.ts';
import type { LoggedBatch } from './decision-log.ts';
import type { Batches } from './use-batches.ts';

type Batch = Output<'batches.list'>['items'][number];

const ICON: Readonly<Record<Batch['kind'], ReactNode>> = {
  decision: <Gavel size={14} aria-hidden />,
  edit: <PencilLine size={14} aria-hidden />,
  fix: <ListChecks size={14} aria-hidden />,
  import: <Upload size={14} aria-hidden />,
  undo: <Undo2 size={14} aria-hidden />,
  redo: <Redo2 size={14} aria-hidden />,
  link: <Link2 size={14} aria-hidden />,
};

const toLogged = (batch: Batch): LoggedBatch => ({ batchId: batch.id, what: batch.summary, conflictId: null });

/** What undoing would bring back and what stands in the way, before it is done. */
const UndoPreview = ({
  batch,
  batches,
  onClose,
}: {
  readonly batch: Batch;
  readonly batches: Batches;
  readonly onClose: () => void;
}) => {
  const query = useQuery('batches.previewUndo', { id: batch.id });
  const [working, setWorking] = useState(false);
  const slow = useSlow(query.data === undefined && query.failure === null);
  if (query.data === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return slow ? <Skeleton lines={2} /> : null;
  }
  const { restores, blocked } = query.data;
  const left = blocked.reduce((sum, { count }) => sum + count, 0);
  const undo = (): void => {
    setWorking(true);
    void batches.undo(toLogged(batch)).then(onClose);
  };
  return (
    <div className="undo-preview">
      <p>
        {restores === 0
          ? 'Nothing of this batch can be brought back.'
          : `Brings back ${counted(restores, 'value')} as they were before.`}
        {left === 0
          ? ''
          : ` ${counted(left, 'value')} ${left === 1 ? 'stays' : 'stay'} as ${left === 1 ? 'it is' : 'they are'}, because later decisions stand in the way:`}
      </p>
      {left === 0 ? null : (
        <ul className="excluded">
          {blocked.map((entry) => (
            <li key={entry.reason}>
              <span>{entry.reason}</span>
              <span className="num">{formatCount(entry.count)}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="undo-preview__foot">
        <Button onPress={onClose} autoFocus={restores === 0}>
          Leave as it is
        </Button>
        {restores === 0 ? null : (
          <Button look="primary" onPress={undo} pending={working} autoFocus>
            {`Undo ${formatCount(restores)}`}
          </Button>
        )}
      </div>
    </div>
  );
};

const BatchRow = ({
  batch,
  batches,
  may,
  marked,
}: {
  readonly batch: Batch;
  readonly batches: Batches;
  readonly may: boolean;
  readonly marked: boolean;
}) => {
  const { clock } = useRuntime();
  const [asking, setAsking] = useState(false);
  return (
    <li className="batch" data-marked={marked}>
      <span className="batch__icon">{ICON[batch.kind]}</span>
      <div className="batch__text">
        <p>{batch.summary}</p>
        <p className="secondary quiet" title={exactInstant(batch.at)}>
          {batch.by}, {formatAgo(batch.at, clock.now())}, {counted(batch.items, 'value')}
        </p>
      </div>
      <div className="batch__actions">
        {batch.undone ? (
          <>
            <Badge tone="wait" icon={<Undo2 size={12} aria-hidden />}>
              Undone
            </Badge>
            {may && batch.kind !== 'import' ? <Button onPress={() => void batches.redo(toLogged(batch))}>Redo</Button> : null}
          </>
        ) : null}
        {may && batch.canUndo && !asking ? <Button onPress={() => setAsking(true)}>Undo</Button> : null}
      </div>
      {asking ? <UndoPreview batch={batch} batches={batches} onClose={() => setAsking(false)} /> : null}
    </li>
  );
};

/** Every batch, newest first, with what undoing it would bring back. */
export const HistoryPanel = ({ batches, marked }: { readonly batches: Batches; readonly marked: string | null }) => {
  const query = useQuery('batches.list', { limit: 100 });
  const may = useMay('analyst');
  const slow = useSlow(query.data === undefined && query.failure === null);
  const body = () => {
    if (query.data === undefined) {
      if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
      return slow ? (
        <div className="pane__section">
          <Skeleton lines={9} />
        </div>
      ) : null;
    }
    if (query.data.items.length === 0) {
      return (
        <StateView icon={<History size={20} aria-hidden />} title="Nothing has been decided yet">
          Every decision, edit and correction will stand here as one batch, with Undo beside it.
        </StateView>
      );
    }
    return (
      <ol className="batches">
        {query.data.items.map((batch) => (
          <BatchRow key={batch.id} batch={batch} batches={batches} may={may} marked={batch.id === marked} />
        ))}
      </ol>
    );
  };
  return (
    <div className="conflict">
      <PaneHead title="History">
        <p className="secondary">What was decided, newest first. Undo takes a whole batch back.</p>
      </PaneHead>
      <div className="conflict__body">{body()}</div>
    </div>
  );
};
