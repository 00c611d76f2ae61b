import { CloudOff, FilterX, Lock, OctagonAlert } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useRuntime } from '../app/runtime.tsx';
import type { Failure } from '../api/failure.ts';
import { shortenId } from '../format/words.ts';
import { Button } from './button.tsx';
import './state-view.css';

const SKELETON_AFTER_MS = 150;

/** True once `waiting` has lasted 150 ms, so that quick answers show no skeleton at all. */
export const useSlow = (waiting: boolean): boolean => {
  const { clock } = useRuntime();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!waiting) return setSlow(false);
    return clock.after(SKELETON_AFTER_MS, () => setSlow(true));
  }, [waiting, clock]);
  return waiting && slow;
};

export interface StateViewProps {
  readonly icon?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly inline?: boolean;
}

/** A view without data: what this is or what happened, and what to do. */
export const StateView = ({ icon, title, children, actions, inline = false }: StateViewProps) => (
  <div className={inline ? 'state state--inline' : 'state'}>
    {icon === undefined ? null : <div className="state__icon">{icon}</div>}
    <h2 className="state__title">{title}</h2>
    {children === undefined ? null : <div className="state__text">{children}</div>}
    {actions === undefined ? null : <div className="state__actions">{actions}</div>}
  </div>
);

export const FilteredEmpty = ({ what, onClear }: { readonly what: string; readonly onClear: () => void }) => (
  <StateView
    icon={<FilterX size={20} aria-hidden />}
    title={`No ${what} match`}
    actions={<Button onPress={onClear}>Clear filters</Button>}
  >
    Nothing fits the search and the filters above.
  </StateView>
);

const TITLE: Readonly<Partial<Record<Failure['code'], string>>> = {
  offline: 'Clearway cannot be reached',
  forbidden: 'Your role does not allow this',
  not_found: 'This no longer exists',
};

/** The id to quote, copied whole on press. */
export const RequestId = ({ id }: { readonly id: string }) => {
  const { toasts } = useRuntime();
  const copy = (): void => {
    navigator.clipboard.writeText(id).then(
      () => toasts.show({ text: 'Id copied' }),
      () => toasts.show({ kind: 'bad', text: `Copying is not allowed here. The id is ${id}` }),
    );
  };
  return (
    <button type="button" className="request-id mono" title={id} onClick={copy}>
      <span className="visually-hidden">Copy the id </span>
      {shortenId(id)}
    </button>
  );
};

/** What went wrong, what is safe, what to do, and the id to quote. `safe` completes the picture for this view. */
export const FailureView = ({
  failure,
  onRetry,
  safe,
  inline = false,
}: {
  readonly failure: Failure;
  readonly onRetry?: () => void;
  readonly safe?: string;
  readonly inline?: boolean;
}) => {
  const icon =
    failure.code === 'offline' ? (
      <CloudOff size={20} aria-hidden />
    ) : failure.code === 'forbidden' ? (
      <Lock size={20} aria-hidden />
    ) : (
      <OctagonAlert size={20} aria-hidden />
    );
  return (
    <StateView
      icon={icon}
      title={TITLE[failure.code] ?? 'This could not be loaded'}
      inline={inline}
      actions={onRetry && failure.code !== 'forbidden' ? <Button onPress={onRetry}>Try again</Button> : undefined}
    >
      <p>
        {failure.code === 'offline'
          ? 'Nothing is lost. It reconnects by itself, and this view fills when it does.'
          : failure.message}
      </p>
      {failure.code === 'offline' ? null : <p>{safe ?? 'Nothing was changed; your decisions and the book are as they were.'}</p>}
      {failure.requestId === null ? null : (
        <p className="quiet">
          Quote this id when asking for help: <RequestId id={failure.requestId} />
        </p>
      )}
    </StateView>
  );
};

/** One line about a command that failed, beside the button that started it. */
export const FailureNote = ({ failure }: { readonly failure: Failure | null }) =>
  failure === null ? null : (
    <p className="failure-note" role="alert">
      <OctagonAlert size={14} aria-hidden />
      <span>
        {failure.message} {failure.requestId === null ? null : <RequestId id={failure.requestId} />}
      </span>
    </p>
  );

/** Grey lines in the place of text that is on its way. */
export const Skeleton = ({ lines = 3 }: { readonly lines?: number }) => (
  <div className="skeleton" aria-hidden>
    {Array.from({ length: lines }, (_, line) => (
      <span key={line} className={`skeleton__line skeleton__line--${line % 3}`} />
    ))}
  </div>
);
