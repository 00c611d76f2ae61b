import { TriangleAlert } from 'lucide-react';
import type { ConflictRow } from '../../../shared/contract/conflicts.ts';
import { Button } from '../../components/button.tsx';
import { CONFLICT_STATUS_NAME, STRATEGY_NAME } from '../../format/words.ts';
import { ConflictValue } from './conflict-value.tsx';
import type { Refused } from './conflict-session.ts';
import { decisionLabel, isUndecided, valueWords, type SourceKey } from './decision.ts';

interface Line {
  readonly name: string;
  readonly seen: string | null;
  readonly now: string | null;
}

/** What differs between the conflict as it was seen and as it is now. */
const changedLines = (seen: ConflictRow, now: ConflictRow, order: readonly SourceKey[]): readonly Line[] => {
  const said = (row: ConflictRow, id: string): string | null =>
    row.sources.find((source) => source.connectionId === id)?.value ?? null;
  const lines = [
    { name: 'Clearway', seen: seen.clearway, now: now.clearway },
    ...order.map(({ connectionId, name }) => ({ name, seen: said(seen, connectionId), now: said(now, connectionId) })),
  ];
  return lines.filter((line) => line.seen !== line.now);
};

/** A decision that was not written because the conflict had changed: theirs and yours beside each other. */
export const RefusedNote = ({
  refused,
  now,
  order,
  onDismiss,
  onAgain,
}: {
  readonly refused: Refused;
  readonly now: ConflictRow;
  readonly order: readonly SourceKey[];
  readonly onDismiss: () => void;
  readonly onAgain: () => void;
}) => {
  const lines = changedLines(refused.seen, now, order);
  const open = isUndecided(now);
  return (
    <div className="refused" role="alert">
      <p className="refused__title">
        <TriangleAlert size={14} aria-hidden />
        This changed while you were looking at it. Nothing was written.
      </p>
      {lines.length === 0 && refused.seen.status === now.status ? null : (
        <table className="refused__table">
          <thead>
            <tr>
              <td aria-hidden="true"> </td>
              <th scope="col">You saw</th>
              <th scope="col">Now</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.name}>
                <th scope="row">{line.name}</th>
                <td className="num">
                  <ConflictValue field={now.field} value={line.seen} />
                </td>
                <td className="num">
                  <ConflictValue field={now.field} value={line.now} against={line.seen} />
                </td>
              </tr>
            ))}
            {refused.seen.status === now.status ? null : (
              <tr>
                <th scope="row">Status</th>
                <td>{CONFLICT_STATUS_NAME[refused.seen.status]}</td>
                <td>{CONFLICT_STATUS_NAME[now.status]}</td>
              </tr>
            )}
          </tbody>
        </table>
      )}
      <dl className="refused__sides">
        <dt>Theirs</dt>
        <dd>
          {now.settledBy === null
            ? 'Another person or a sync changed it; it is not decided.'
            : `${now.settledBy} settled it on ${valueWords(now.settledValue, now.field)}${now.strategy === null ? '' : `: ${STRATEGY_NAME[now.strategy].toLowerCase()}`}.`}
        </dd>
        <dt>Yours</dt>
        <dd>{decisionLabel(refused.decision, order)}</dd>
      </dl>
      <div className="refused__foot">
        <Button onPress={onDismiss}>{open ? 'Look again' : 'Keep theirs'}</Button>
        {open ? (
          <Button look="primary" onPress={onAgain}>
            {`${decisionLabel(refused.decision, order)} on what is there now`}
          </Button>
        ) : null}
      </div>
    </div>
  );
};
