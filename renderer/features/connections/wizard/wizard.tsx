import { useEffect, useId, useLayoutEffect, useRef, useState, type FormEvent } from 'react';
import { useCommand } from '../../../api/use-command.ts';
import { useQuery } from '../../../api/use-query.ts';
import { useRuntime } from '../../../app/runtime.tsx';
import { Button } from '../../../components/button.tsx';
import { ChoiceList } from '../../../components/choice-list.tsx';
import { Confirm, Dialog } from '../../../components/dialog.tsx';
import { FailureView } from '../../../components/state-view.tsx';
import { counted } from '../../../format/amount.ts';
import { filled, type PlatformFacts } from '../credential-fields.tsx';
import { ReadFields } from '../read-fields.tsx';
import { AccountsStep } from './accounts-step.tsx';
import { currentTest, newDraft, obstacle, reachable, signInFacts, STEPS, withTest, type Draft, type StepId } from './draft.ts';
import { FirstReadStep } from './first-read-step.tsx';
import { claimedTwice, linksOf, type Fates } from './mapping.ts';
import { platformGuide } from './platform-guide.ts';
import { RulesStep } from './rules-step.tsx';
import { SignInStep } from './sign-in-step.tsx';
import { TestStep } from './test-step.tsx';
import { Trail } from './trail.tsx';
import './wizard.css';

const QUESTIONS: Readonly<Record<StepId, string>> = {
  platform: 'Which platform is to be read?',
  'sign-in': 'Where is it, and how do we sign in?',
  test: 'Does the sign-in work?',
  read: 'What is to be read?',
  rules: 'How often, and what does a difference do?',
  'first-read': 'The first read',
  accounts: 'Which account is which?',
};

const FIRST_CONTROL =
  '.wizard__step input:not([disabled]):not([tabindex="-1"]), .wizard__step button:not([disabled]), .wizard__step a[href]';
const NONE: ReadonlySet<StepId> = new Set();

