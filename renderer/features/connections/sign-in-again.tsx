import { useCallback } from 'react';
import type { Connection } from '../../../shared/contract/connections.ts';
import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { FailureNote } from '../../components/state-view.tsx';
import { BrowserSignIn } from './browser-sign-in.tsx';

/** Signs a connection in with the browser once more; its facts are the stored ones. */
export const SignInAgain = ({ connection }: { readonly connection: Connection }) => {
  const { toasts } = useRuntime();
  const { run, failure } = useCommand('connections.update');
  const { id, name, platform, baseUrl } = connection;
  const keep = useCallback(
    async (signInId: string): Promise<void> => {
      const result = await run({ id, signInId });
      if (result.ok) toasts.show({ kind: 'good', text: `${name} is signed in again.` });
    },
    [run, id, name, toasts],
  );
  const onSignedIn = useCallback((signInId: string) => void keep(signInId), [keep]);
  return (
    <>
      <BrowserSignIn begin={{ platform, baseUrl, connectionId: id }} onSignedIn={onSignedIn} verb="Sign in again" />
      <FailureNote failure={failure} />
    </>
  );
};
