import '../../renderer/app/no-eval.ts';
import { mount, pageNonce } from '../../renderer/app/mount.tsx';
import { createMemory } from '../../renderer/app/preferences.ts';
import { createRuntime } from '../../renderer/app/runtime.tsx';
import { browserClock } from '../../renderer/ports/clock.ts';
import { createFixtureTransport, FIXTURE_MODES, type FixtureMode } from './fixture-transport.ts';
import { NOW } from './fixture/book.ts';

const isMode = (text: string | null): text is FixtureMode => (FIXTURE_MODES as readonly (string | null)[]).includes(text);

// The mode outlives navigation inside the page: it is read once and kept for the tab.
const asked = new URLSearchParams(window.location.search).get('fixture') ?? window.sessionStorage.getItem('fixture');
const mode = isMode(asked) ? asked : 'full';
window.sessionStorage.setItem('fixture', mode);

const transport = createFixtureTransport(mode, (ms) => new Promise((resolve) => setTimeout(resolve, ms)));
const root = document.getElementById('root');
if (root) {
  const clock = { ...browserClock, now: () => NOW };
  mount(root, createRuntime({ transport, clock, memory: createMemory(window.localStorage), view: window, nonce: pageNonce() }), {
    session: null,
    development: true,
  });
}
if (mode === 'syncing') {
  const progress = {
    type: 'sync_progressed',
    connectionId: 'c1',
    operationId: 'o10',
    status: 'fetching',
    pages: 16,
    expected: 4821,
    merged: 0,
    recordsPerSecond: 850,
    secondsRemaining: 2,
    waiting: null,
  } as const;
  setTimeout(() => transport.emit({ ...progress, records: 3200 }), 300);
}
Object.assign(window, { fixture: transport });
