import { useCallback, useEffect, useRef, useState } from 'react';
import type { Output } from '../../../shared/contract/index.ts';
import { isAborted, toFailure, type Failure } from '../../api/failure.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { callInput, type LogQuestion } from './question.ts';

export type LogLine = Output<'logs.list'>['items'][number];

export interface LogLines {
  /** Newest first; null until the first answer. */
  readonly lines: readonly LogLine[] | null;
  /** Older lines that fit are left. */
  readonly more: boolean;
  readonly loading: boolean;
  readonly failure: Failure | null;
  /** Counts the answers to a question asked anew; lines added below leave it as it is. */
  readonly asked: number;
  readonly refresh: () => void;
  readonly older: () => void;
}

const PAGE = 500;

interface State {
  readonly lines: readonly LogLine[] | null;
  readonly next: string | null;
  readonly failure: Failure | null;
  readonly loading: boolean;
  readonly asked: number;
}

/** The lines that fit a question, as far back as the person has asked for. A newer question overtakes an older one. */
export const useLogLines = (question: LogQuestion | null): LogLines => {
  const { queries, clock } = useRuntime();
  const [state, setState] = useState<State>({ lines: null, next: null, failure: null, loading: false, asked: 0 });
  const running = useRef<AbortController | null>(null);
  const key = question === null ? null : JSON.stringify(question);

  const load = useCallback(
    async (before: string | null): Promise<void> => {
      if (key === null) return;
      running.current?.abort();
      const stop = new AbortController();
      running.current = stop;
      setState((was) => ({ ...was, loading: true }));
      try {
        const input = callInput(JSON.parse(key) as LogQuestion, clock.now());
        const page = await queries.fetch(
          'logs.list',
          { ...input, limit: PAGE, ...(before === null ? {} : { before }) },
          stop.signal,
        );
        if (stop.signal.aborted) return;
        setState((was) => ({
          lines: before === null ? page.items : [...(was.lines ?? []), ...page.items],
          next: page.next,
          failure: null,
          loading: false,
          asked: before === null ? was.asked + 1 : was.asked,
        }));
      } catch (error) {
        if (stop.signal.aborted || isAborted(error)) return;
        setState((was) => ({ ...was, failure: toFailure(error), loading: false }));
      }
    },
    [queries, clock, key],
  );

  useEffect(() => {
    void load(null);
    return () => running.current?.abort();
  }, [load]);

  return {
    lines: state.lines,
    more: state.next !== null,
    loading: state.loading,
    failure: state.failure,
    asked: state.asked,
    refresh: () => void load(null),
    older: () => void (state.next === null || state.loading ? undefined : load(state.next)),
  };
};
