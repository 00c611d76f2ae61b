import type { Output } from '../../../shared/contract/index.ts';
import type { Freshness } from '../../components/badge.tsx';
import { formatCount } from '../../format/amount.ts';
import { FRESHNESS_NAME } from '../../format/words.ts';
import { URGENCY } from '../connections/urgency.ts';

export type ConnectionState = Output<'sync.status'>['connections'][number];

export interface StateSummary {
  /** The worst state of all. */
  readonly freshness: Freshness;
  /** `Orion failing, 1 more needs attention`. */
  readonly words: string;
}

const SEVERAL: Readonly<Partial<Record<Freshness, string>>> = { needs_sign_in: 'need sign-in' };
const IN_ORDER: readonly Freshness[] = ['fresh', 'syncing'];

/** How all connections stand, said by the worst of them; null when there are none. */
export function stateSummary(connections: readonly Pick<ConnectionState, 'name' | 'freshness'>[]): StateSummary | null {
  const worst = connections.toSorted((a, b) => URGENCY[a.freshness] - URGENCY[b.freshness])[0];
  if (worst === undefined) return null;
  const { freshness } = worst;
  if (IN_ORDER.includes(freshness))
    return {
      freshness: 'fresh',
      words: connections.length === 1 ? `${worst.name} fresh` : `All ${formatCount(connections.length)} connections fresh`,
    };
  const name = FRESHNESS_NAME[freshness].toLowerCase();
  const same = connections.filter((connection) => connection.freshness === freshness).length;
  const others = connections.filter((connection) => !IN_ORDER.includes(connection.freshness)).length - same;
  const first = same === 1 ? `${worst.name} ${name}` : `${formatCount(same)} connections ${SEVERAL[freshness] ?? name}`;
  return {
    freshness,
    words: others === 0 ? first : `${first}, ${formatCount(others)} more ${others === 1 ? 'needs' : 'need'} attention`,
  };
}

/** The oldest and the newest day the data of the connections is of; null while none was read. */
export function dataSpan(connections: readonly Pick<ConnectionState, 'asOf'>[]): { oldest: string; newest: string } | null {
  const days = connections.flatMap(({ asOf }) => asOf ?? []).toSorted();
  const [oldest] = days;
  const newest = days.at(-1);
  return oldest === undefined || newest === undefined ? null : { oldest, newest };
}
