import { CUSTODIANS } from '../firm/accounts.ts';
import { totalValue } from '../firm/dollars.ts';
import { fixed, plus, type Fixed } from '../firm/fixed.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { accountId, clientId, registrationId } from './ids.ts';
import { decimalNumber } from './number-text.ts';

export type ListForm = 'full' | 'simple';

/** Clients (households), registrations and accounts as JSON text. Undefined for an index that does not exist. */
export interface People {
  client(household: number, form: ListForm, day: number): string | undefined;
  registration(account: number, form: ListForm): string | undefined;
  account(account: number, form: ListForm, day: number): string | undefined;
}

const WRITTEN = '"createdDate":"2021-03-01T09:00:00","editedDate":"2024-02-11T06:05:00","editedBy":"system"';

export function createPeople({ book }: PlatformState): People {
  const { firm } = book;
  const worth = (account: number, day: number): { readonly value: Fixed; readonly cash: Fixed } => {
    const rows = book.records(account, day);
    return { value: totalValue(rows), cash: totalValue(rows.filter((row) => row.security.type === 'cash')) };
  };
  return {
    client(index, form, day) {
      const household = firm.households[index];
      if (!household) return undefined;
      let value = fixed(0, 2);
      let cash = fixed(0, 2);
      for (let place = 0; place < household.accounts; place += 1) {
        const held = worth(household.firstAccount + place, day);
        value = plus(value, held.value);
        cash = plus(cash, held.cash);
      }
      const head = `"id":${clientId(index)},"name":${quoted(household.name)}`;
      if (form === 'simple')
        return `{${head},"value":${decimalNumber(value)},"firstName":null,"lastName":${quoted(household.name)},"isActive":true}`;
      return `{${head},"firstName":null,"lastName":${quoted(household.name)},"isActive":true,"aum":${decimalNumber(value)},"cashBalance":${decimalNumber(cash)},"representativeId":1,"representativeName":"Main office","representativeNumber":"001","categoryId":null,"category":null,"email":null,"ssN_TaxID":null,"startDate":"2021-03-01T00:00:00","importKey":null,${WRITTEN}}`;
    },
    registration(index, form) {
      const account = firm.accounts[index];
      if (!account) return undefined;
      const head = `"id":${registrationId(index)},"name":${quoted(account.name)},"isActive":true,"accountType":${quoted(account.registration)}`;
      // The simple list of one client’s registrations was seen with clientId 0.
      if (form === 'simple') return `{${head},"clientId":0}`;
      return `{${head},"typeId":1,"typeCode":${quoted(account.registration)},"clientId":${clientId(account.household)},"ssN_TaxID":null,${WRITTEN}}`;
    },
    account(index, form, day) {
      const account = firm.accounts[index];
      if (!account) return undefined;
      const { value, cash } = worth(index, day);
      const head = `"id":${accountId(index)},"name":${quoted(account.name)},"number":${quoted(account.number)}`;
      const owner = `"registrationId":${registrationId(index)},"clientId":${clientId(account.household)}`;
      if (form === 'simple')
        return `{${head},"value":${decimalNumber(value)},"cashValue":${decimalNumber(cash)},"custodian":${quoted(account.custodian)},"managementStyle":"Core","isActive":true,${owner}}`;
      const custodianId = CUSTODIANS.findIndex((name) => name === account.custodian) + 1;
      return `{${head},"isActive":true,"currentValue":${decimalNumber(value)},"accountStartValue":0.0,"accountStartDate":"2021-03-01T00:00:00","accountType":${quoted(account.registration)},"accountStatusId":1,"accountStatusDescription":"Active","custodian":${quoted(account.custodian)},"custodianId":${custodianId},${owner},"managementStyle":"Core","managementStyleId":1,"fundFamily":null,"modelName":null,"isManaged":true,"isSweepAccount":false,"isQualified":${account.registration.includes('IRA')},"isTradingBlocked":false,"outsideId":null,"importKey":null,"secondaryAccountNumber":null,${WRITTEN}}`;
    },
  };
}
