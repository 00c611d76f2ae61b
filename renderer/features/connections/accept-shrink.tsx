import { Confirm } from '../../components/dialog.tsx';
import { useSync } from './use-sync.ts';

/** Asks before a sync takes it that the positions a source no longer lists are gone there. */
export const AcceptShrink = ({
  connection,
  error,
  open,
  onClose,
}: {
  readonly connection: { readonly id: string; readonly name: string };
  /** What the sync that stopped said. */
  readonly error: string | null;
  readonly open: boolean;
  readonly onClose: () => void;
}) => {
  const { syncOne } = useSync();
  return (
    <Confirm
      title="Accept that these positions are gone"
      open={open}
      danger
      verb="Sync again and remove them"
      onCancel={onClose}
      onConfirm={() => {
        onClose();
        syncOne(connection, true);
      }}
    >
      <p>{error}</p>
      <p>
        Syncing again with your consent marks the positions this source no longer reports as gone there. Clearway’s own values
        stay; each difference becomes a conflict for a person.
      </p>
    </Confirm>
  );
};
