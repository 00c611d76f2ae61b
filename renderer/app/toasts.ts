import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Clock } from '../ports/clock.ts';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}
export interface Toast {
  readonly id: number;
  readonly kind: 'good' | 'bad' | 'plain' | 'alert';
  readonly text: string;
  readonly action: ToastAction | null;
  /** To quote when asking for help. */
  readonly requestId: string | null;
}

export interface Toasts {
  readonly store: StoreApi<readonly Toast[]>;
  show(toast: { kind?: Toast['kind']; text: string; action?: ToastAction; requestId?: string | null }): number;
  dismiss(id: number): void;
  /** Holds all toasts while the pointer or the focus is on them. */
  hold(): void;
  release(): void;
}

const SHOWN_MS = { plain: 6000, good: 10_000, bad: 20_000, alert: 20_000 } as const;
const MAX_SHOWN = 4;

/** Short messages about what just happened, with at most one action each. Failures stay longest. */
export const createToasts = (clock: Clock): Toasts => {
  const store = createStore<readonly Toast[]>(() => []);
  const timers = new Map<number, () => void>();
  let next = 1;

  const dismiss = (id: number): void => {
    timers.get(id)?.();
    timers.delete(id);
    store.setState((toasts) => toasts.filter((toast) => toast.id !== id), true);
  };
  const arm = (toast: Toast): void => {
    timers.set(
      toast.id,
      clock.after(SHOWN_MS[toast.kind], () => dismiss(toast.id)),
    );
  };

  return {
    store,
    show: ({ kind = 'plain', text, action, requestId }) => {
      const toast: Toast = { id: next, kind, text, action: action ?? null, requestId: requestId ?? null };
      next += 1;
      store.setState((toasts) => [...toasts, toast], true);
      for (const old of store.getState().slice(0, -MAX_SHOWN)) dismiss(old.id);
      arm(toast);
      return toast.id;
    },
    dismiss,
    hold: () => {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
    release: () => {
      for (const toast of store.getState()) {
        timers.get(toast.id)?.();
        arm(toast);
      }
    },
  };
};
