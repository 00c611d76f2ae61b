import { GitCompareArrows } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Split } from '../../components/split.tsx';
import { FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { useParam } from '../../router/use-place.ts';
import { runInFront } from './questions.ts';
import { RunView } from './run-view.tsx';
import { StartPanel } from './start-panel.tsx';
import '../../components/pane-column.css';
import './reconciliation.css';

/** Before the first run: what this is, and one button. */
const FirstRun = () => {
  const { router, connectivity } = useRuntime();
  const may = useMay('analyst');
  const online = useStore(connectivity.store, (state) => state.online);
  const [starting, setStarting] = useState(false);
  return (
    <Page title="Reconciliation" fill>
      <Split
        id="breaks"
        width={500}
        pane={starting ? <StartPanel onStarted={(id) => router.set({ run: id })} onCancel={() => setStarting(false)} /> : null}
        paneLabel="New run"
        hint="Start a run to compare the book with each side."
        onClose={() => setStarting(false)}
      >
        <StateView
          icon={<GitCompareArrows size={20} aria-hidden />}
          title="No run yet"
          actions={
            may && online && !starting ? (
              <Button look="primary" onPress={() => setStarting(true)}>
                Start the first run
              </Button>
            ) : undefined
          }
        >
          A run compares Clearway’s book with each platform and custodian, position by position, and says of every difference what
          kind it is.
        </StateView>
      </Split>
    </Page>
  );
};

const Reconciliation = () => {
  const query = useQuery('reconciliation.runs', { limit: 100 });
  const asked = useParam('run');
  const known = query.data?.items.some((run) => run.id === asked) === true;
  // A run older than the list still has an address.
  const older = useQuery('reconciliation.get', asked === null || query.data === undefined || known ? null : { id: asked });
  const slow = useSlow(query.data === undefined && query.failure === null);
  if (query.data === undefined) {
    return (
      <Page title="Reconciliation" fill>
        {query.failure ? <FailureView failure={query.failure} onRetry={query.refetch} /> : null}
        {slow ? (
          <div className="pane__section">
            <Skeleton lines={14} />
          </div>
        ) : null}
      </Page>
    );
  }
  if (asked !== null && !known && older.data === undefined) {
    return (
      <Page title="Reconciliation" fill>
        {older.failure ? <FailureView failure={older.failure} onRetry={older.refetch} /> : null}
      </Page>
    );
  }
  const run = known || older.data === undefined ? runInFront(query.data.items, asked) : older.data;
  return run === null ? <FirstRun /> : <RunView run={run} runs={query.data.items} />;
};

export const reconciliationScreen: Screen = {
  id: 'reconciliation',
  path: '/reconciliation',
  title: 'Reconciliation',
  icon: GitCompareArrows,
  key: 'r',
  component: Reconciliation,
  count: (overview) => overview.breaks.open,
  countWord: 'open breaks',
};
