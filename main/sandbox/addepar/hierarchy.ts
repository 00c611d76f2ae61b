import { fixed, type Fixed } from '../firm/fixed.ts';
import type { Firm } from '../firm/firm.ts';

const SLEEVE_IN_HOUSEHOLDS = 8;

/** The second account of one household in eight is a sleeve inside the first. */
export function parentAccount(firm: Firm, account: number): number | null {
  const household = firm.households[firm.accounts[account]?.household ?? -1];
  return household && household.index % SLEEVE_IN_HOUSEHOLDS === 1 && account === household.firstAccount + 1 ? account - 1 : null;
}

export const subAccount = (firm: Firm, account: number): number | null =>
  firm.accounts[account + 1] !== undefined && parentAccount(firm, account + 1) === account ? account + 1 : null;

/** What one household owns itself, without an account. */
export interface DirectProperty {
  readonly household: number;
  readonly name: string;
  readonly value: Fixed;
}
export const directProperty = (firm: Firm): DirectProperty | null =>
  firm.households.length < 3 ? null : { household: 2, name: 'Lakeside orchard', value: fixed(124_500_000, 2) };
