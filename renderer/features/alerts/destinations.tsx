import { useState } from 'react';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { Button } from '../../components/button.tsx';
import { FailureNote, FailureView } from '../../components/state-view.tsx';
import { DestinationCard } from './destination-card.tsx';
import { DestinationForm, type DestinationDraft } from './destination-form.tsx';
import { NewSecret } from './new-secret.tsx';

/** Where signed messages about alerts are sent: the list, and a form that adds one. */
export const Destinations = () => {
  const list = useQuery('alertDestinations.list', {});
  const add = useCommand('alertDestinations.add');
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const save = async (draft: DestinationDraft): Promise<void> => {
    const result = await add.run(draft);
    if (!result.ok) return;
    setSecret(result.value.secret);
    setAdding(false);
  };
  return (
    <div className="destinations">
      <h3>Webhooks</h3>
      <p className="secondary">
        Messages are signed by Standard Webhooks and sent again until they arrive, for three days at most, each with its own id.
      </p>
      {list.failure && list.data === undefined ? <FailureView failure={list.failure} onRetry={list.refetch} inline /> : null}
      {(list.data?.items ?? []).map((destination) => (
        <DestinationCard key={destination.id} destination={destination} />
      ))}
      {secret === null ? null : <NewSecret secret={secret} />}
      {adding ? (
        <DestinationForm
          verb="Add the webhook"
          start={{ name: '', url: '', allowPrivate: false }}
          pending={add.running}
          onSave={(draft) => void save(draft)}
          onCancel={() => setAdding(false)}
        />
      ) : (
        <p>
          <Button
            onPress={() => {
              add.reset();
              setSecret(null);
              setAdding(true);
            }}
          >
            Add a webhook
          </Button>
        </p>
      )}
      <FailureNote failure={add.failure} />
    </div>
  );
};
