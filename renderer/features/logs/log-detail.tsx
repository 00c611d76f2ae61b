import { PaneHead, PaneSection } from '../../components/split.tsx';
import { exactInstant } from '../../format/time.ts';
import { Link } from '../../router/link.tsx';
import { LevelBadge } from './columns.tsx';
import type { LogLine } from './use-log-lines.ts';

const only = (name: 'operation' | 'request' | 'user', value: string): string =>
  `/settings/logs?${new URLSearchParams({ [name]: value }).toString()}`;

/** A text that is read whole: selectable, reachable by keyboard. */
const Whole = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <textarea
    className="payload mono log__text"
    readOnly
    spellCheck={false}
    aria-label={label}
    value={text}
    rows={Math.min(24, text.split('\n').length + 1)}
  />
);

/** One line of the log with everything it says, and the way to all lines of the same call or sync. */
export const LogDetail = ({ line }: { readonly line: LogLine }) => (
  <>
    <PaneHead title={line.message}>
      <LevelBadge level={line.level} />
    </PaneHead>
    <PaneSection title="Line">
      <dl className="facts">
        <dt>When</dt>
        <dd>{exactInstant(line.at)}</dd>
        {line.operationId === null ? null : (
          <>
            <dt>Sync</dt>
            <dd>
              <span className="mono">{line.operationId}</span>,{' '}
              <Link to={only('operation', line.operationId)}>all lines of this sync</Link>
            </dd>
          </>
        )}
        {line.requestId === null ? null : (
          <>
            <dt>Call</dt>
            <dd>
              <span className="mono">{line.requestId}</span>,{' '}
              <Link to={only('request', line.requestId)}>all lines of this call</Link>
            </dd>
          </>
        )}
        {line.userId === null ? null : (
          <>
            <dt>Who</dt>
            <dd>
              {line.userId}, <Link to={only('user', line.userId)}>all lines of theirs</Link>
            </dd>
          </>
        )}
      </dl>
    </PaneSection>
    {line.errors.map((error, index) => (
      <PaneSection key={`${index} ${error.message}`} title={index === 0 ? 'Error' : 'Caused by'}>
        <p className="log__error">
          <strong>{error.name}</strong> {error.message}
        </p>
        {error.stack === null ? null : (
          <Whole label={`Stack of ${error.name}`} text={error.stack.replaceAll(/ {3,}at /g, '\n  at ')} />
        )}
      </PaneSection>
    ))}
    {line.details === '' ? null : (
      <PaneSection title="Details">
        <Whole label="Details as JSON" text={line.details} />
      </PaneSection>
    )}
  </>
);
