import { useState } from 'react';
import { useStore } from 'zustand';
import type { Connection } from '../../../shared/contract/connections.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { PaneSection } from '../../components/split.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { formatInstant } from '../../format/time.ts';

const useInstant = (): ((instant: string) => string) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (instant) => formatInstant(instant, dates);
};

const NewSecret = ({ made }: { readonly made: Output<'webhooks.enable'> }) => {
  const instant = useInstant();
  return (
    <div role="status">
      <p>Enter this secret where the messages are sent. It is shown once and cannot be shown again.</p>
      <p>
        <code className="mono connection__secret">{made.secret}</code>
      </p>
      {made.previousUntil === null ? null : (
        <p className="secondary">The secret before it is taken until {instant(made.previousUntil)}.</p>
      )}
    </div>
  );
};

const Deliveries = ({ id }: { readonly id: string }) => {
  const instant = useInstant();
  const items = useQuery('webhooks.deliveries', { id, limit: 10 }).data?.items ?? [];
  return (
    <ul className="messages" aria-label="Last messages">
      {items.map((item) => (
        <li key={item.id} className="secondary">
          {instant(item.receivedAt)} · {item.kind === '' ? 'no type' : item.kind} · <span className="mono">{item.eventId}</span>
        </li>
      ))}
    </ul>
  );
};

/** Signed messages by which a platform, or a relay, says that there is something new: each starts a sync. */
export const WebhookPart = ({ connection: { id } }: { readonly connection: Connection }) => {
  const status = useQuery('webhooks.status', { id }).data;
  const host = useQuery('app.info', {}).data?.host;
  const enable = useCommand('webhooks.enable');
  const rotate = useCommand('webhooks.rotate');
  const disable = useCommand('webhooks.disable');
  const [made, setMade] = useState<Output<'webhooks.enable'> | null>(null);
  if (status === undefined) return null;
  const make = async (command: typeof enable | typeof rotate): Promise<void> => {
    const result = await command.run({ id });
    if (result.ok) setMade(result.value);
  };
  const stop = async (): Promise<void> => {
    if ((await disable.run({ id })).ok) setMade(null);
  };
  return (
    <PaneSection title="Messages that start a sync">
      <p className="secondary">
        {status.enabled
          ? `Messages signed by Standard Webhooks are taken at ${status.path}; ${status.deliveries} came in the last 30 days.`
          : 'Off. When on, a signed message makes Clearway ask the platform at once; nothing is taken from the message itself.'}
        {host === 'desktop' ? ' The desktop program takes none; they are for the headless host.' : ''}
      </p>
      {made === null ? null : <NewSecret made={made} />}
      {status.deliveries > 0 ? <Deliveries id={id} /> : null}
      <FailureNote failure={enable.failure ?? rotate.failure ?? disable.failure} />
      <p className="connection__actions">
        {status.enabled ? (
          <>
            <Button onPress={() => void make(rotate)} pending={rotate.running}>
              Make a new secret
            </Button>
            <Button onPress={() => void stop()} pending={disable.running}>
              Take no messages
            </Button>
          </>
        ) : (
          <Button onPress={() => void make(enable)} pending={enable.running}>
            Take messages
          </Button>
        )}
      </p>
    </PaneSection>
  );
};
