import { useCallback, useState } from 'react';
import type { Connection } from '../../../shared/contract/connections.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { PaneSection } from '../../components/split.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { BrowserSignIn } from './browser-sign-in.tsx';

type Values = Readonly<Record<string, string>>;
const filled = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));

/** Lets a connection that signs in with entered credentials go over to the browser; what it knows already may stay empty. */
export const SwitchToBrowser = ({ connection }: { readonly connection: Connection }) => {
  const { id, name, platform, baseUrl } = connection;
  const { toasts } = useRuntime();
  const offered = useQuery('connections.platforms', {}).data?.items.find((item) => item.platform === platform)?.browserSignIn;
  const { run, failure } = useCommand('connections.update');
  const [open, setOpen] = useState(false);
  const [credentials, setCredentials] = useState<Values>({});
  const [settings, setSettings] = useState<Values>({});
  const keep = useCallback(
    async (signInId: string): Promise<void> => {
      const result = await run({ id, signInId });
      if (result.ok)
        toasts.show({ kind: 'good', text: `${name} is signed in with the browser. Its old credentials were removed.` });
    },
    [run, id, name, toasts],
  );
  const onSignedIn = useCallback((signInId: string) => void keep(signInId), [keep]);
  if (!offered) return null;
  return (
    <PaneSection title="Sign in with the browser">
      <p className="secondary">
        In place of the credentials stored here: somebody signs in at the platform, and Clearway keeps the tokens it gets.
      </p>
      {open ? (
        <form className="form" onSubmit={(event) => event.preventDefault()}>
          {offered.credentials.map((field) => (
            <TextField
              key={field.key}
              label={field.label}
              help={`${field.help} Leave it empty where it is stored already.`}
              secret={field.secret}
              value={credentials[field.key] ?? ''}
              onChange={(value) => setCredentials({ ...credentials, [field.key]: value })}
            />
          ))}
          {offered.settings.map((field) => (
            <TextField
              key={field.key}
              label={field.label}
              help={field.help}
              value={settings[field.key] ?? ''}
              onChange={(value) => setSettings({ ...settings, [field.key]: value })}
            />
          ))}
          <BrowserSignIn
            begin={{
              platform,
              baseUrl,
              connectionId: id,
              credentials: filled(credentials),
              settings: filled(settings),
            }}
            onSignedIn={onSignedIn}
            verb="Begin sign-in"
          />
          <FailureNote failure={failure} />
        </form>
      ) : (
        <p className="connection__actions">
          <Button onPress={() => setOpen(true)}>Switch to the browser</Button>
        </p>
      )}
    </PaneSection>
  );
};
