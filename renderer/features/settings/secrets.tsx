import { useState } from 'react';
import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { Progress } from '../../components/progress.tsx';
import { FailureNote, FailureView } from '../../components/state-view.tsx';
import { counted } from '../../format/amount.ts';
import { formatInstant } from '../../format/time.ts';

type Status = Output<'secrets.status'>;
type Renewed = Output<'secrets.rotate'>;

const STORE_NAME: Readonly<Record<Status['store'], string>> = {
  keychain: 'Encrypted, key in the keychain',
  passphrase: 'Encrypted, key sealed with a passphrase',
  session: 'In memory only',
};

const ageOf = ({ keyAgeDays, keyCreatedAt, state }: Status): string => {
  if (state === 'empty') return 'No key yet';
  if (keyCreatedAt === null || keyAgeDays === null) return 'Not known';
  return keyAgeDays === 0 ? 'Made today' : counted(keyAgeDays, 'day');
};

const outcomeOf = ({ resealed, left, oldKeyGone }: Renewed): string =>
  [
    `The key was renewed, and ${counted(resealed, 'stored sign-in')} ${resealed === 1 ? 'is' : 'are'} encrypted with it.`,
    left === 0 ? '' : ` ${counted(left, 'sign-in')} could not be opened and ${left === 1 ? 'stays' : 'stay'} with the old key.`,
    oldKeyGone ? '' : ' The old key is still in the keychain; Clearway removes it at its next daily check.',
  ].join('');

const Facts = ({ status }: { readonly status: Status }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (
    <dl className="facts">
      <dt>Kept</dt>
      <dd>{STORE_NAME[status.store]}</dd>
      <dt>Stored sign-ins</dt>
      <dd>
        {status.entries}
        {status.inMemory === 0 ? '' : `, and ${status.inMemory} in memory until Clearway closes`}
      </dd>
      <dt>Age of the key</dt>
      <dd>
        {ageOf(status)}
        {status.state === 'empty' ? '' : `; renewed by itself after ${status.renewAfterDays} days`}
      </dd>
      <dt>Last renewal</dt>
      <dd>{status.renewedAt === null ? 'None yet' : formatInstant(status.renewedAt, dates)}</dd>
    </dl>
  );
};

const Renewal = ({ status, mayRenew }: { readonly status: Status; readonly mayRenew: boolean }) => {
  const rotate = useCommand('secrets.rotate');
  const [renewed, setRenewed] = useState<Renewed | null>(null);
  const renew = async (): Promise<void> => {
    setRenewed(null);
    const result = await rotate.run({});
    if (result.ok) setRenewed(result.value);
  };
  if (!mayRenew) return <p className="quiet">Only an admin can renew the key.</p>;
  return (
    <>
      {status.unfinished && !rotate.running ? (
        <p className="secondary">A renewal was interrupted. Nothing is lost; renew the key to complete it.</p>
      ) : null}
      <FailureNote failure={rotate.failure} />
      <Button onPress={() => void renew()} pending={rotate.running} disabled={status.state !== 'ready'}>
        Renew the key now
      </Button>
      {rotate.running ? <Progress label="Renewing the key" done={0} total={null} /> : null}
      <p role="status" className="secondary">
        {rotate.running ? 'Encrypting the stored sign-ins with a new key.' : renewed === null ? '' : outcomeOf(renewed)}
      </p>
    </>
  );
};

/** How connection secrets are kept, how old their key is, and a way to renew it. */
export const Secrets = ({ mayRenew }: { readonly mayRenew: boolean }) => {
  const { data, failure, refetch } = useQuery('secrets.status', {});
  return (
    <section className="settings__part" aria-labelledby="settings-secrets">
      <h2 id="settings-secrets">Secrets</h2>
      {failure && data === undefined ? <FailureView failure={failure} onRetry={refetch} inline /> : null}
      {data === undefined ? null : (
        <>
          <p className="secondary">{data.description}</p>
          <Facts status={data} />
          <Renewal status={data} mayRenew={mayRenew} />
        </>
      )}
    </section>
  );
};
