import { useState } from 'react';
import type { Connection } from '../../../shared/contract/connections.ts';
import { STRATEGIES, type Strategy } from '../../../shared/model/holding.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Select, TextField } from '../../components/field.tsx';
import { PaneSection } from '../../components/split.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { ReplaceSignIn } from './replace-sign-in.tsx';
import { SchedulePart } from './schedule-part.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { StoredSettings } from './stored-settings.tsx';
import { SwitchToBrowser } from './switch-to-browser.tsx';
import { STRATEGY_CHOICES, STRATEGY_HELP } from './treatment.ts';
import { WebhookPart } from './webhook-part.tsx';

const readRank = (text: string): number | null => (/^[1-9]\d?$|^100$/.test(text.trim()) ? Number(text.trim()) : null);

const Disconnect = ({ connection }: { readonly connection: Connection }) => {
  const { toasts } = useRuntime();
  const disconnect = useCommand('connections.disconnect');
  const [asking, setAsking] = useState(false);
  const confirm = async (): Promise<void> => {
    const result = await disconnect.run({ id: connection.id });
    setAsking(false);
    if (result.ok)
      toasts.show({ kind: 'good', text: `${connection.name} is disconnected. Its history stays. ${result.value.message}` });
  };
  return (
    <PaneSection title="Disconnect">
      <p className="secondary">
        Removes the credentials from this machine and stops syncing. What was synced, and every decision, stays.
      </p>
      <FailureNote failure={disconnect.failure} />
      <p className="connection__actions">
        <Button onPress={() => setAsking(true)}>Disconnect</Button>
      </p>
      <Confirm
        title={`Disconnect ${connection.name}`}
        open={asking}
        danger
        verb="Disconnect"
        pending={disconnect.running}
        onCancel={() => setAsking(false)}
        onConfirm={() => void confirm()}
      >
        <p>
          The credentials are deleted and cannot be brought back; to sync again, somebody has to enter them anew. History,
          positions and decisions stay.
        </p>
      </Confirm>
    </PaneSection>
  );
};

/** Name, trust, schedule and settings of a connection; replacing its credentials; disconnecting it. */
export const ConnectionSettings = ({ connection }: { readonly connection: Connection }) => {
  const { toasts } = useRuntime();
  const mayEdit = useMay('admin');
  const update = useCommand('connections.update');
  const facts = useQuery('connections.platforms', {}).data?.items.find((item) => item.platform === connection.platform);
  const health = useQuery('connections.health', { id: connection.id }).data;
  const [name, setName] = useState(connection.name);
  const [strategy, setStrategy] = useState<Strategy>(connection.strategy);
  const [rank, setRank] = useState(String(connection.survivorshipRank));
  const rankValue = readRank(rank);
  const changed = name !== connection.name || strategy !== connection.strategy || rankValue !== connection.survivorshipRank;
  const save = async (): Promise<void> => {
    if (rankValue === null) return;
    const result = await update.run({
      id: connection.id,
      name: name.trim(),
      strategy,
      survivorshipRank: rankValue,
    });
    if (result.ok) toasts.show({ kind: 'good', text: `${result.value.name} saved.` });
  };
  return (
    <>
      <PaneSection title="How it is treated">
        {mayEdit ? null : <p className="secondary">Only an admin can change these.</p>}
        <div className="form">
          <TextField
            label="Name"
            value={name}
            onChange={setName}
            required
            disabled={!mayEdit}
            error={name.trim() === '' ? 'Give it a name.' : undefined}
          />
          <Select
            label="When Clearway and this platform differ"
            value={strategy}
            disabled={!mayEdit}
            options={STRATEGY_CHOICES}
            help={STRATEGY_HELP}
            onChange={(value) => setStrategy(STRATEGIES.find((known) => known === value) ?? strategy)}
          />
          <TextField
            label="Rank"
            value={rank}
            onChange={setRank}
            required
            disabled={!mayEdit}
            inputMode="numeric"
            help="1 is trusted most when sources disagree on the same date."
            error={rankValue === null ? 'Write a whole number from 1 to 100.' : undefined}
          />
          <FailureNote failure={update.failure} />
          {mayEdit ? (
            <Button
              look="primary"
              onPress={() => void save()}
              pending={update.running}
              disabled={!changed || rankValue === null || name.trim() === ''}
            >
              Save
            </Button>
          ) : null}
        </div>
      </PaneSection>
      {health === undefined || connection.platform === 'custodian_file' || connection.status === 'disconnected' ? null : (
        <SchedulePart connection={connection} stored={health.timetable} mayEdit={mayEdit} />
      )}
      {mayEdit && connection.status !== 'disconnected' ? (
        <>
          {facts === undefined || health === undefined ? null : (
            <StoredSettings connection={connection} facts={facts} stored={health.settings} />
          )}
          {connection.signIn === 'browser' && connection.status === 'active' ? (
            <PaneSection title="Sign-in">
              <p className="secondary">Signed in with the browser. The tokens are stored encrypted and renewed as needed.</p>
              <SignInAgain connection={connection} />
            </PaneSection>
          ) : null}
          {facts === undefined ? null : <ReplaceSignIn connection={connection} facts={facts} />}
          {connection.signIn === 'key' ? <SwitchToBrowser connection={connection} /> : null}
          {connection.platform === 'custodian_file' ? null : <WebhookPart connection={connection} />}
          <Disconnect connection={connection} />
        </>
      ) : null}
    </>
  );
};
