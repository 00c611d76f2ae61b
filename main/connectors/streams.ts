import type { ConnectorContext } from './connector.ts';
import { setting } from './settings.ts';

/** What a connection can be told not to read; accounts, securities and positions always come. */
const OPTIONAL_STREAMS = ['transactions', 'tax_lots', 'performance', 'benchmarks'] as const;
export type OptionalStream = (typeof OPTIONAL_STREAMS)[number];

/** Whether this connection reads a stream: the setting `streams` lists those it does, `none` for no other than positions; all unless set. */
export function wantsStream(context: ConnectorContext, stream: OptionalStream): boolean {
  const chosen = setting(context, 'streams', '').toLowerCase();
  return chosen === '' || chosen.split(',').some((name) => name.trim() === stream);
}
