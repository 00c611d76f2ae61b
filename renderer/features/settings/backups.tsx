import { useState } from 'react';
import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Progress } from '../../components/progress.tsx';
import { FailureNote, FailureView } from '../../components/state-view.tsx';
import { formatInstant } from '../../format/time.ts';
import '../../components/table.css';

type Backup = Output<'backups.list'>['items'][number];

const KIND_NAME: Readonly<Record<Backup['kind'], string>> = {
  scheduled: 'By itself',
  asked: 'By hand',
  before_update: 'Before an update',
};

const megabytes = (bytes: number): string => `${Math.max(1, Math.round(bytes / 1_000_000))} MB`;

const List = ({ items, onRestore }: { readonly items: readonly Backup[]; readonly onRestore: ((b: Backup) => void) | null }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (
    <table className="table">
      <caption className="visually-hidden">Backups, newest first</caption>
      <thead>
        <tr>
          <th scope="col">Taken</th>
          <th scope="col">How</th>
          <th scope="col">Size</th>
          {onRestore === null ? null : (
            <th scope="col">
              <span className="visually-hidden">Restore</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {items.map((backup) => (
          <tr key={backup.name}>
            <td>{formatInstant(backup.takenAt, dates)}</td>
            <td>{KIND_NAME[backup.kind]}</td>
            <td>{megabytes(backup.bytes)}</td>
            {onRestore === null ? null : (
              <td>
                <Button onPress={() => onRestore(backup)} label={`Restore the backup of ${formatInstant(backup.takenAt, dates)}`}>
                  Restore
                </Button>
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

/** Backups of the book: when the last ones were taken, one to take now, and a way back to one of them. */
export const Backups = ({ mayRestore }: { readonly mayRestore: boolean }) => {
  const { toasts, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const { data, failure, refetch } = useQuery('backups.list', {});
  const create = useCommand('backups.create');
  const restore = useCommand('backups.restore');
  const [chosen, setChosen] = useState<Backup | null>(null);
  const take = async (): Promise<void> => {
    const result = await create.run({});
    if (result.ok) toasts.show({ kind: 'good', text: 'A backup was taken and checked.' });
  };
  const goBack = async (): Promise<void> => {
    if (chosen === null) return;
    setChosen(null);
    const result = await restore.run({ name: chosen.name });
    if (result.ok)
      toasts.show({ kind: 'good', text: `The backup stands. The book of before is kept as ${result.value.setAside}.` });
  };
  return (
    <section className="settings__part" aria-labelledby="settings-backups">
      <h2 id="settings-backups">Backups</h2>
      {failure && data === undefined ? <FailureView failure={failure} onRetry={refetch} inline /> : null}
      {data === undefined ? null : (
        <>
          <p className="secondary">
            Clearway backs the book up every {data.everyHours} hours while it runs, and before each update. Sign-ins are not part
            of a backup.
          </p>
          {data.items.length === 0 ? (
            <p className="quiet">There is no backup yet.</p>
          ) : (
            <List items={data.items} onRestore={mayRestore ? setChosen : null} />
          )}
          <FailureNote failure={create.failure ?? restore.failure} />
          {mayRestore ? (
            <Button onPress={() => void take()} pending={create.running}>
              Back up now
            </Button>
          ) : (
            <p className="quiet">Only an admin can take or restore a backup.</p>
          )}
          {create.running ? <Progress label="Taking a backup" done={0} total={null} /> : null}
          {restore.running ? <Progress label="Restoring the backup" done={0} total={null} /> : null}
        </>
      )}
      <Confirm
        title="Restore this backup?"
        open={chosen !== null}
        verb="Restore"
        danger
        onConfirm={() => void goBack()}
        onCancel={() => setChosen(null)}
      >
        <p>
          The book goes back to {chosen === null ? '' : formatInstant(chosen.takenAt, dates)}. Decisions and edits made since then
          are no longer in it; what platforms say comes back with the next sync.
        </p>
        <p>The book of now is not deleted: it is set aside in the data folder.</p>
      </Confirm>
    </section>
  );
};
