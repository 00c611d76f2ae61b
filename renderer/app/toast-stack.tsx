import { CheckCircle2, Info, OctagonAlert, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { Button, IconButton } from '../components/button.tsx';
import { RequestId } from '../components/state-view.tsx';
import { useRuntime } from './runtime.tsx';
import type { Toast } from './toasts.ts';

const ICON = {
  good: <CheckCircle2 size={16} aria-hidden />,
  bad: <OctagonAlert size={16} aria-hidden />,
  plain: <Info size={16} aria-hidden />,
  // Looks urgent and is read out politely: it is no answer to what the person is doing.
  alert: <OctagonAlert size={16} aria-hidden />,
};

const ToastCard = ({ toast }: { readonly toast: Toast }) => {
  const { toasts } = useRuntime();
  const { action } = toast;
  return (
    <li className={`toast toast--${toast.kind}`}>
      {ICON[toast.kind]}
      <span className="toast__text">
        {toast.text}
        {toast.requestId === null ? null : (
          <>
            {' '}
            <RequestId id={toast.requestId} />
          </>
        )}
      </span>
      {action === null ? null : (
        <Button
          onPress={() => {
            toasts.dismiss(toast.id);
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label="Dismiss" onPress={() => toasts.dismiss(toast.id)}>
        <X size={14} aria-hidden />
      </IconButton>
    </li>
  );
};

/** Messages about what just happened, read out once, kept while the pointer or the focus is on them. */
export const ToastStack = () => {
  const { toasts, announcer } = useRuntime();
  const shown = useStore(toasts.store);
  const last = useRef(0);
  const newest = shown.at(-1);
  useEffect(() => {
    if (!newest || newest.id <= last.current) return;
    last.current = newest.id;
    announcer.say(
      newest.action ? `${newest.text} ${newest.action.label} is available.` : newest.text,
      newest.kind === 'bad' ? 'urgent' : 'polite',
    );
  }, [newest, announcer]);
  const stack = useRef<HTMLElement>(null);
  const isEmpty = shown.length === 0;
  useEffect(() => {
    const element = stack.current;
    if (isEmpty || element === null) return undefined;
    const handlers = [
      ['mouseenter', toasts.hold],
      ['mouseleave', toasts.release],
      ['focusin', toasts.hold],
      ['focusout', toasts.release],
    ] as const;
    for (const [name, handler] of handlers) element.addEventListener(name, handler);
    return () => {
      for (const [name, handler] of handlers) element.removeEventListener(name, handler);
    };
  }, [isEmpty, toasts]);
  if (isEmpty) return null;
  return (
    <section ref={stack} className="toasts" aria-label="Messages" data-region="toasts" tabIndex={-1}>
      <ul>
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} />
        ))}
      </ul>
    </section>
  );
};
