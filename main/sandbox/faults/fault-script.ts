import { createRandom } from '../firm/random.ts';
import { REQUEST_FAULTS, type FaultOrder } from './fault.ts';

const LONGEST_GAP = 6;

/**
 * As many faults as told, drawn by seed: the same seed gives the same faults after the same numbers of requests, so that
 * a failure found once can be played again.
 */
export function faultScript(seed: string, count: number): readonly FaultOrder[] {
  const draw = createRandom(seed)('fault-script');
  return Array.from({ length: count }, (_, place) => {
    const fault = REQUEST_FAULTS[draw.below(REQUEST_FAULTS.length, place, 0)] ?? 'server_error';
    return { fault, after: draw.below(LONGEST_GAP, place, 1), delayMs: 50, retryAfterSeconds: 1 };
  });
}
