import type { Waiting } from '../../../shared/contract/sync.ts';
import type { SyncProgress } from '../../api/progress-store.ts';
import { formatCount } from '../../format/amount.ts';
import { formatDuration, formatTime } from '../../format/time.ts';

const part = (done: number, total: number | null): string =>
  total === null ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`;

/** What a sync that does not go on waits for, as a sentence. */
export const waitingWords = ({ for: what, until }: Waiting): string => {
  const when = until === null ? '' : ` ${formatTime(until)}`;
  switch (what) {
    case 'turn':
      return 'Waits for its turn; it begins when another sync ends.';
    case 'retry':
      return `Tries again at${when} from where it stopped.`;
    case 'breaker':
      return `Left alone until${when}, because its syncs failed several times in a row.`;
    case 'offline':
      return 'Waits for the network and goes on by itself.';
    case 'budget':
      return `Waits for the platform’s request budget until${when}.`;
  }
};

/** Where a sync stands, in words: `fetching, 3,200 of 6,000 records, 850 per second, about 4 s left`. */
export const progressWords = (progress: SyncProgress): string => {
  const { waiting } = progress;
  if (waiting?.for === 'budget' && waiting.until !== null)
    return `waiting for the platform’s request budget until ${formatTime(waiting.until)}, ${part(progress.records, progress.expected)} records so far`;
  const speed = progress.recordsPerSecond > 0 ? `, ${formatCount(progress.recordsPerSecond)} per second` : '';
  const left = progress.secondsRemaining === null ? '' : `, about ${formatDuration(progress.secondsRemaining)} left`;
  switch (progress.status) {
    case 'queued':
      return 'waiting to start';
    case 'staged':
      return `${formatCount(progress.records)} records received, about to merge`;
    case 'merging':
      return `merging, ${part(progress.merged, progress.records)} records${speed}${left}`;
    default:
      return `fetching, ${part(progress.records, progress.expected)} records${speed}${left}`;
  }
};
