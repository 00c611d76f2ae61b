import { useCallback, useState } from 'react';
import type { CallInput, CommandName, Output } from '../../shared/contract/index.ts';
import { useRuntime } from '../app/runtime.tsx';
import { isAborted, toFailure, type Failure } from './failure.ts';
import { COMMAND_TOPICS } from './topics.ts';

export type CommandResult<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export interface CommandState<N extends CommandName> {
  /** Carries the command out. Never rejects: a failure is an answer, and stays in `failure` until the next run. */
  readonly run: (input: CallInput<N>) => Promise<CommandResult<Output<N>>>;
  readonly running: boolean;
  readonly failure: Failure | null;
  readonly reset: () => void;
}

const GIVEN_UP: Failure = { code: 'cancelled', message: 'Cancelled.', requestId: null, details: {} };

/** One command of the contract with its running and failure state. What it changed is asked for again. */
export const useCommand = <N extends CommandName>(name: N): CommandState<N> => {
  const { client, dataChanged, connectivity } = useRuntime();
  const [state, setState] = useState<{ running: boolean; failure: Failure | null }>({ running: false, failure: null });

  const run = useCallback(
    async (input: CallInput<N>): Promise<CommandResult<Output<N>>> => {
      setState({ running: true, failure: null });
      try {
        const value = await client.call(name, input);
        setState({ running: false, failure: null });
        connectivity.report(true);
        if (COMMAND_TOPICS[name].length > 0) dataChanged(COMMAND_TOPICS[name]);
        return { ok: true, value };
      } catch (error) {
        const failure = isAborted(error) ? GIVEN_UP : toFailure(error);
        setState({ running: false, failure });
        connectivity.report(failure.code !== 'offline');
        return { ok: false, failure };
      }
    },
    [client, dataChanged, connectivity, name],
  );
  const reset = useCallback(() => setState({ running: false, failure: null }), []);
  return { run, running: state.running, failure: state.failure, reset };
};
