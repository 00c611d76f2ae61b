import { Component, type ReactNode } from 'react';
import { Button } from '../components/button.tsx';
import { StateView } from '../components/state-view.tsx';

interface FenceState {
  readonly problem: string | null;
}

/** Catches a failure of the screens themselves: says what is safe and offers to start the window again. */
export class ErrorFence extends Component<{ readonly children: ReactNode }, FenceState> {
  override state: FenceState = { problem: null };

  static getDerivedStateFromError(error: unknown): FenceState {
    return { problem: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.problem === null) return this.props.children;
    return (
      <StateView
        title="This window stopped working"
        actions={<Button onPress={() => window.location.reload()}>Load the window again</Button>}
      >
        <p>Your decisions and the book are safe; they are kept outside this window.</p>
        <p className="mono">{this.state.problem}</p>
      </StateView>
    );
  }
}
