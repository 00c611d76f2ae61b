import type { HoldingField } from '../../../shared/model/holding.ts';

export const SANDBOX_PLATFORMS = ['black_diamond', 'orion', 'addepar'] as const;
export type SandboxPlatform = (typeof SANDBOX_PLATFORMS)[number];

export type PlantKind =
  | 'price_vendor'
  | 'stale_price'
  | 'split_not_applied'
  | 'price_rounded'
  | 'quantity_rounded'
  | 'ticker_only'
  | 'share_class'
  | 'missing'
  | 'extra'
  | 'duplicate'
  | 'cost_basis'
  | 'cash'
  | 'bond_units'
  | 'option_value'
  | 'quantity'
  | 'wrong_account'
  | 'accrued_in_value'
  | 'analyst_edit'
  | 'lookalike_account';

/** Break classes as `docs/reconciliation.md` names them. */
export type PlantClass =
  | 'account_mapping'
  | 'identifier'
  | 'missing'
  | 'extra'
  | 'duplicate'
  | 'corporate_action'
  | 'multiplier'
  | 'rounding'
  | 'stale_price'
  | 'price_source'
  | 'cash'
  | 'quantity'
  | 'cost_basis'
  | 'self_inconsistent';

/** One planted difference. Only tests read it. */
export interface ManifestEntry {
  readonly id: string;
  readonly kind: PlantKind;
  /** The class a reconciliation should give it; null where no break appears until a person has linked something. */
  readonly class: PlantClass | null;
  /** Who differs from the truth. */
  readonly platform: SandboxPlatform | 'clearway';
  /** On whose side the break shows once the platforms were synced in the order black_diamond, orion, addepar. */
  readonly sides: readonly SandboxPlatform[];
  readonly accountNumber: string;
  /** Keys of the opening book. */
  readonly accountKey: string;
  readonly securityKey: string | null;
  readonly cusip: string | null;
  readonly isin: string | null;
  /** The field that gives the plant away first; other fields of the position may differ with it. */
  readonly field: HoldingField | 'presence' | 'cash' | null;
  readonly note: string;
}
