import type { Firm } from '../firm/firm.ts';
import type { Position } from '../firm/position.ts';
import type { Security } from '../firm/security.ts';
import type { SandboxPlatform } from './manifest.ts';
import type { PlatformChanges } from './platform-changes.ts';

/** The firm as one platform sees it: the truth with that platform’s own mistakes. */
export interface PlatformBook {
  readonly platform: SandboxPlatform;
  readonly firm: Firm;
  readonly changes: PlatformChanges;
  records(account: number, day: number): readonly Position[];
  recordCount(account: number, day: number): number;
  /** False for a security that the platform knows by ticker alone. */
  knowsIdentifiers(security: Security): boolean;
}

export function createPlatformBook(platform: SandboxPlatform, firm: Firm, changes: PlatformChanges): PlatformBook {
  return {
    platform,
    firm,
    changes,
    records(account, day) {
      const truth = firm.positions(account, day);
      if (day === 0) return truth;
      const replaced = changes.byPosition.get(account);
      const added = changes.added.get(account);
      const rows =
        changes.bySecurity.size === 0 ? truth : truth.map((row) => changes.bySecurity.get(row.security.index)?.(row, day) ?? row);
      if (!replaced && !added) return rows;
      return [
        ...rows.flatMap((row) => replaced?.get(row.security.index)?.(row, day) ?? [row]),
        ...(added ?? []).map((make) => make(day)),
      ];
    },
    recordCount(account, day) {
      const slots = firm.slots.count(account);
      if (day > 0) return slots + (changes.countDelta.get(account) ?? 0);
      let held = 0;
      for (let slot = 0; slot < slots; slot += 1) if (firm.history(account, slot) !== 'new') held += 1;
      return held;
    },
    knowsIdentifiers: (security) => !changes.tickerOnly.has(security.index),
  };
}
