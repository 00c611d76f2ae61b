import type { MouseEvent, ReactNode } from 'react';
import { useRuntime } from '../app/runtime.tsx';

/** A link inside the workstation: a plain click stays in this window, every other click is the browser's. */
export const Link = ({
  to,
  children,
  className,
  label,
  current,
}: {
  readonly to: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly label?: string;
  readonly current?: boolean;
}) => {
  const { router } = useRuntime();
  const follow = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.go(to);
  };
  return (
    <a href={to} onClick={follow} className={className} aria-label={label} aria-current={current === true ? 'page' : undefined}>
      {children}
    </a>
  );
};
