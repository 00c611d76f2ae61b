import type { TimelineBar } from '../../../shared/contract/sync-history.ts';
import type { TimeBar } from '../../components/timeline.tsx';
import { counted, formatCount } from '../../format/amount.ts';
import { formatDuration, formatInstant } from '../../format/time.ts';
import type { Preferences } from '../../app/preferences.ts';

const OUTCOME: Readonly<Record<TimelineBar['outcome'], string>> = {
  running: 'At work',
  failed: 'Failed',
  cancelled: 'Cancelled',
  completed: 'Completed',
};

/** A bar of the timeline with its words, up to `now` while it is at work. */
export function toTimeBar(bar: TimelineBar, now: number, dates: Preferences['dates']): TimeBar {
  const from = Date.parse(bar.startedAt);
  const to = bar.finishedAt === null ? Math.max(from, now) : Date.parse(bar.finishedAt);
  const begin = formatInstant(bar.startedAt, dates);
  const took = `${bar.finishedAt === null ? 'for' : 'took'} ${formatDuration(Math.round((to - from) / 1000))}`;
  const label =
    bar.operations === 1
      ? `${OUTCOME[bar.outcome]}, ${begin}, ${took}`
      : `${counted(bar.operations, 'operation')} from ${begin}, ${formatCount(bar.failed)} failed`;
  return { key: bar.operationId, from, to, outcome: bar.outcome, label };
}
