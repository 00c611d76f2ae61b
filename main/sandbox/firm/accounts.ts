import { placeName } from './names.ts';
import type { RandomStream } from './random.ts';

export interface Household {
  readonly index: number;
  readonly key: string;
  readonly name: string;
  readonly firstAccount: number;
  readonly accounts: number;
}

export interface Account {
  readonly index: number;
  readonly key: string;
  readonly household: number;
  readonly name: string;
  readonly number: string;
  readonly custodian: string;
  readonly registration: string;
  /** One of two accounts whose numbers look alike; no platform’s id for it is confirmed. */
  readonly lookalike: boolean;
}

export const CUSTODIANS = [
  'Harborline Clearing',
  'Northgate Custody',
  'Meridian Trust Services',
  'Stonebridge Securities',
] as const;

const HOUSEHOLD_FORMS = ['household', 'family', 'family office', 'household', 'foundation', 'family'];
const ACCOUNT_FORMS: readonly (readonly [name: string, registration: string])[] = [
  ['family trust', 'Trust'],
  ['IRA', 'IRA'],
  ['joint brokerage', 'Joint'],
  ['Roth IRA', 'Roth IRA'],
  ['individual brokerage', 'Individual'],
  ['education plan', '529 plan'],
  ['charitable fund', 'Foundation'],
  ['rollover IRA', 'IRA'],
];
const LOOKALIKE_NUMBERS = ['0012-345678', '12345678'];

/** Custodians write numbers in their own way; after normalising, no two of these are equal. */
function accountNumber(custodian: number, index: number): string {
  const digits = String((index * 9973 + 1_204_557) % 10_000_000).padStart(7, '0'); // 9973 shares no factor with 10^7
  if (custodian === 0) return `003${digits.slice(0, 1)}-${digits.slice(1)}`;
  if (custodian === 1) return `6${digits}`;
  if (custodian === 2) return `HX-${digits}`;
  return `8${digits}1`;
}

/** Households in order, each with a contiguous run of accounts: about four accounts to a household. */
export function createHouseholds(accounts: number): readonly Household[] {
  const count = Math.max(1, Math.round((accounts * 60) / 250));
  const first = (index: number): number => Math.floor((index * accounts) / count);
  return Array.from({ length: count }, (_, index) => ({
    index,
    key: `H${String(index + 1).padStart(5, '0')}`,
    name: `${placeName(index)} ${HOUSEHOLD_FORMS[index % HOUSEHOLD_FORMS.length]}`,
    firstAccount: first(index),
    accounts: first(index + 1) - first(index),
  }));
}

export function createAccounts(
  households: readonly Household[],
  withLookalikes: boolean,
  random: RandomStream,
): readonly Account[] {
  const total = households.reduce((sum, household) => sum + household.accounts, 0);
  const firstLookalike = withLookalikes && total >= 10 ? total - LOOKALIKE_NUMBERS.length : total;
  return households.flatMap((household) =>
    Array.from({ length: household.accounts }, (_, place): Account => {
      const index = household.firstAccount + place;
      const lookalike = index >= firstLookalike;
      const custodian = lookalike ? 0 : random.below(CUSTODIANS.length, household.index, place < 3 ? 0 : place);
      const [form, registration] = ACCOUNT_FORMS[place % ACCOUNT_FORMS.length] ?? ['account', 'Individual'];
      const again = Math.floor(place / ACCOUNT_FORMS.length);
      return {
        index,
        key: `A${String(index + 1).padStart(6, '0')}`,
        household: household.index,
        name: `${placeName(household.index)} ${form}${again === 0 ? '' : ` ${again + 1}`}`,
        number: lookalike ? (LOOKALIKE_NUMBERS[index - firstLookalike] ?? '') : accountNumber(custodian, index),
        custodian: CUSTODIANS[custodian] ?? CUSTODIANS[0],
        registration,
        lookalike,
      };
    }),
  );
}
