import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import { useStore } from 'zustand';
import type { Output } from '../../shared/contract/index.ts';
import { formatCount } from '../format/amount.ts';
import { Link } from '../router/link.tsx';
import { useRuntime } from './runtime.tsx';
import type { Screen } from './screen.ts';
import { SCREENS } from './screens.ts';

const shortCount = (count: number): string => (count > 99_999 ? '99k+' : formatCount(count));

const Entry = ({
  screen,
  current,
  overview,
  open,
}: {
  readonly screen: Screen;
  readonly current: boolean;
  readonly overview: Output<'overview.get'> | undefined;
  readonly open: boolean;
}) => {
  const count = overview === undefined ? 0 : (screen.count?.(overview) ?? 0);
  const words = count === 0 ? '' : ` ${formatCount(count)} ${screen.countWord ?? 'open'}`;
  const Icon = screen.icon;
  return (
    <li>
      <Link to={screen.path} className="rail__entry" current={current} label={`${screen.title}${words}`}>
        <Icon size={18} strokeWidth={1.75} aria-hidden />
        {open ? <span className="rail__title">{screen.title}</span> : null}{' '}
        {count === 0 ? null : (
          <span className="rail__count" title={`${formatCount(count)} ${screen.countWord ?? 'open'}`}>
            {open ? shortCount(count) : null}
          </span>
        )}
      </Link>
    </li>
  );
};

/** The screens, with the open work beside their names. */
export const Rail = ({
  current,
  overview,
}: {
  readonly current: Screen | undefined;
  readonly overview: Output<'overview.get'> | undefined;
}) => {
  const { preferences } = useRuntime();
  const open = useStore(preferences, (state) => state.railOpen);
  const entries = (foot: boolean) =>
    SCREENS.filter((screen) => screen.under === undefined && (screen.foot === true) === foot).map((screen) => (
      <Entry
        key={screen.id}
        screen={screen}
        current={screen === current || screen.path === current?.under}
        overview={overview}
        open={open}
      />
    ));
  return (
    <nav className="rail" data-open={open} data-region="rail" aria-label="Screens" tabIndex={-1}>
      <ul>{entries(false)}</ul>
      <ul className="rail__foot">
        {entries(true)}
        <li>
          <button
            type="button"
            className="rail__entry"
            onClick={() => preferences.setState({ railOpen: !open })}
            aria-label={open ? 'Fold the rail' : 'Expand the rail'}
            aria-expanded={open}
          >
            {open ? (
              <PanelLeftClose size={18} strokeWidth={1.75} aria-hidden />
            ) : (
              <PanelLeftOpen size={18} strokeWidth={1.75} aria-hidden />
            )}
            {open ? <span className="rail__title">Fold</span> : null}
          </button>
        </li>
      </ul>
    </nav>
  );
};
