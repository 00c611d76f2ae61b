import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { Output } from '../../shared/contract/index.ts';

/** One entry of the rail and the screen behind it. */
export interface Screen {
  readonly id: string;
  readonly path: string;
  readonly title: string;
  readonly icon: LucideIcon;
  /** Letter after `g` that goes there; a screen below another has none. */
  readonly key?: string;
  /** Path of the screen it is a part of, whose entry in the rail stands for it. */
  readonly under?: string;
  readonly component: ComponentType;
  /** Open work beside the name; null or 0 shows nothing. */
  readonly count?: (overview: Output<'overview.get'>) => number;
  /** What the number counts: `open conflicts`. */
  readonly countWord?: string;
  /** Stands at the foot of the rail. */
  readonly foot?: boolean;
}
