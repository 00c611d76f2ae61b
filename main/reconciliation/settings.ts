import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import { tolerances as toleranceShape, type RunSummary } from '../../shared/contract/reconciliation.ts';
import { DEFAULT_TOLERANCES } from '../core/tolerance.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';

export type RunTolerances = RunSummary['tolerances'];

const KEY = 'tolerances';

/** The firm's tolerances, or the defaults while nobody has changed them. */
export function currentTolerances(db: ReadDb): RunTolerances {
  const text = db.prepare('SELECT value FROM settings WHERE key = ?').pluck().get(KEY) as string | undefined;
  return text === undefined ? DEFAULT_TOLERANCES : toleranceShape.parse(JSON.parse(text));
}

export const readSettings = (db: ReadDb): Output<'settings.get'> => ({ tolerances: currentTolerances(db) });

export function updateSettings(db: WritableDb, input: HandlerInput<'settings.update'>): Output<'settings.update'> {
  db.prepare('INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value').run(
    KEY,
    JSON.stringify(input.tolerances),
  );
  return { tolerances: input.tolerances };
}
