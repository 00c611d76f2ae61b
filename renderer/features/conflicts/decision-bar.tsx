import { MessageSquarePlus, Pencil, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { useRuntime } from '../../app/runtime.tsx';
import { counted } from '../../format/amount.ts';
import {
  ACCEPT_CLEARWAY,
  MERGE,
  outcomeOf,
  PUT_ASIDE,
  TAKE_LATEST,
  type ConflictDetail,
  type Decision,
  type SourceKey,
} from './decision.ts';
import { ConflictValue } from './conflict-value.tsx';

interface ChoiceProps {
  readonly keys: string;
  readonly label: string;
  readonly onPress: () => void;
  readonly tone?: 'clearway' | 'platform' | 'plain';
  readonly icon?: ReactNode;
  /** What it would write, or why it cannot. */
  readonly children?: ReactNode;
  readonly impossible?: string | null;
}

const Choice = ({ keys, label, onPress, tone = 'plain', icon, children, impossible = null }: ChoiceProps) => {
  const { keyboard } = useRuntime();
  return (
    <button
      type="button"
      className={`choice choice--${tone}`}
      aria-disabled={impossible !== null}
      title={impossible ?? undefined}
      onClick={onPress}
    >
      <span className="choice__head">
        {icon}
        <span className="choice__label truncate">{label}</span>
        <span className="choice__keys" aria-hidden>
          {keyboard.readable(keys).map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      </span>
      <span className="choice__outcome">{impossible ?? children}</span>
    </button>
  );
};

export interface DecisionBarProps {
  /** Null while several are chosen: then the buttons ask for a preview. */
  readonly detail: ConflictDetail | null;
  /** How many the buttons are about. */
  readonly chosen: number;
  readonly order: readonly SourceKey[];
  readonly onDecide: (decision: Decision) => void;
  /** Absent while several are chosen. */
  readonly onEdit?: () => void;
  readonly onComment?: () => void;
  readonly onUndo: () => void;
}

/** Every decision as a button with its key and, for one conflict, with the value it would write. */
export const DecisionBar = ({ detail, chosen, order, onDecide, onEdit, onComment, onUndo }: DecisionBarProps) => {
  const choice = (decision: Decision, keys: string | null, label: string, tone: ChoiceProps['tone'] = 'plain') => {
    const outcome = detail === null ? null : outcomeOf(decision, detail, order);
    return (
      <Choice
        key={`${decision.strategy} ${decision.connectionId ?? ''}`}
        keys={keys ?? ''}
        label={label}
        tone={tone}
        onPress={() => onDecide(decision)}
        {...(outcome === null ? {} : { impossible: outcome.reason })}
      >
        {outcome === null || outcome.value === null || detail === null ? null : (
          <>
            <ConflictValue
              field={detail.row.field}
              value={outcome.value}
              against={tone === 'clearway' ? null : detail.row.clearway}
            />
            {tone === 'clearway' ? <span className="quiet"> stays</span> : null}
          </>
        )}
      </Choice>
    );
  };
  const here = detail === null ? null : new Set(detail.fields[0]?.sources.map((source) => source.connectionId));
  const shown = order.filter((source) => here === null || here.has(source.connectionId));
  return (
    <div className="decide" role="group" aria-label={detail === null ? `Decide ${counted(chosen, 'conflict')}` : 'Decide'}>
      {detail === null ? (
        <p className="decide__many">
          <strong>{counted(chosen, 'conflict')} selected.</strong> A decision shows first what it would do.
        </p>
      ) : null}
      <div className="decide__grid" data-four={shown.length === 1}>
        {choice(ACCEPT_CLEARWAY.decision, ACCEPT_CLEARWAY.keys, ACCEPT_CLEARWAY.label, 'clearway')}
        {shown.map((source) =>
          choice(
            { strategy: 'PLATFORM_WINS', connectionId: source.connectionId },
            source.key,
            `Accept ${source.name}`,
            'platform',
          ),
        )}
        {choice(MERGE.decision, MERGE.keys, MERGE.label)}
        {choice(TAKE_LATEST.decision, TAKE_LATEST.keys, TAKE_LATEST.label)}
      </div>
      <div className="decide__rest">
        {onEdit === undefined || detail === null ? null : (
          <Choice keys="e" label="Edit" onPress={onEdit} icon={<Pencil size={12} aria-hidden />} />
        )}
        <Choice keys={PUT_ASIDE.keys} label="Later" onPress={() => onDecide(PUT_ASIDE.decision)} />
        {onComment === undefined || detail === null ? null : (
          <Choice keys="c" label="Comment" onPress={onComment} icon={<MessageSquarePlus size={12} aria-hidden />} />
        )}
        <Choice keys="mod+z" label="Undo" onPress={onUndo} icon={<Undo2 size={12} aria-hidden />} />
      </div>
    </div>
  );
};