const Steps = ({
  platforms,
  onDirty,
  onLeave,
  onDone,
}: {
  readonly platforms: readonly PlatformFacts[];
  /** Whether something would be lost by leaving. */
  readonly onDirty: (dirty: boolean) => void;
  readonly onLeave: () => void;
  readonly onDone: (connectionId: string) => void;
}) => {
  const { client, toasts } = useRuntime();
  const test = useCommand('connections.test');
  const add = useCommand('connections.initiate');
  const sync = useCommand('connections.sync');
  const tie = useCommand('connections.linkAccounts');
  const [step, setStep] = useState<StepId>('platform');
  const [platform, setPlatform] = useState(platforms[0]?.platform);
  const [drafts, setDrafts] = useState<Readonly<Record<string, Draft>>>({});
  const [saved, setSaved] = useState<string | null>(null);
  const [fates, setFates] = useState<Fates>({});
  const facts = platforms.find((item) => item.platform === platform);
  const draft = facts === undefined ? undefined : (drafts[facts.platform] ?? newDraft(facts));
  const connection = useQuery('connections.get', saved === null ? null : { id: saved }).data;
  const operation = useQuery('sync.operations', saved === null ? null : { connectionId: saved, limit: 1 }).data?.items[0];
  const unlinked = useQuery('connections.unlinked', step === 'accounts' && saved !== null ? { id: saved } : null);
  const form = useRef<HTMLFormElement>(null);
  const heading = useId();

  // A finished sign-in with the browser that is not used must not live on.
  const pending = useRef<readonly string[]>([]);
  useLayoutEffect(() => {
    pending.current =
      saved === null ? Object.values(drafts).flatMap(({ signInId }) => (signInId === null ? [] : [signInId])) : [];
  });
  useEffect(
    () => () => {
      for (const signInId of pending.current) void client.call('connections.cancelSignIn', { signInId }).catch(() => undefined);
    },
    [client],
  );
  const waiting = (unlinked.data?.items ?? []).filter(({ kind }) => kind === 'account');
  const decided = Object.values(fates).some(({ kind }) => kind !== 'later');
  const dirty = saved === null ? Object.keys(drafts).length > 0 : decided;
  useEffect(() => onDirty(dirty), [dirty, onDirty]);

  const held =
    facts === undefined ||
    draft === undefined ||
    obstacle(step, facts, draft) !== null ||
    (step === 'first-read' && operation?.status !== 'completed') ||
    (step === 'accounts' && claimedTwice(waiting, fates).length > 0);
  // The first thing to do has the focus: in a step that waits for the platform, going on as soon as it answered well.
  const answered = (step === 'test' || step === 'first-read') && !held;
  const settled = step === 'accounts' ? unlinked.data !== undefined : !test.running;
  useLayoutEffect(() => {
    const first = form.current?.querySelector<HTMLElement>(answered ? 'button[type=submit]' : FIRST_CONTROL);
    (first ?? form.current?.querySelector<HTMLElement>('.wizard__step h3'))?.focus();
  }, [step, answered, settled]);

  if (facts === undefined || draft === undefined)
    return <p className="secondary">No platform can be connected in this installation.</p>;

  const change = (part: Partial<Draft>): void =>
    setDrafts((all) => ({ ...all, [facts.platform]: { ...(all[facts.platform] ?? newDraft(facts)), ...part } }));
  const index = STEPS.findIndex(({ id }) => id === step);

  const tryIt = async (): Promise<void> => {
    const result = await test.run(signInFacts(facts, draft));
    if (result.ok) change(withTest(facts, draft, result.value));
  };
  const save = async (): Promise<void> => {
    const { syncEveryMinutes, strategy } = draft;
    const { settings, ...signIn } = signInFacts(facts, draft);
    const result = await add.run({
      ...signIn,
      settings: filled(settings ?? {}),
      name: draft.name.trim(),
      syncEveryMinutes,
      strategy,
    });
    if (!result.ok) return;
    setSaved(result.value.id);
    setStep('first-read');
    await sync.run({ id: result.value.id });
  };
  const finish = async (): Promise<void> => {
    if (saved === null) return;
    const links = linksOf(waiting, fates);
    if (links.length > 0) {
      const result = await tie.run({ id: saved, links });
      if (!result.ok) return;
      const { linked, made } = result.value;
      toasts.show({
        kind: 'good',
        text: `${counted(linked, 'account')} tied to the book${made === 0 ? '' : `, ${made} of them new`}. Their positions come with the read that starts now.`,
      });
      await sync.run({ id: saved });
    }
    onDone(saved);
  };
  const blocked = obstacle(step, facts, draft);
  const links = linksOf(waiting, fates);

  const next = (): void => {
    if (blocked !== null) return;
    if (step === 'platform') setStep('sign-in');
    else if (step === 'sign-in') {
      setStep('test');
      if (currentTest(facts, draft)?.ok !== true) void tryIt();
    } else if (step === 'test') setStep('read');
    else if (step === 'read') setStep('rules');
    else if (step === 'rules') void save();
    else if (step === 'first-read') setStep('accounts');
    else void finish();
  };
  const verb = {
    platform: 'Next',
    'sign-in': 'Test the connection',
    test: 'Next',
    read: 'Next',
    rules: 'Save and read now',
    'first-read': 'Map accounts',
    accounts: links.length === 0 ? 'Finish' : `Tie ${counted(links.length, 'account')}`,
  }[step];
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!held) next();
  };

  return (
    <form className="wizard" onSubmit={submit} ref={form}>
      <Trail step={step} open={saved === null ? reachable(facts, draft) : NONE} onGo={setStep} />
      <div className="wizard__step" role="group" aria-labelledby={heading}>
        <h3 id={heading} tabIndex={-1}>
          {QUESTIONS[step]}
        </h3>
        {step === 'platform' ? (
          <ChoiceList
            label="Platform"
            value={facts.platform}
            choices={platforms.map((item) => ({
              value: item.platform,
              label: item.name,
              detail: platformGuide(item.platform)?.summary ?? item.defaultBaseUrl,
            }))}
            onChange={setPlatform}
          />
        ) : null}
        {step === 'sign-in' ? <SignInStep facts={facts} draft={draft} change={change} /> : null}
        {step === 'test' ? (
          <TestStep
            result={currentTest(facts, draft)}
            running={test.running}
            failure={test.failure}
            onTest={() => void tryIt()}
            onBack={() => setStep('sign-in')}
          />
        ) : null}
        {step === 'read' ? (
          <div className="form">
            <ReadFields facts={facts} values={draft.settings} onChange={(settings) => change({ settings })} />
          </div>
        ) : null}
        {step === 'rules' ? <RulesStep draft={draft} change={change} failure={add.failure} /> : null}
        {step === 'first-read' ? <FirstReadStep connection={connection} operation={operation} /> : null}
        {step === 'accounts' && unlinked.data !== undefined ? (
          <AccountsStep
            items={waiting}
            linked={(connection?.counts.accounts ?? 0) - waiting.length}
            fates={fates}
            change={setFates}
            failure={tie.failure}
          />
        ) : null}
        {step === 'accounts' && unlinked.failure ? (
          <FailureView failure={unlinked.failure} onRetry={unlinked.refetch} inline />
        ) : null}
      </div>
      <div className="wizard__foot">
        <span className="secondary wizard__why" role="status">
          {blocked !== null && step !== 'test' ? blocked : ''}
        </span>
        <Button onPress={onLeave}>{saved === null ? 'Cancel' : 'Close'}</Button>
        {saved === null && index > 0 ? <Button onPress={() => setStep(STEPS[index - 1]?.id ?? 'platform')}>Back</Button> : null}
        <Button type="submit" look="primary" disabled={held} pending={add.running || tie.running}>
          {verb}
        </Button>
      </div>
    </form>
  );
};

/** Adds a connection step by step: tested before anything is stored, read at once, its accounts tied by a person. */
export const AddConnection = ({
  open,
  onClose,
  onReopen,
}: {
  readonly open: boolean;
  /** With the connection that was added, if one was. */
  readonly onClose: (connectionId: string | null) => void;
  /** The address was left behind while something was entered. */
  readonly onReopen: () => void;
}) => {
  const [dirty, setDirty] = useState(false);
  const [asking, setAsking] = useState(false);
  const shown = open || dirty;
  const platforms = useQuery('connections.platforms', shown ? {} : null);
  const leaving = shown && (asking || !open);
  const close = (connectionId: string | null): void => {
    setDirty(false);
    setAsking(false);
    onClose(connectionId);
  };
  useEffect(() => {
    if (!dirty) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);
  return (
    <>
      <Dialog title="Add a connection" open={shown} onClose={() => (dirty ? setAsking(true) : close(null))} width="large">
        {platforms.failure && platforms.data === undefined ? (
          <FailureView failure={platforms.failure} onRetry={platforms.refetch} inline />
        ) : null}
        {platforms.data === undefined ? null : (
          <Steps
            platforms={platforms.data.items}
            onDirty={setDirty}
            onLeave={() => (dirty ? setAsking(true) : close(null))}
            onDone={close}
          />
        )}
      </Dialog>
      <Confirm
        title="Leave without finishing"
        open={leaving}
        danger
        verb="Leave"
        onCancel={() => {
          setAsking(false);
          if (!open) onReopen();
        }}
        onConfirm={() => close(null)}
      >
        <p>What you entered here is not stored and will be gone. Nothing half-made stays behind.</p>
      </Confirm>
    </>
  );
};
