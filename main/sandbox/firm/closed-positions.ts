import type { Firm } from './firm.ts';
import type { Security } from './security.ts';

const ONE_ACCOUNT_IN = 3;

/** A security that the account sold long ago: platforms list it without units unless asked for held positions only. */
export function closedSecurity(firm: Firm, account: number): Security | null {
  if (account % ONE_ACCOUNT_IN !== 0) return null;
  const security = firm.securities[firm.slots.security(account, firm.slots.count(account))];
  return security === undefined || security.type === 'cash' ? null : security;
}
