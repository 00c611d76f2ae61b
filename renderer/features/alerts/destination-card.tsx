import { CheckCircle2, CircleDashed, XCircle } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { AlertDestination } from '../../../shared/contract/alert-destinations.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { counted } from '../../format/amount.ts';
import { formatInstant } from '../../format/time.ts';
import { DestinationForm, type DestinationDraft } from './destination-form.tsx';
import { NewSecret } from './new-secret.tsx';

const STATUS: Readonly<Record<AlertDestination['status'], readonly [tone: Tone, icon: ReactNode, name: string]>> = {
  on: ['good', <CheckCircle2 key="on" size={14} aria-hidden />, 'On'],
  off: ['plain', <CircleDashed key="off" size={14} aria-hidden />, 'Off'],
  failed: ['bad', <XCircle key="failed" size={14} aria-hidden />, 'Switched off after failures'],
};

const useInstant = (): ((instant: string) => string) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (instant) => formatInstant(instant, dates);
};

const Standing = ({ destination }: { readonly destination: AlertDestination }) => {
  const instant = useInstant();
  const { failingSince, lastDeliveredAt, waiting } = destination;
  const facts = [
    lastDeliveredAt === null ? 'Nothing delivered yet' : `Last delivered ${instant(lastDeliveredAt)}`,
    ...(failingSince === null ? [] : [`nothing arrived since ${instant(failingSince)}`]),
    ...(waiting === 0 ? [] : [`${counted(waiting, 'message')} waiting`]),
  ];
  return <p className="secondary">{facts.join('; ')}.</p>;
};

const DELIVERY_NAME = { waiting: 'Waiting', delivered: 'Delivered', given_up: 'Given up' } as const;

const Deliveries = ({ id }: { readonly id: string }) => {
  const instant = useInstant();
  const items = useQuery('alertDestinations.deliveries', { id, limit: 5 }).data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <ul className="destination__messages" aria-label="Last messages">
      {items.map((item) => (
        <li key={item.id} className="secondary">
          {instant(item.madeAt)} · {item.type} · {DELIVERY_NAME[item.status]}
          {item.attempts > 1 ? ` after ${item.attempts} attempts` : ''}
          {item.nextAttemptAt === null || item.attempts === 0 ? '' : `, next attempt ${instant(item.nextAttemptAt)}`}
          {item.status === 'delivered' || item.answer === null ? '' : ` · ${item.answer}`}
        </li>
      ))}
    </ul>
  );
};

const TestResult = ({ result }: { readonly result: Output<'alertDestinations.test'> }) => (
  <div role="status" className="destination__answer">
    <Badge
      tone={result.ok ? 'good' : 'bad'}
      icon={result.ok ? <CheckCircle2 size={14} aria-hidden /> : <XCircle size={14} aria-hidden />}
    >
      {result.message}
    </Badge>
    <span className="secondary"> {result.milliseconds} ms</span>
    {result.answer === '' ? null : <code className="mono destination__text">{result.answer}</code>}
  </div>
);

/** One webhook: whether it works, what was sent last, and what can be done with it. */
export const DestinationCard = ({ destination }: { readonly destination: AlertDestination }) => {
  const { id, name, url, allowPrivate, status } = destination;
  const update = useCommand('alertDestinations.update');
  const rotate = useCommand('alertDestinations.rotate');
  const remove = useCommand('alertDestinations.remove');
  const test = useCommand('alertDestinations.test');
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const [result, setResult] = useState<Output<'alertDestinations.test'> | null>(null);
  const [tone, icon, words] = STATUS[status];
  const change = async (draft: DestinationDraft, to: 'on' | 'off'): Promise<void> => {
    if ((await update.run({ id, ...draft, status: to })).ok) setEditing(false);
  };
  const tryIt = async (): Promise<void> => {
    setResult(null);
    const answered = await test.run({ id });
    if (answered.ok) setResult(answered.value);
  };
  const renew = async (): Promise<void> => {
    const answered = await rotate.run({ id });
    if (answered.ok) setSecret(answered.value.secret);
  };
  return (
    <article className="destination" aria-label={name}>
      <header className="destination__head">
        <h4>{name}</h4>
        <Badge tone={tone} icon={icon}>
          {words}
        </Badge>
      </header>
      <p className="mono destination__url">{url}</p>
      <Standing destination={destination} />
      <Deliveries id={id} />
      {result === null ? null : <TestResult result={result} />}
      {secret === null ? null : <NewSecret secret={secret} />}
      <FailureNote failure={update.failure ?? rotate.failure ?? remove.failure ?? test.failure} />
      {editing ? (
        <DestinationForm
          verb="Save the webhook"
          start={{ name, url, allowPrivate }}
          pending={update.running}
          onSave={(draft) => void change(draft, status === 'off' ? 'off' : 'on')}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <p className="destination__actions">
          <Button onPress={() => void tryIt()} pending={test.running} label={`Send a test message to ${name}`}>
            Send a test message
          </Button>
          <Button
            onPress={() => void change({ name, url, allowPrivate }, status === 'on' ? 'off' : 'on')}
            pending={update.running}
            label={status === 'on' ? `Switch off ${name}` : `Switch on ${name}`}
          >
            {status === 'on' ? 'Switch off' : 'Switch on'}
          </Button>
          <Button onPress={() => setEditing(true)} label={`Change ${name}`}>
            Change
          </Button>
          <Button onPress={() => void renew()} pending={rotate.running} label={`Make a new secret for ${name}`}>
            New secret
          </Button>
          <Button onPress={() => setRemoving(true)} label={`Remove ${name}`}>
            Remove
          </Button>
        </p>
      )}
      <Confirm
        title={`Remove ${name}`}
        open={removing}
        verb="Remove the webhook"
        danger
        pending={remove.running}
        onCancel={() => setRemoving(false)}
        onConfirm={() => void remove.run({ id })}
      >
        Nothing more is sent to {url}, and its secret is forgotten. {waitingWords(destination.waiting)}
      </Confirm>
    </article>
  );
};

const waitingWords = (waiting: number): string =>
  waiting === 0
    ? 'Nothing is waiting for it.'
    : `${counted(waiting, 'message')} that ${waiting === 1 ? 'waits' : 'wait'} for it will not be sent.`;
