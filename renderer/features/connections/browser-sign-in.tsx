import { CheckCircle2, ExternalLink, XCircle } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { CallInput, Output } from '../../../shared/contract/index.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { FailureNote } from '../../components/state-view.tsx';

const Waiting = ({
  address,
  message,
  onCancel,
}: {
  readonly address: string;
  readonly message: string;
  readonly onCancel: () => void;
}) => {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.focus(), []);
  return (
    <>
      <p>{message} The page opens in your browser; come back here when you are done.</p>
      <p className="connection__actions">
        <a ref={link} className="button button--primary" href={address} target="_blank" rel="noopener noreferrer">
          <ExternalLink size={14} aria-hidden />
          <span className="button__text">Open the sign-in page</span>
        </a>
        <Button onPress={onCancel}>Cancel sign-in</Button>
      </p>
    </>
  );
};

/**
 * Signing in with the browser, from the button to its end. `begin` is what to start with, null while facts are missing;
 * `onSignedIn` hears the id of a finished sign-in once, and then owns it; one that is left behind before is cancelled.
 * `finishedId` is one that was finished earlier.
 */
export const BrowserSignIn = ({
  begin,
  onSignedIn,
  finishedId = null,
  verb = 'Sign in with the browser',
}: {
  readonly begin: CallInput<'connections.beginSignIn'> | null;
  readonly onSignedIn: (signInId: string) => void;
  readonly finishedId?: string | null;
  readonly verb?: string;
}) => {
  const { client } = useRuntime();
  const start = useCommand('connections.beginSignIn');
  const [begun, setBegun] = useState<Output<'connections.beginSignIn'> | null>(null);
  const signInId = begun?.signInId ?? null;
  const query = useQuery('connections.signInState', signInId === null ? null : { signInId });
  const state: Output<'connections.signInState'> | undefined =
    begun !== null
      ? query.data
      : finishedId === null
        ? undefined
        : { state: 'signed_in', message: 'Signed in with the browser.' };
  const told = useRef<string | null>(null);
  useEffect(() => {
    if (signInId === null) return undefined;
    // A finished one belongs to whoever was told of it. Ends itself after ten minutes where this cannot be said.
    return () => {
      if (told.current !== signInId) void client.call('connections.cancelSignIn', { signInId }).catch(() => undefined);
    };
  }, [client, signInId]);
  const finished = state?.state === 'signed_in' ? signInId : null;
  useEffect(() => {
    if (finished === null || told.current === finished) return;
    told.current = finished;
    onSignedIn(finished);
  }, [finished, onSignedIn]);

  const open = async (): Promise<void> => {
    // Not shown as pending: the button goes away with the answer, and what follows is said by the status.
    if (begin === null || start.running) return;
    const result = await start.run(begin);
    if (result.ok) setBegun(result.value);
  };

  return (
    <div className="sign-in" role="group" aria-label="Sign-in with the browser">
      <div role="status">
        {state?.state === 'signed_in' ? (
          <Badge tone="good" icon={<CheckCircle2 size={14} aria-hidden />}>
            {state.message}
          </Badge>
        ) : null}
        {state?.state === 'failed' ? (
          <Badge tone="bad" icon={<XCircle size={14} aria-hidden />}>
            {state.message}
          </Badge>
        ) : null}
        {state?.state === 'waiting' && begun !== null ? (
          <Waiting address={begun.address} message={state.message} onCancel={() => setBegun(null)} />
        ) : null}
      </div>
      <FailureNote failure={start.failure ?? (signInId === null || finished !== null ? null : query.failure)} />
      {state?.state === 'waiting' || state?.state === 'signed_in' ? null : (
        <p className="connection__actions">
          <Button onPress={() => void open()} disabled={begin === null}>
            {state?.state === 'failed' ? 'Try again' : verb}
          </Button>
        </p>
      )}
    </div>
  );
};
