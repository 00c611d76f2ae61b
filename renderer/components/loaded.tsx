import type { ReactNode } from 'react';
import type { QueryResult } from '../api/use-query.ts';
import { FailureView, Skeleton, useSlow } from './state-view.tsx';

/** The answer of a query as a pane shows it: grey lines when it is slow, what went wrong, or what `children` makes of it. */
export const Loaded = <T,>({
  query,
  lines = 9,
  children,
}: {
  readonly query: Pick<QueryResult<T>, 'data' | 'failure' | 'refetch'>;
  readonly lines?: number;
  readonly children: (data: T) => ReactNode;
}) => {
  const { data, failure, refetch } = query;
  const slow = useSlow(data === undefined && failure === null);
  if (data !== undefined) return children(data);
  if (failure) return <FailureView failure={failure} onRetry={refetch} inline />;
  return slow ? (
    <div className="pane__section">
      <Skeleton lines={lines} />
    </div>
  ) : null;
};
