import { CheckCheck, Scale } from 'lucide-react';
import { useRuntime } from '../../app/runtime.tsx';
import { Button } from '../../components/button.tsx';
import { StateView } from '../../components/state-view.tsx';
import type { View } from './views.ts';

/** Nothing in a view: a clear desk, or a book that has no sources yet. */
export const EmptyConflicts = ({ view, connected }: { readonly view: View; readonly connected: boolean }) => {
  const { router } = useRuntime();
  if (!connected) {
    return (
      <StateView
        icon={<Scale size={20} aria-hidden />}
        title="No conflicts yet"
        actions={
          <Button look="primary" onPress={() => router.go('/connections?add=1')}>
            Add a connection
          </Button>
        }
      >
        When Clearway and a platform, or two platforms, say different things about a position, they stand here side by side until
        somebody decides.
      </StateView>
    );
  }
  if (view === 'settled')
    return (
      <StateView icon={<Scale size={20} aria-hidden />} title="Nothing has been settled yet">
        Conflicts move here when somebody decides them.
      </StateView>
    );
  if (view === 'healed')
    return (
      <StateView icon={<Scale size={20} aria-hidden />} title="Nothing has healed yet">
        Conflicts move here when every source agrees again without anybody deciding.
      </StateView>
    );
  return (
    <StateView
      icon={<CheckCheck size={20} aria-hidden className="badge--good" />}
      title="Nothing is left to decide"
      actions={<Button onPress={() => router.set({ show: 'settled' })}>Show what was settled</Button>}
    >
      Every conflict is settled. New ones appear here after the next sync.
    </StateView>
  );
};
