import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { Output } from '../../shared/contract/index.ts';
import { auditScreen } from '../features/audit/audit-screen.tsx';
import { connectionsScreen } from '../features/connections/connections-screen.tsx';
import { holdingsScreen } from '../features/holdings/holdings-screen.tsx';
import { overviewScreen } from '../features/overview/overview-screen.tsx';
import { settingsScreen } from '../features/settings/settings-screen.tsx';

/** One entry of the rail and the screen behind it. */
export interface Screen {
  /** Also the second key of its shortcut's sequence when `key` is absent. */
  readonly id: string;
  readonly path: string;
  readonly title: string;
  readonly icon: LucideIcon;
  /** Letter after `g` that goes there. */
  readonly key: string;
  readonly component: ComponentType;
  /** Open work beside the name; null or 0 shows nothing. */
  readonly count?: (overview: Output<'overview.get'>) => number;
  /** What the number counts: `open conflicts`. */
  readonly countWord?: string;
  /** Stands at the foot of the rail. */
  readonly foot?: boolean;
}

/** Every screen there is, in the order of the rail. */
export const SCREENS: readonly Screen[] = [overviewScreen, connectionsScreen, holdingsScreen, auditScreen, settingsScreen];

export const screenAt = (path: string): Screen | undefined => {
  if (path === '/') return overviewScreen;
  return SCREENS.find((screen) => screen.path === path);
};
