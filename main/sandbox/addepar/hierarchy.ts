import { fixed, type Fixed } from '../firm/fixed.ts';
import type { Firm } from '../firm/firm.ts';

/** A few accounts hold another account of the same household: a sleeve inside the account. */
export function parentAccount(firm: Firm, account: number): number | null {
  if (account % 25 !== 8) return null;
  return firm.accounts[account - 1]?.household === firm.accounts[account]?.household ? account - 1 : null;
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
