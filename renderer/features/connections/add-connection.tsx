import { CheckCircle2, XCircle } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import type { Output } from '../../../shared/contract/index.ts';
import { useCommand } from '../../api/use-command.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Segmented, Select, TextField } from '../../components/field.tsx';
import { FailureNote, FailureView } from '../../components/state-view.tsx';
import { BrowserSignIn } from './browser-sign-in.tsx';
import { useSync } from './use-sync.ts';

type PlatformFacts = Output<'connections.platforms'>['items'][number];
type Way = 'key' | 'browser';
type Values = Readonly<Record<string, string>>;

const isUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const filled = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value.trim() !== ''));

const lacks = (fields: PlatformFacts['credentials'], values: Values): boolean =>
  fields.some((field) => field.required && (values[field.key] ?? '').trim() === '');

const Fields = ({
  fields,
  values,
  change,
}: {
  readonly fields: PlatformFacts['credentials'];
  readonly values: Values;
  readonly change: (values: Values) => void;
}) =>
  fields.map((field) => (
    <TextField
      key={field.key}
      label={field.label}
      help={field.help}
      secret={field.secret}
      required={field.required}
      value={values[field.key] ?? ''}
      onChange={(value) => change({ ...values, [field.key]: value })}
    />
  ));

const AddForm = ({ platforms, onClose }: { readonly platforms: readonly PlatformFacts[]; readonly onClose: () => void }) => {
  const { toasts, router } = useRuntime();
  const { syncOne } = useSync();
  const test = useCommand('connections.test');
  const add = useCommand('connections.initiate');
  const [chosen, setChosen] = useState(platforms[0]?.platform ?? '');
  const facts = platforms.find((item) => item.platform === chosen);
  const [name, setName] = useState(facts?.name ?? '');
  const [baseUrl, setBaseUrl] = useState(facts?.defaultBaseUrl ?? '');
  const [credentials, setCredentials] = useState<Values>({});
  const [settings, setSettings] = useState<Values>({});
  const [way, setWay] = useState<Way>('key');
  const [partner, setPartner] = useState<Values>({});
  const [addresses, setAddresses] = useState<Values>({});
  const [signInId, setSignInId] = useState<string | null>(null);
  const [tested, setTested] = useState<{ readonly facts: string; readonly ok: boolean; readonly message: string } | null>(null);
  if (!facts) return <p className="secondary">No platform can be connected in this installation.</p>;

  const chooseWay = (next: Way): void => {
    setWay(next);
    setSignInId(null);
    setTested(null);
    test.reset();
  };
  const choose = (platform: string): void => {
    const next = platforms.find((item) => item.platform === platform);
    setChosen(platform);
    setName(next?.name ?? '');
    setBaseUrl(next?.defaultBaseUrl ?? '');
    setCredentials({});
    setSettings({});
    setPartner({});
    setAddresses({});
    chooseWay('key');
  };
  const browser = way === 'browser' ? facts.browserSignIn : null;
  const signIn = {
    platform: facts.platform,
    baseUrl,
    credentials: browser ? {} : filled(credentials),
    settings: filled(settings),
    ...(browser && signInId !== null ? { signInId } : {}),
  };
  const begin =
    browser === null || lacks(browser.credentials, partner) || !isUrl(baseUrl)
      ? null
      : { platform: facts.platform, baseUrl, credentials: filled(partner), settings: filled({ ...settings, ...addresses }) };
  // Only facts that were tested as they stand can be saved.
  const signature = JSON.stringify(signIn);
  const current = tested?.facts === signature ? tested : null;
  const missing =
    lacks(facts.settings, settings) || (browser === null ? lacks(facts.credentials, credentials) : signInId === null);

  const tryIt = async (): Promise<void> => {
    const result = await test.run(signIn);
    if (result.ok) setTested({ facts: signature, ...result.value });
  };
  const save = async (): Promise<void> => {
    const result = await add.run({ ...signIn, name: name.trim() });
    if (!result.ok) return;
    const { id } = result.value;
    onClose();
    router.set({ id, add: null });
    toasts.show({
      kind: 'good',
      text: `${name.trim()} is connected.`,
      action: { label: 'Sync now', run: () => syncOne({ id, name: name.trim() }) },
    });
  };
  const ready = current?.ok === true;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void (ready ? save() : tryIt());
  };

  return (
    <form className="form form--dialog" onSubmit={submit}>
      <Select
        label="Platform"
        value={chosen}
        options={platforms.map((item) => ({ value: item.platform, label: item.name }))}
        onChange={choose}
      />
      <TextField label="Name" value={name} onChange={setName} required help="How this connection is called on every screen." />
      <TextField
        label="Address"
        value={baseUrl}
        onChange={setBaseUrl}
        required
        inputMode="url"
        mono
        error={isUrl(baseUrl) ? undefined : 'Write an address that begins with https://.'}
      />
      {facts.browserSignIn === null ? null : (
        <Segmented
          label="How to sign in"
          value={way}
          options={[
            { value: 'key', label: 'Enter credentials' },
            { value: 'browser', label: 'Sign in with the browser' },
          ]}
          onChange={chooseWay}
        />
      )}
      {browser === null ? (
        <Fields fields={facts.credentials} values={credentials} change={setCredentials} />
      ) : (
        <Fields fields={browser.credentials} values={partner} change={setPartner} />
      )}
      <Fields fields={facts.settings} values={settings} change={setSettings} />
      {browser === null ? null : (
        <>
          <Fields fields={browser.settings} values={addresses} change={setAddresses} />
          <BrowserSignIn key={facts.platform} begin={begin} onSignedIn={setSignInId} verb="Begin sign-in" />
        </>
      )}
      <p className="secondary">Secrets are encrypted on this machine and never shown again.</p>
      <div role="status">
        {current === null ? null : (
          <Badge
            tone={current.ok ? 'good' : 'bad'}
            icon={current.ok ? <CheckCircle2 size={14} aria-hidden /> : <XCircle size={14} aria-hidden />}
          >
            {current.message}
          </Badge>
        )}
      </div>
      <FailureNote failure={test.failure ?? add.failure} />
      <div className="form__foot">
        <Button onPress={onClose}>Cancel</Button>
        <Button
          type={ready ? 'button' : 'submit'}
          {...(ready ? { onPress: () => void tryIt() } : {})}
          pending={test.running}
          disabled={missing || !isUrl(baseUrl)}
          look={ready ? 'plain' : 'primary'}
        >
          Test sign-in
        </Button>
        <Button
          type={ready ? 'submit' : 'button'}
          look={ready ? 'primary' : 'plain'}
          pending={add.running}
          disabled={!ready || name.trim() === ''}
        >
          Add connection
        </Button>
      </div>
    </form>
  );
};

/** Adds a connection: the platform says what it needs, the facts are tested, then stored. */
export const AddConnection = ({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) => {
  const platforms = useQuery('connections.platforms', open ? {} : null);
  return (
    <Dialog title="Add a connection" open={open} onClose={onClose}>
      {platforms.failure && platforms.data === undefined ? (
        <FailureView failure={platforms.failure} onRetry={platforms.refetch} inline />
      ) : null}
      {platforms.data === undefined ? null : <AddForm platforms={platforms.data.items} onClose={onClose} />}
    </Dialog>
  );
};
