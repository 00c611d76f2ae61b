import type { Connection } from '../../../shared/contract/connections.ts';

export const ORDERS = [
  { value: 'trust', label: 'By trust' },
  { value: 'urgency', label: 'By urgency' },
  { value: 'name', label: 'By name' },
] as const;
export type Order = (typeof ORDERS)[number]['value'];

/** What a person has to look at first: lost sign-ins and failures, then what is past its promised interval. */
export const URGENCY: Readonly<Record<Connection['freshness'], number>> = {
  needs_sign_in: 0,
  failing: 1,
  late: 2,
  due: 3,
  never: 4,
  syncing: 5,
  fresh: 6,
};

/** Connections in the order asked for; `trust` is the order they come in. What was read longest ago is more urgent among equals. */
export function inOrder(connections: readonly Connection[], order: Order): readonly Connection[] {
  if (order === 'trust') return connections;
  if (order === 'name') return connections.toSorted((a, b) => a.name.localeCompare(b.name));
  const rank = ({ status, freshness }: Connection): number => (status === 'disconnected' ? 7 : URGENCY[freshness]);
  return connections.toSorted(
    (a, b) => rank(a) - rank(b) || (a.lastSyncedAt ?? '').localeCompare(b.lastSyncedAt ?? '') || a.name.localeCompare(b.name),
  );
}
