import { useState } from 'react';
import type { Connection } from '../../../shared/contract/connections.ts';
import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { PaneSection } from '../../components/split.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { CredentialFields, filled, type PlatformFacts, type Values } from './credential-fields.tsx';
import { ReadFields } from './read-fields.tsx';
import { isReadSetting } from './streams.ts';

/** What a connection reads, and the facts its platform’s documents leave open. `stored` are the settings as they stand. */
export const StoredSettings = ({
  connection,
  facts,
  stored,
}: {
  readonly connection: Connection;
  readonly facts: PlatformFacts;
  readonly stored: Values;
}) => {
  const { toasts } = useRuntime();
  const update = useCommand('connections.update');
  const [values, setValues] = useState(stored);
  const reach = facts.settings.filter((field) => !isReadSetting(field));
  const asText = (settings: Values): string =>
    JSON.stringify(Object.entries(filled(settings)).toSorted(([a], [b]) => a.localeCompare(b)));
  const save = async (): Promise<void> => {
    const result = await update.run({ id: connection.id, settings: filled(values) });
    if (result.ok)
      toasts.show({ kind: 'good', text: `The settings of ${connection.name} are saved. They count from the next read on.` });
  };
  return (
    <PaneSection title="What is read">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <ReadFields facts={facts} values={values} onChange={setValues} />
        {reach.length === 0 ? null : (
          <details className="more">
            <summary>Facts whose default can stay</summary>
            <div className="form">
              <CredentialFields fields={reach} values={values} onChange={setValues} />
            </div>
          </details>
        )}
        <FailureNote failure={update.failure} />
        <Button type="submit" pending={update.running} disabled={asText(values) === asText(stored)}>
          Save what is read
        </Button>
      </form>
    </PaneSection>
  );
};
