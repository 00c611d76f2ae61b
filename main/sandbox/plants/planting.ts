import type { Firm } from '../firm/firm.ts';
import type { Position } from '../firm/position.ts';
import type { ManifestEntry, SandboxPlatform } from './manifest.ts';
import type { ChangesBuilder } from './platform-changes.ts';
import type { UnitPicker } from './units.ts';

type Finding = Pick<ManifestEntry, 'kind' | 'class' | 'platform' | 'sides' | 'field' | 'note'>;

/** What every kind of plant works with. */
export interface Planting {
  readonly firm: Firm;
  readonly picker: UnitPicker;
  readonly changes: Readonly<Record<SandboxPlatform, ChangesBuilder>>;
  /** Number of plants of a kind: the given one in a firm of the default size, fewer in a smaller one. */
  scaled(count: number): number;
  record(finding: Finding, account: number, security: Position['security'] | null): void;
}

export interface Recorder {
  readonly manifest: readonly ManifestEntry[];
  readonly record: Planting['record'];
}

export function createRecorder(firm: Firm): Recorder {
  const manifest: ManifestEntry[] = [];
  return {
    manifest,
    record(finding, account, security) {
      const row = firm.accounts[account];
      manifest.push({
        id: `P${String(manifest.length + 1).padStart(5, '0')}`,
        ...finding,
        accountNumber: row?.number ?? '',
        accountKey: row?.key ?? '',
        securityKey: security?.key ?? null,
        cusip: security?.cusip ?? null,
        isin: security?.isin ?? null,
      });
    },
  };
}

/**
 * Where a break shows when the platforms are synced in survivorship order: the book follows Black Diamond,
 * so a mistake there shows at the two others, and a mistake elsewhere at its own side.
 */
export const sidesOf = (platform: SandboxPlatform): readonly SandboxPlatform[] =>
  platform === 'black_diamond' ? ['orion', 'addepar'] : [platform];
