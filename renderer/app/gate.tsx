import { KeyRound } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useStore } from 'zustand';
import { toFailure, type Failure } from '../api/failure.ts';
import type { Session } from '../api/session.ts';
import { Button } from '../components/button.tsx';
import { TextField } from '../components/field.tsx';
import { FailureNote, useSlow } from '../components/state-view.tsx';
import { Frame } from './frame.tsx';
import './gate.css';

const SignIn = ({ session, message }: { readonly session: Session; readonly message: string | null }) => {
  const [token, setToken] = useState('');
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const signIn = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setPending(true);
    try {
      await session.signInWithToken(token);
    } catch (error) {
      setFailure(toFailure(error));
      setPending(false);
    }
  };
  return (
    <main className="gate">
      <form className="gate__card" onSubmit={(event) => void signIn(event)}>
        <KeyRound size={20} aria-hidden className="quiet" />
        <h1>Sign in to Clearway</h1>
        <p className="secondary">{message ?? 'Open the link Clearway printed when it started, or paste its token.'}</p>
        <TextField
          label="Token"
          value={token}
          onChange={setToken}
          secret
          required
          autoFocus
          help="It stands in the terminal in which Clearway was started."
        />
        <FailureNote failure={failure} />
        <Button look="primary" type="submit" pending={pending} disabled={token.trim() === ''}>
          Sign in
        </Button>
      </form>
    </main>
  );
};

/** Lets a signed-in person through to the screens, and everybody else sign in. */
export const Gate = ({ session }: { readonly session: Session }) => {
  const { status, message } = useStore(session.store);
  const slow = useSlow(status === 'starting');
  if (status === 'signed_in') return <Frame />;
  if (status === 'signed_out') return <SignIn session={session} message={message} />;
  return <main className="gate">{slow ? <p role="status">Reaching Clearway</p> : null}</main>;
};
