import { describe, expect, it } from 'vitest';
import {
  browserBegin,
  currentTest,
  newDraft,
  obstacle,
  reachable,
  signInFacts,
  withTest,
  type Draft,
} from '../../../renderer/features/connections/wizard/draft.ts';
import type { PlatformFacts } from '../../../renderer/features/connections/credential-fields.tsx';

const field = (key: string, label: string, required: boolean) => ({ key, label, required, secret: false, help: '' });

const FACTS: PlatformFacts = {
  platform: 'addepar',
  name: 'Addepar',
  defaultBaseUrl: 'https://FIRM.addepar.example/api',
  credentials: [field('apiKey', 'API key', true)],
  settings: [field('firmId', 'Firm id', true), field('asOf', 'As-of date', false), field('pageSize', 'Page size', false)],
  browserSignIn: { credentials: [field('clientId', 'Client id', true)], settings: [field('tokenUrl', 'Token address', false)] },
};
const OK = { ok: true, message: 'Signed in.', reached: 'https://x.example', as: null, milliseconds: 5, advice: null };
const filledIn = (more: Partial<Draft> = {}): Draft => ({
  ...newDraft(FACTS),
  credentials: { apiKey: 'key' },
  settings: { firmId: '4471' },
  ...more,
});

describe('the steps of a new connection', () => {
  it('name what is still to be filled in, and refuse an address that is none', () => {
    expect(obstacle('sign-in', FACTS, newDraft(FACTS))).toBe('Still to fill in: API key, Firm id.');
    expect(obstacle('sign-in', FACTS, filledIn({ baseUrl: 'firm' }))).toBe('Write an address that begins with https://.');
    expect(obstacle('sign-in', FACTS, filledIn())).toBe(null);
  });

  it('lead past the test only while the facts stand as they were tested', () => {
    const tested = withTest(FACTS, filledIn(), OK);
    expect([...reachable(FACTS, filledIn())]).toEqual(['platform', 'sign-in', 'test']);
    expect([...reachable(FACTS, tested)]).toEqual(['platform', 'sign-in', 'test', 'read', 'rules']);
    const changed = { ...tested, credentials: { apiKey: 'another' } };
    expect(currentTest(FACTS, changed)).toBe(null);
    expect([...reachable(FACTS, changed)]).toEqual(['platform', 'sign-in', 'test']);
    expect([...reachable(FACTS, withTest(FACTS, filledIn(), { ...OK, ok: false }))]).toEqual(['platform', 'sign-in', 'test']);
  });

  it('let what is read change after the test, but not how the platform is reached', () => {
    const tested = withTest(FACTS, filledIn(), OK);
    const reading = { ...tested, settings: { ...tested.settings, streams: 'none', asOf: '2026-11-20', transactionDays: '5' } };
    expect(currentTest(FACTS, reading)).toEqual(OK);
    expect(currentTest(FACTS, { ...tested, settings: { ...tested.settings, pageSize: '10' } })).toBe(null);
    expect(currentTest(FACTS, { ...tested, baseUrl: 'https://other.example' })).toBe(null);
  });

  it('store what was tested: blanks left out, and never the credentials of the way that was not chosen', () => {
    const both = filledIn({
      way: 'browser',
      partner: { clientId: 'p' },
      signInId: 's1',
      settings: { firmId: '4471', asOf: ' ' },
    });
    expect(signInFacts(FACTS, both)).toEqual({
      platform: 'addepar',
      baseUrl: FACTS.defaultBaseUrl,
      credentials: {},
      settings: { firmId: '4471' },
      signInId: 's1',
    });
    expect(signInFacts(FACTS, { ...both, way: 'key' })).not.toHaveProperty('signInId');
  });

  it('begin a sign-in with the browser only when its facts are there, and wait until it is finished', () => {
    const browser = filledIn({ way: 'browser' });
    expect(browserBegin(FACTS, browser)).toBe(null);
    const ready = { ...browser, partner: { clientId: 'p' }, addresses: { tokenUrl: 'https://id.example' } };
    expect(browserBegin(FACTS, ready)).toMatchObject({
      credentials: { clientId: 'p' },
      settings: { firmId: '4471', tokenUrl: 'https://id.example' },
    });
    expect(obstacle('sign-in', FACTS, ready)).toBe('Sign in with the browser first.');
    expect(obstacle('sign-in', FACTS, { ...ready, signInId: 's1' })).toBe(null);
  });
});
