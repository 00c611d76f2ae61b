import { useState } from 'react';
import type { Connection } from '../../../shared/contract/connections.ts';
import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { PaneSection } from '../../components/split.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { CredentialFields, missing, type PlatformFacts, type Values } from './credential-fields.tsx';

const storedAs = ({ hasSecret, secretHint }: Connection): string => {
  if (!hasSecret) return 'None stored.';
  return `Stored${secretHint === null ? '' : `, ending in ${secretHint.replace('…', '')}`}. They cannot be shown, only replaced.`;
};

/** Address and credentials of a connection; another host takes the credentials anew, so that they are not sent there unseen. */
export const ReplaceSignIn = ({ connection, facts }: { readonly connection: Connection; readonly facts: PlatformFacts }) => {
  const { toasts } = useRuntime();
  const update = useCommand('connections.update');
  const [baseUrl, setBaseUrl] = useState(connection.baseUrl);
  const [values, setValues] = useState<Values>({});
  const entered = Object.values(values).some((value) => value.trim() !== '');
  const moved = baseUrl.trim() !== connection.baseUrl;
  const complete = missing(facts.credentials, values).length === 0;
  const save = async (): Promise<void> => {
    const result = await update.run({
      id: connection.id,
      ...(moved ? { baseUrl: baseUrl.trim() } : {}),
      ...(entered ? { credentials: { ...values } } : {}),
    });
    if (!result.ok) return;
    setValues({});
    toasts.show({
      kind: 'good',
      text: entered ? `The credentials of ${connection.name} were replaced.` : `The address of ${connection.name} was changed.`,
    });
  };
  return (
    <PaneSection title="Address and credentials">
      <p className="secondary">{storedAs(connection)}</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <TextField
          label="Address"
          value={baseUrl}
          onChange={setBaseUrl}
          required
          mono
          inputMode="url"
          error={URL.canParse(baseUrl) ? undefined : 'Write an address that begins with https://.'}
          help="Another host asks for the credentials again."
        />
        <CredentialFields fields={facts.credentials} values={values} onChange={setValues} />
        <FailureNote failure={update.failure} />
        <Button type="submit" pending={update.running} disabled={!URL.canParse(baseUrl) || (entered ? !complete : !moved)}>
          {entered ? 'Replace credentials' : 'Save address'}
        </Button>
      </form>
    </PaneSection>
  );
};
