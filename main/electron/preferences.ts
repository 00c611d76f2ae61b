import type { Schema } from 'electron-store';
import type { SavedPlace } from './window-place.ts';

/** What the desktop host keeps for itself. Everything the program knows is in the book. */
export interface Preferences {
  readonly window?: SavedPlace;
}

const pixels = { type: 'integer', minimum: -100_000, maximum: 100_000 } as const;

export const PREFERENCES_SCHEMA: Schema<Record<keyof Preferences, unknown>> = {
  window: {
    type: 'object',
    additionalProperties: false,
    required: ['bounds', 'maximised'],
    properties: {
      bounds: {
        type: 'object',
        additionalProperties: false,
        required: ['x', 'y', 'width', 'height'],
        properties: { x: pixels, y: pixels, width: { ...pixels, minimum: 1 }, height: { ...pixels, minimum: 1 } },
      },
      maximised: { type: 'boolean' },
    },
  },
};

/** Options of the store that holds the preferences. A file that is damaged or does not fit the schema starts afresh. */
export const preferencesOptions = {
  name: 'preferences',
  schema: PREFERENCES_SCHEMA,
  clearInvalidConfig: true,
  rootSchema: { additionalProperties: false },
};
