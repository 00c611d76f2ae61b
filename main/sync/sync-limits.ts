import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import { syncLimits, type SyncLimits } from '../../shared/contract/sync.ts';
import { readSetting, writeSetting } from '../store/settings.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';
import { DEFAULT_BREAKER_AFTER } from './breaker.ts';

const KEY = 'sync_limits';

/** Two of a platform leave room for the others; four hours are the default interval. */
const DEFAULT_LIMITS: SyncLimits = {
  atOnce: 4,
  perPlatform: 2,
  timeLimitMinutes: 240,
  breakerAfter: DEFAULT_BREAKER_AFTER,
};

/** The limits the engine keeps to, or the defaults while nobody has changed them. */
export function readLimits(db: ReadDb): Output<'sync.limits'> {
  const text = readSetting(db, KEY);
  return text === undefined ? DEFAULT_LIMITS : syncLimits.parse(JSON.parse(text));
}

export function changeLimits(db: WritableDb, limits: HandlerInput<'sync.changeLimits'>): Output<'sync.changeLimits'> {
  writeSetting(db, KEY, JSON.stringify(limits));
  return limits;
}
