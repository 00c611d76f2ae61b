import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Clock } from '../ports/clock.ts';

/** What screen readers are told: one polite and one urgent sentence at a time. */
export interface Announcer {
  readonly store: StoreApi<{ readonly polite: string; readonly urgent: string }>;
  say(sentence: string, urgency?: 'polite' | 'urgent'): void;
}

const SETTLE_MS = 250;

/** Waits a moment before speaking, so that of a burst only the last sentence is read. */
export const createAnnouncer = (clock: Clock): Announcer => {
  const store = createStore(() => ({ polite: '', urgent: '' }));
  let cancel: () => void = () => undefined;
  return {
    store,
    say: (sentence, urgency = 'polite') => {
      if (urgency === 'urgent') return store.setState({ urgent: sentence });
      cancel();
      cancel = clock.after(SETTLE_MS, () => store.setState({ polite: sentence }));
    },
  };
};
