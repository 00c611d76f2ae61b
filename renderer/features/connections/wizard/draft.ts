import type { CallInput, Output } from '../../../../shared/contract/index.ts';
import type { Strategy } from '../../../../shared/model/holding.ts';
import { filled, missing, type Field, type PlatformFacts, type Values } from '../credential-fields.tsx';
import { isReadSetting } from '../streams.ts';

export const STEPS = [
  { id: 'platform', label: 'Platform' },
  { id: 'sign-in', label: 'Address and sign-in' },
  { id: 'test', label: 'Test' },
  { id: 'read', label: 'What to read' },
  { id: 'rules', label: 'Schedule and strategy' },
  { id: 'first-read', label: 'First read' },
  { id: 'accounts', label: 'Accounts' },
] as const;
export type StepId = (typeof STEPS)[number]['id'];

export type TestResult = Output<'connections.test'>;

/** What was entered for one platform. Nothing of it is stored before the person says so. */
export interface Draft {
  readonly name: string;
  readonly baseUrl: string;
  readonly way: 'key' | 'browser';
  readonly credentials: Values;
  /** The client's facts for a sign-in with the browser. */
  readonly partner: Values;
  readonly addresses: Values;
  readonly settings: Values;
  readonly signInId: string | null;
  readonly tested: { readonly signature: string; readonly result: TestResult } | null;
  readonly syncEveryMinutes: number;
  readonly strategy: Strategy;
}

export const newDraft = (facts: PlatformFacts): Draft => ({
  name: facts.name,
  baseUrl: facts.defaultBaseUrl,
  way: 'key',
  credentials: {},
  partner: {},
  addresses: {},
  settings: {},
  signInId: null,
  tested: null,
  syncEveryMinutes: 240,
  strategy: 'MANUAL_REVIEW',
});

/** Facts to reach a platform: required ones first, then those whose default can stay. */
export const reachSettings = (facts: PlatformFacts): { required: Field[]; optional: Field[] } => {
  const reach = facts.settings.filter((field) => !isReadSetting(field));
  return { required: reach.filter(({ required }) => required), optional: reach.filter(({ required }) => !required) };
};

export const isAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const browserOf = (facts: PlatformFacts, draft: Draft) => (draft.way === 'browser' ? facts.browserSignIn : null);

/** What the test is made with, and what is stored later, unchanged. */
export function signInFacts(facts: PlatformFacts, draft: Draft): CallInput<'connections.test'> {
  const byBrowser = browserOf(facts, draft) !== null;
  return {
    platform: facts.platform,
    baseUrl: draft.baseUrl.trim(),
    credentials: byBrowser ? {} : filled(draft.credentials),
    settings: filled(draft.settings),
    ...(byBrowser && draft.signInId !== null ? { signInId: draft.signInId } : {}),
  };
}

/** What to begin a browser sign-in with; null while facts are missing. */
export function browserBegin(facts: PlatformFacts, draft: Draft): CallInput<'connections.beginSignIn'> | null {
  const browser = browserOf(facts, draft);
  if (browser === null || missing(browser.credentials, draft.partner).length > 0 || !isAddress(draft.baseUrl)) return null;
  return {
    platform: facts.platform,
    baseUrl: draft.baseUrl.trim(),
    credentials: filled(draft.partner),
    settings: filled({ ...draft.settings, ...draft.addresses }),
  };
}

/** What is read may change after the test; how it is reached may not. */
const signatureOf = (facts: PlatformFacts, draft: Draft): string =>
  JSON.stringify({
    ...signInFacts(facts, draft),
    settings: Object.fromEntries(Object.entries(filled(draft.settings)).filter(([key]) => !isReadSetting({ key }))),
  });

export const withTest = (facts: PlatformFacts, draft: Draft, result: TestResult): Draft => ({
  ...draft,
  tested: { signature: signatureOf(facts, draft), result },
});

/** The result of the test of exactly these facts; null when they were changed since. */
export const currentTest = (facts: PlatformFacts, draft: Draft): TestResult | null =>
  draft.tested?.signature === signatureOf(facts, draft) ? draft.tested.result : null;

/** Why a step cannot be left forwards yet, in words; null when it can. */
export function obstacle(step: StepId, facts: PlatformFacts, draft: Draft): string | null {
  if (step === 'sign-in') {
    if (!isAddress(draft.baseUrl)) return 'Write an address that begins with https://.';
    const browser = browserOf(facts, draft);
    const blank = [
      ...(browser ? missing(browser.credentials, draft.partner) : missing(facts.credentials, draft.credentials)),
      ...missing(reachSettings(facts).required, draft.settings),
    ];
    if (blank.length > 0) return `Still to fill in: ${blank.join(', ')}.`;
    return browser && draft.signInId === null ? 'Sign in with the browser first.' : null;
  }
  if (step === 'test')
    return currentTest(facts, draft)?.ok === true ? null : 'Only facts that were tested as they stand can be saved.';
  if (step === 'rules') return draft.name.trim() === '' ? 'Give the connection a name.' : null;
  return null;
}

/** The steps that can be gone to from here: those before, and the next ones whose facts are complete. */
export function reachable(facts: PlatformFacts, draft: Draft): ReadonlySet<StepId> {
  const open = new Set<StepId>();
  for (const { id } of STEPS) {
    if (id === 'first-read') break;
    open.add(id);
    if (obstacle(id, facts, draft) !== null) break;
  }
  return open;
}
