import type { Field } from './credential-fields.tsx';

/** What can be read beside positions; the setting `streams` names what is. */
export const STREAMS = [
  { id: 'transactions', label: 'Transactions', detail: 'Trades, income, fees and flows of the days below' },
  { id: 'tax_lots', label: 'Tax lots', detail: 'Purchase dates and cost of each lot, where the platform gives them' },
  { id: 'performance', label: 'Performance', detail: 'Returns as the platform computes them, where it gives them' },
  { id: 'benchmarks', label: 'Benchmarks', detail: 'Returns that performance is compared with, where the platform gives them' },
] as const;
export type StreamId = (typeof STREAMS)[number]['id'];

const ALL: readonly StreamId[] = STREAMS.map(({ id }) => id);

/** Streams a connection reads, from its setting: all unless set. */
export function chosenStreams(setting: string | undefined): readonly StreamId[] {
  const named = (setting ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  return (setting ?? '').trim() === '' ? ALL : ALL.filter((id) => named.includes(id));
}

/** The setting for chosen streams; empty for all, so that a stream added later is read too. */
export const streamsSetting = (chosen: readonly StreamId[]): string =>
  chosen.length === ALL.length ? '' : chosen.length === 0 ? 'none' : chosen.join(',');

/** Settings that say what is read, asked apart from those that say how to reach it. */
const READ_KEYS = ['streams', 'transactionDays', 'asOf'];
export const isReadSetting = ({ key }: Pick<Field, 'key'>): boolean => READ_KEYS.includes(key);
