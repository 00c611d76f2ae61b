import { CloudOff, Lock } from 'lucide-react';
import type { QueryResult } from '../../api/use-query.ts';
import { PaneHead } from '../../components/split.tsx';
import { FailureView, Skeleton, useSlow } from '../../components/state-view.tsx';
import { counted } from '../../format/amount.ts';
import { ConflictDetailView } from './conflict-detail.tsx';
import type { Refused } from './conflict-session.ts';
import { DecisionBar } from './decision-bar.tsx';
import type { ConflictDetail, Decision, SourceKey } from './decision.ts';
import { EditByHand } from './edit-by-hand.tsx';
import { RefusedNote } from './refused-note.tsx';

export interface ConflictPaneProps {
  readonly query: QueryResult<ConflictDetail>;
  readonly id: string;
  readonly order: readonly SourceKey[];
  readonly may: boolean;
  readonly online: boolean;
  /** Rows chosen in the list: the decisions are about them. */
  readonly chosen: number;
  readonly form: 'edit' | 'comment' | null;
  readonly refused: Refused | null;
  readonly onForm: (form: 'edit' | 'comment' | null) => void;
  readonly onDecide: (decision: Decision) => void;
  readonly onUndo: () => void;
  readonly onHistory: (batchId: string | null) => void;
  readonly onKeepTheirs: (id: string) => void;
}

/** Several conflicts chosen while none is open: what can be decided about them. */
export const ChosenPane = ({
  chosen,
  order,
  onDecide,
  onUndo,
}: Pick<ConflictPaneProps, 'chosen' | 'order' | 'onDecide' | 'onUndo'>) => (
  <div className="conflict">
    <PaneHead title={`${counted(chosen, 'conflict')} selected`} />
    <DecisionBar detail={null} chosen={chosen} order={order} onDecide={onDecide} onUndo={onUndo} />
  </div>
);

/** The conflict in front in each of its states: on its way, failed, shown, being edited. */
export const ConflictPane = ({
  query,
  id,
  order,
  may,
  online,
  chosen,
  form,
  refused,
  onForm,
  onDecide,
  onUndo,
  onHistory,
  onKeepTheirs,
}: ConflictPaneProps) => {
  const shown = query.data;
  const waiting = shown === undefined || shown.row.id !== id;
  const slow = useSlow(waiting && query.failure === null);
  if (query.failure !== null && (waiting || query.failure.code === 'not_found'))
    return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
  if (shown === undefined || (waiting && slow)) {
    return slow ? (
      <div className="pane__section">
        <Skeleton lines={14} />
      </div>
    ) : null;
  }
  const actions = () => {
    if (!online) {
      return (
        <p className="conflict__locked">
          <CloudOff size={14} aria-hidden /> Clearway cannot be reached, so nothing can be decided now. It reconnects by itself.
        </p>
      );
    }
    if (!may) {
      return (
        <p className="conflict__locked">
          <Lock size={14} aria-hidden /> Your role can read conflicts but not decide them. An analyst can.
        </p>
      );
    }
    if (form === 'edit' && chosen === 0)
      return (
        <EditByHand
          key={shown.row.id}
          detail={shown}
          onSave={(value) => onDecide({ strategy: 'MANUAL_REVIEW', value })}
          onCancel={() => onForm(null)}
        />
      );
    return (
      <DecisionBar
        detail={chosen > 0 ? null : shown}
        chosen={chosen}
        order={order}
        onDecide={onDecide}
        onEdit={() => onForm('edit')}
        onComment={() => onForm('comment')}
        onUndo={onUndo}
      />
    );
  };
  return (
    <ConflictDetailView
      detail={shown}
      order={order}
      writing={form === 'comment'}
      onWriting={(writing) => onForm(writing ? 'comment' : null)}
      onHistory={onHistory}
      refused={
        refused === null ? null : (
          <RefusedNote
            refused={refused}
            now={shown.row}
            order={order}
            onDismiss={() => onKeepTheirs(shown.row.id)}
            onAgain={() => onDecide(refused.decision)}
          />
        )
      }
      actions={actions()}
    />
  );
};
