import type { Firm } from '../firm/firm.ts';
import { plantAnalystWork, type AnalystWork } from './analyst-edits.ts';
import type { ManifestEntry, SandboxPlatform } from './manifest.ts';
import { createPlatformBook, type PlatformBook } from './platform-book.ts';
import { createPlatformChanges } from './platform-changes.ts';
import { createRecorder, type Planting } from './planting.ts';
import { plantOnPositions, plantOnPresence } from './position-plants.ts';
import { plantLookalikes, plantOnSecurities } from './security-plants.ts';
import { createUnitPicker } from './units.ts';

export type PlantLevel = 'default' | 'none';

export interface Plan extends AnalystWork {
  readonly manifest: readonly ManifestEntry[];
  readonly books: Readonly<Record<SandboxPlatform, PlatformBook>>;
  readonly planted: boolean;
}

const DEFAULT_HOLDINGS = 6_000;

/** Decides what each platform gets wrong about the firm and what analysts edited, and writes down every difference. */
export function createPlan(firm: Firm, level: PlantLevel): Plan {
  const changes = {
    black_diamond: createPlatformChanges(firm.slots.total),
    orion: createPlatformChanges(firm.slots.total),
    addepar: createPlatformChanges(firm.slots.total),
  };
  const recorder = createRecorder(firm);
  let work: AnalystWork = { edits: [], unknownCosts: new Set() };
  if (level === 'default') {
    const size = Math.min(1, firm.slots.total / DEFAULT_HOLDINGS);
    const planting: Planting = {
      firm,
      picker: createUnitPicker(firm),
      changes,
      record: recorder.record,
      scaled: (count) => Math.max(1, Math.round(count * size)),
    };
    plantOnSecurities(planting);
    plantOnPresence(planting);
    plantOnPositions(planting);
    work = plantAnalystWork(planting);
    plantLookalikes(planting);
  }
  return {
    ...work,
    manifest: recorder.manifest,
    planted: level === 'default',
    books: {
      black_diamond: createPlatformBook('black_diamond', firm, changes.black_diamond),
      orion: createPlatformBook('orion', firm, changes.orion),
      addepar: createPlatformBook('addepar', firm, changes.addepar),
    },
  };
}
