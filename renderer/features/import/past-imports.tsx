import { FileClock, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import type { Failure } from '../../api/failure.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { FailureNote, FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { counted, formatCount } from '../../format/amount.ts';
import { exactInstant, formatDate, formatInstant } from '../../format/time.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';

type Item = Output<'imports.list'>['items'][number];

const isObstacle = (value: unknown): value is { reason: string; count: number } =>
  typeof value === 'object' &&
  value !== null &&
  'reason' in value &&
  typeof value.reason === 'string' &&
  'count' in value &&
  typeof value.count === 'number';

/** What stands in the way of a roll-back, where the program says so item by item. */
const obstaclesOf = (failure: Failure): readonly { reason: string; count: number }[] => {
  const { blocked } = failure.details;
  return Array.isArray(blocked) ? blocked.filter(isObstacle) : [];
};

const Obstacles = ({ failure }: { readonly failure: Failure }) => {
  const obstacles = obstaclesOf(failure);
  return (
    <div className="obstacles">
      {failure.code === 'later_decisions' && obstacles.length > 0 ? (
        <>
          <p>It can only be taken back as a whole, and parts of it were changed since. Nothing was taken back.</p>
          <ul className="excluded">
            {obstacles.map((obstacle) => (
              <li key={obstacle.reason}>
                <span>{obstacle.reason}</span>
                <span className="num">{formatCount(obstacle.count)}</span>
              </li>
            ))}
          </ul>
          <p>
            <Link to={gridLink('/conflicts')}>Undo the later decisions in the history of conflicts</Link>, then roll it back.
          </p>
        </>
      ) : (
        <FailureNote failure={failure} />
      )}
    </div>
  );
};

const RollBack = ({ item, onClose }: { readonly item: Item; readonly onClose: () => void }) => {
  const { toasts, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const rollback = useCommand('imports.rollback');
  const run = async (): Promise<void> => {
    const result = await rollback.run({ id: item.id });
    if (!result.ok) return;
    const { removed, restored } = result.value;
    toasts.show({
      kind: 'good',
      text: `${item.fileName} is rolled back: ${counted(removed, 'record')} removed, ${counted(restored, 'position')} as before.`,
    });
    onClose();
  };
  return (
    <Confirm
      title={`Roll back ${item.fileName}?`}
      open
      verb="Roll back"
      danger
      onConfirm={() => void run()}
      onCancel={onClose}
      pending={rollback.running}
    >
      <p>
        Takes back everything this file brought on {formatInstant(item.at, dates)}: {counted(item.rows, 'row')} of {item.accounts}
        , as of {formatDate(item.asOf, dates)}. Positions it added leave the book, and values it changed go back to what they were
        before.
      </p>
      <p>
        If later decisions or syncs rest on it, nothing is taken back and you see which. The file itself stays in the records.
      </p>
      {rollback.failure === null ? null : <Obstacles failure={rollback.failure} />}
    </Confirm>
  );
};

const ImportRow = ({
  item,
  may,
  onRollBack,
}: {
  readonly item: Item;
  readonly may: boolean;
  readonly onRollBack: () => void;
}) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (
    <tr>
      <td>{item.fileName}</td>
      <td>{item.institution}</td>
      <td>{item.accounts}</td>
      <td>{formatDate(item.asOf, dates)}</td>
      <td className="num">{formatCount(item.rows)}</td>
      <td className="num">
        {item.rejected === 0 ? (
          <span className="quiet">–</span>
        ) : (
          <span className="badge badge--bad">{formatCount(item.rejected)}</span>
        )}
      </td>
      <td title={exactInstant(item.at)}>
        {formatInstant(item.at, dates)}, <span className="quiet">{item.by}</span>
      </td>
      <td className="past__act">
        {item.rolledBack ? (
          <Badge tone="wait" icon={<Undo2 size={14} aria-hidden />}>
            Rolled back
          </Badge>
        ) : may ? (
          <Button look="quiet" label={`Roll back ${item.fileName}`} onPress={onRollBack}>
            Roll back
          </Button>
        ) : null}
      </td>
    </tr>
  );
};

/** Every file that was imported, newest first, each with its way back. */
export const PastImports = ({ may }: { readonly may: boolean }) => {
  const query = useQuery('imports.list', {});
  const [asked, setAsked] = useState<Item | null>(null);
  const slow = useSlow(query.data === undefined && query.failure === null);
  if (query.data === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} />;
    return slow ? (
      <div className="pane__section">
        <Skeleton lines={6} />
      </div>
    ) : null;
  }
  const { items } = query.data;
  if (items.length === 0) {
    return (
      <StateView icon={<FileClock size={20} aria-hidden />} title="No file has been imported yet">
        A custodian’s statement becomes a source beside the platforms: its positions are compared, and what differs stands under
        Conflicts. Every import can be rolled back as a whole.
      </StateView>
    );
  }
  return (
    <>
      <h2 className="past__title">Imported files</h2>
      <table className="table">
        <caption className="visually-hidden">Imported files, newest first</caption>
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Institution</th>
            <th scope="col">Accounts</th>
            <th scope="col">As of</th>
            <th scope="col" className="num">
              Rows
            </th>
            <th scope="col" className="num">
              Rejected
            </th>
            <th scope="col">Imported</th>
            <th scope="col">
              <span className="visually-hidden">Roll back</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <ImportRow key={item.id} item={item} may={may} onRollBack={() => setAsked(item)} />
          ))}
        </tbody>
      </table>
      {asked === null ? null : <RollBack item={asked} onClose={() => setAsked(null)} />}
    </>
  );
};
