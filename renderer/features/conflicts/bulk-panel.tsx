import { ArrowRight, CircleSlash } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { sub } from '../../../shared/model/decimal.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { Progress } from '../../components/progress.tsx';
import { PaneHead, PaneSection } from '../../components/split.tsx';
import { FailureNote, Skeleton, useSlow } from '../../components/state-view.tsx';
import { counted, formatCount, MONEY } from '../../format/amount.ts';
import { FIELD_NAME } from '../../format/words.ts';
import { ConflictValue } from './conflict-value.tsx';
import { decisionKeys, decisionLabel, sameDecision, type Decision, type SourceKey } from './decision.ts';
import type { Bulk } from './use-bulk.ts';

type Preview = Output<'conflicts.preview'>;

const Totals = ({ preview }: { readonly preview: Preview }) => (
  <PaneSection title="Market value of these positions">
    <table className="table table--pane">
      <thead>
        <tr>
          <th scope="col">Currency</th>
          <th scope="col" className="num">
            Before
          </th>
          <th scope="col" className="num">
            After
          </th>
          <th scope="col" className="num">
            Change
          </th>
        </tr>
      </thead>
      <tbody>
        {preview.totals.map((total) => (
          <tr key={total.currency}>
            <th scope="row">{total.currency}</th>
            <td className="num">
              <Amount value={total.marketValueBefore} />
            </td>
            <td className="num">
              <Amount value={total.marketValueAfter} />
            </td>
            <td className="num">
              <Amount value={sub(total.marketValueAfter, total.marketValueBefore)} signed />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </PaneSection>
);

const Accounts = ({ preview }: { readonly preview: Preview }) => (
  <PaneSection title="Accounts" aside={<span className="secondary quiet">{counted(preview.accountsTotal, 'account')}</span>}>
    <table className="table table--pane">
      <thead>
        <tr>
          <th scope="col">Account</th>
          <th scope="col" className="num">
            Conflicts
          </th>
          <th scope="col" className="num">
            Change
          </th>
        </tr>
      </thead>
      <tbody>
        {preview.accounts.map((entry) => (
          <tr key={`${entry.account} ${entry.currency}`}>
            <td>{entry.account}</td>
            <td className="num">{formatCount(entry.count)}</td>
            <td className="num">
              <Amount value={entry.change} signed currency={entry.currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
    {preview.accountsTotal > preview.accounts.length ? (
      <p className="secondary quiet">
        and {counted(preview.accountsTotal - preview.accounts.length, 'more account', 'more accounts')}, each with a smaller
        change
      </p>
    ) : null}
  </PaneSection>
);

const Largest = ({ preview }: { readonly preview: Preview }) => (
  <PaneSection title={preview.largest.length === 10 ? 'The ten largest changes' : 'Largest changes'}>
    <table className="table table--pane bulk__largest">
      <thead>
        <tr>
          <th scope="col">Security and account</th>
          <th scope="col">Field</th>
          <th scope="col" className="num">
            Before
          </th>
          <th scope="col" className="num">
            After
          </th>
          <th scope="col" className="num">
            Worth
          </th>
        </tr>
      </thead>
      <tbody>
        {preview.largest.map((entry) => (
          <tr key={entry.conflictId}>
            <td>
              {entry.security}
              <span className="said">{entry.account}</span>
            </td>
            <td>{FIELD_NAME[entry.field]}</td>
            <td className="num">
              <ConflictValue field={entry.field} value={entry.before} />
            </td>
            <td className="num">
              <ConflictValue field={entry.field} value={entry.after} against={entry.before} />
            </td>
            <td className="num">
              <Amount value={entry.impact} scale={MONEY} signed />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  </PaneSection>
);

const Excluded = ({ preview }: { readonly preview: Preview }) => {
  const count = preview.excluded.reduce((sum, entry) => sum + entry.count, 0);
  if (count === 0) return null;
  return (
    <PaneSection title={`Left as they are: ${formatCount(count)}`}>
      <ul className="excluded">
        {preview.excluded.map((entry) => (
          <li key={entry.reason}>
            <CircleSlash size={14} aria-hidden />
            <span>{entry.reason.replace(/\.$/, '')}</span>
            <span className="num">{formatCount(entry.count)}</span>
          </li>
        ))}
      </ul>
    </PaneSection>
  );
};

const Decisions = ({
  order,
  decision,
  onChoose,
}: {
  readonly order: readonly SourceKey[];
  readonly decision: Decision;
  readonly onChoose: (decision: Decision) => void;
}) => (
  <div className="bulk__decisions" role="group" aria-label="Decision">
    {decisionKeys(order).map((entry) => (
      <button
        key={entry.keys}
        type="button"
        className="bulk__decision"
        aria-pressed={sameDecision(entry.decision, decision)}
        onClick={() => onChoose(entry.decision)}
      >
        {entry.label} <kbd aria-hidden>{entry.keys.toUpperCase()}</kbd>
      </button>
    ))}
  </div>
);

/** What one decision would do to everything chosen. Enter applies, Escape goes back, another key of a decision shows that one. */
export const BulkPanel = ({
  bulk,
  order,
  onApplied,
  commentRef,
}: {
  readonly bulk: Bulk;
  readonly order: readonly SourceKey[];
  readonly onApplied: () => void;
  readonly commentRef: { current: (() => void) | null };
}) => {
  const { state, applying } = bulk;
  const [comment, setComment] = useState('');
  const panel = useRef<HTMLDivElement>(null);
  const preview = state?.preview ?? null;
  const slow = useSlow(preview === null && state?.failure === null);
  useEffect(() => panel.current?.focus(), []);
  useEffect(() => {
    commentRef.current = () => panel.current?.querySelector<HTMLElement>('textarea')?.focus();
    return () => {
      commentRef.current = null;
    };
  }, [commentRef]);
  if (state === null) return null;

  const aside = state.decision.strategy === 'MANUAL_REVIEW' && state.decision.value === undefined;
  const settles = preview?.settles ?? 0;
  const verb = aside ? `Put ${formatCount(settles)} aside` : `Resolve ${formatCount(settles)}`;
  const apply = (): void => void bulk.apply(comment.trim()).then((done) => (done ? onApplied() : undefined));
  const onKeyDown = (event: KeyboardEvent): void => {
    const { target } = event;
    const writing = target instanceof HTMLTextAreaElement;
    if (event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      if (writing) panel.current?.focus();
      else bulk.close();
    }
    if (
      event.key === 'Enter' &&
      !event.repeat &&
      (!writing || event.ctrlKey || event.metaKey) &&
      !(target instanceof HTMLButtonElement)
    ) {
      event.preventDefault();
      apply();
    }
  };
  return (
    <div className="conflict bulk" ref={panel} tabIndex={-1} onKeyDown={onKeyDown} role="group" aria-label="Preview">
      <PaneHead
        title={`${decisionLabel(state.decision, order)}: ${preview === null ? 'working out what it does' : counted(settles, 'conflict')}`}
      >
        {preview === null ? null : (
          <p className="secondary">
            {formatCount(preview.selected)} selected, {formatCount(settles)} {aside ? 'put aside' : 'settled'}
            {preview.selected > settles ? `, ${formatCount(preview.selected - settles)} left as they are` : ''}. Nothing is
            written yet.
          </p>
        )}
      </PaneHead>
      <div className="conflict__body">
        <div className="pane__section">
          <Decisions order={order} decision={state.decision} onChoose={(decision) => bulk.open(state.selection, decision)} />
        </div>
        {state.failure === null ? null : (
          <div className="pane__section">
            <FailureNote failure={state.failure} />
          </div>
        )}
        {preview === null && slow ? (
          <div className="pane__section">
            <Skeleton lines={10} />
          </div>
        ) : null}
        {preview === null ? null : (
          <>
            <Excluded preview={preview} />
            {aside || settles === 0 ? null : <Totals preview={preview} />}
            {settles === 0 ? null : <Accounts preview={preview} />}
            {settles === 0 ? null : <Largest preview={preview} />}
          </>
        )}
      </div>
      <footer className="conflict__foot bulk__foot">
        <TextField label="Comment on all of them" value={comment} onChange={setComment} lines={2} />
        <div className="bulk__actions">
          {applying ? <Progress label="Applying" done={0} total={null} /> : null}
          <Button onPress={bulk.close} disabled={applying}>
            Back <kbd aria-hidden>Esc</kbd>
          </Button>
          <Button
            look="primary"
            onPress={apply}
            pending={applying}
            disabled={preview === null || settles === 0}
            icon={<ArrowRight size={14} aria-hidden />}
          >
            {verb} <kbd aria-hidden>↵</kbd>
          </Button>
        </div>
      </footer>
    </div>
  );
};
