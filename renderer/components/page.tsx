import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useRuntime } from '../app/runtime.tsx';
import './page.css';
import './table.css';

/** A screen: its name, its actions, and its content below. `fill` for content that scrolls by itself, such as a grid. */
export const Page = ({
  title,
  detail,
  actions,
  children,
  fill = false,
}: {
  readonly title: string;
  readonly detail?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly fill?: boolean;
}) => {
  const { connectivity } = useRuntime();
  const online = useStore(connectivity.store, (state) => state.online);
  return (
    <div className="page">
      <header className="page__head">
        <div className="page__name">
          <h1>{title}</h1>
          {detail === undefined ? null : <div className="page__detail">{detail}</div>}
        </div>
        <div className="page__actions">{actions}</div>
      </header>
      {online ? null : (
        <p className="page__offline" role="status">
          Clearway cannot be reached. You see the last known state, and can keep reading. It reconnects by itself.
        </p>
      )}
      <div className={fill ? 'page__fill' : 'page__scroll'}>{children}</div>
    </div>
  );
};
