import { CheckCircle2, XCircle } from 'lucide-react';
import type { Failure } from '../../../api/failure.ts';
import { Badge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { FailureNote, Skeleton, StateView } from '../../../components/state-view.tsx';
import { formatCount } from '../../../format/amount.ts';
import type { TestResult } from './draft.ts';

/** What the test of the sign-in found: where, as whom, how fast, and what to do when it failed. */
export const TestStep = ({
  result,
  running,
  failure,
  onTest,
  onBack,
}: {
  readonly result: TestResult | null;
  readonly running: boolean;
  readonly failure: Failure | null;
  readonly onTest: () => void;
  readonly onBack: () => void;
}) => (
  <div className="form">
    <div role="status" className="tested">
      {running ? (
        <>
          <p>Signing in and making the cheapest call that proves access. Nothing is stored.</p>
          <Skeleton lines={3} />
        </>
      ) : null}
      {!running && result !== null ? (
        <>
          <Badge
            tone={result.ok ? 'good' : 'bad'}
            icon={result.ok ? <CheckCircle2 size={14} aria-hidden /> : <XCircle size={14} aria-hidden />}
          >
            {result.message}
          </Badge>
          <dl className="facts">
            <dt>Asked</dt>
            <dd className="mono">{result.reached}</dd>
            <dt>{result.ok ? 'Signed in as' : 'Tried as'}</dt>
            <dd>{result.as ?? 'not named by these facts'}</dd>
            <dt>Answered after</dt>
            <dd>{formatCount(result.milliseconds)} ms</dd>
          </dl>
          {result.advice === null ? null : (
            <p>
              <strong>What to do.</strong> {result.advice}
            </p>
          )}
        </>
      ) : null}
    </div>
    {!running && result === null && failure === null ? (
      <StateView title="Not tested as it stands" inline>
        The address or the sign-in was changed since the last test.
      </StateView>
    ) : null}
    <FailureNote failure={failure} />
    {running ? null : (
      <p className="connection__actions">
        {result?.ok === false ? <Button onPress={onBack}>Correct the sign-in</Button> : null}
        <Button onPress={onTest}>{result === null ? 'Test now' : 'Test again'}</Button>
      </p>
    )}
  </div>
);
