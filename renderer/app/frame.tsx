import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useQuery } from '../api/use-query.ts';
import { Button } from '../components/button.tsx';
import { StateView } from '../components/state-view.tsx';
import { useShortcuts } from '../keyboard/use-shortcuts.ts';
import { listenToKeys } from '../keyboard/listen.ts';
import { usePlace } from '../router/use-place.ts';
import { HelpSheet } from './help-sheet.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { cycleRegion } from './regions.ts';
import { useRuntime } from './runtime.tsx';
import { SCREENS, screenAt } from './screens.ts';
import { StatusBar } from './status-bar.tsx';
import { ToastStack } from './toast-stack.tsx';
import { TopBar } from './top-bar.tsx';
import './frame.css';

const LiveRegion = () => {
  const { announcer } = useRuntime();
  const { polite, urgent } = useStore(announcer.store);
  return (
    <div className="visually-hidden">
      <div aria-live="polite" role="status">
        {polite}
      </div>
      <div aria-live="assertive" role="alert">
        {urgent}
      </div>
    </div>
  );
};

const Missing = () => {
  const { router } = useRuntime();
  return (
    <StateView
      title="There is no screen at this address"
      actions={<Button onPress={() => router.go('/')}>Go to the overview</Button>}
    >
      The link may be from another version, or mistyped.
    </StateView>
  );
};

/** Rail, top bar, the screen in front, status bar, and what floats above them. */
export const Frame = () => {
  const { router, keyboard, preferences } = useRuntime();
  const { path } = usePlace();
  const [palette, setPalette] = useState(false);
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const info = useQuery('app.info', {}).data;
  const overview = useQuery('overview.get', {}).data;
  const screen = screenAt(path);

  useEffect(() => listenToKeys(keyboard, window), [keyboard]);
  useEffect(() => {
    document.title = [screen?.title, info?.firm, 'Clearway'].filter(Boolean).join(' · ');
  }, [screen, info]);

  useShortcuts([
    { keys: 'mod+k', label: 'Search and commands', group: 'Everywhere', run: () => setPalette(true), everywhere: true },
    { keys: '?', label: 'Keyboard help', group: 'Everywhere', run: () => setHelp(true) },
    { keys: 'f6', label: 'Next region', group: 'Everywhere', run: () => cycleRegion(1), everywhere: true },
    { keys: 'shift+f6', label: 'Previous region', group: 'Everywhere', run: () => cycleRegion(-1), everywhere: true },
    {
      keys: 'mod+b',
      label: 'Expand or fold the rail',
      group: 'Everywhere',
      run: () => preferences.setState((state) => ({ railOpen: !state.railOpen })),
    },
    ...SCREENS.flatMap(({ key, title, path: to }) =>
      key === undefined ? [] : [{ keys: `g ${key}`, label: `Go to ${title}`, group: 'Go to', run: () => router.go(to) }],
    ),
  ]);

  const Content = screen?.component ?? Missing;
  return (
    <div className="frame">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the screen
      </a>
      <TopBar info={info} onSearch={() => setPalette(true)} />
      <div className="frame__middle">
        <Rail current={screen} overview={overview} />
        <main ref={main} id="main" className="frame__main" tabIndex={-1} data-region="screen">
          <Content key={screen?.id ?? 'missing'} />
        </main>
      </div>
      <StatusBar onHelp={() => setHelp(true)} />
      <ToastStack />
      <LiveRegion />
      <Palette open={palette} onClose={() => setPalette(false)} onHelp={() => setHelp(true)} />
      <HelpSheet open={help} onClose={() => setHelp(false)} />
    </div>
  );
};
