import { useCallback, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import type { CallInput, Output, QueryName } from '../../shared/contract/index.ts';
import { useRuntime } from '../app/runtime.tsx';
import type { Failure } from './failure.ts';
import { queryKey } from './query-store.ts';

export interface QueryResult<T> {
  readonly data: T | undefined;
  readonly failure: Failure | null;
  /** A request is on its way, whether or not something is shown already. */
  readonly fetching: boolean;
  /** `data` answers an earlier input while the new one loads. */
  readonly previous: boolean;
  readonly refetch: () => void;
}

/**
 * Shows the answer to a query and keeps it up to date. `input` null asks nothing.
 * With `keep`, the last answer stays while another input loads, so that nothing jumps.
 */
export const useQuery = <N extends QueryName>(
  name: N,
  input: CallInput<N> | null,
  options: { readonly keep?: boolean } = {},
): QueryResult<Output<N>> => {
  const { queries } = useRuntime();
  const key = input === null ? null : queryKey(name, input);
  const entry = useStore(queries.store, (state) => (key === null ? undefined : state[key]));
  const last = useRef<Output<N> | undefined>(undefined);

  useEffect(
    () => (key === null ? undefined : queries.observe(name, JSON.parse(key.slice(name.length + 1)) as CallInput<N>)),
    [queries, name, key],
  );

  const data = entry?.data as Output<N> | undefined;
  useEffect(() => {
    if (data !== undefined) last.current = data;
  }, [data]);

  const refetch = useCallback(() => {
    if (key !== null) queries.refetch(key);
  }, [queries, key]);
  const previous = data === undefined && options.keep === true && key !== null ? last.current : undefined;
  return {
    data: data ?? previous,
    failure: entry?.failure ?? null,
    fetching: key !== null && (entry === undefined || entry.fetching),
    previous: previous !== undefined,
    refetch,
  };
};
