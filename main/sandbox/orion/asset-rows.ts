import { closedSecurity } from '../firm/closed-positions.ts';
import type { Fixed } from '../firm/fixed.ts';
import type { Security } from '../firm/security.ts';
import { quoted } from '../http/json-text.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { accountId, assetId, clientId, closedAssetId, productId, registrationId } from './ids.ts';
import { decimalNumber } from './number-text.ts';
import type { Products } from './products.ts';

export interface AssetShape {
  readonly day: number;
  readonly cost: boolean;
  /** True: positions with value only; false: closed ones only; null: both. */
  readonly hasValue: boolean | null;
  /** `value` is the reduced form of the `/Value` routes. */
  readonly form: 'full' | 'value';
}

/** Assets, one JSON text per row. */
export interface AssetRows {
  ofAccount(account: number, shape: AssetShape): readonly string[];
  count(account: number, shape: AssetShape): number;
}

const NO_UNITS = '0.0';

export function createAssetRows(state: PlatformState, products: Products): AssetRows {
  const { book } = state;
  const { firm } = book;
  const accountMembers: string[] = [];

  const membersOf = (account: number): string => {
    const known = accountMembers[account];
    if (known !== undefined) return known;
    const row = firm.accounts[account];
    const household = row?.household ?? 0;
    const made =
      `"accountId":${accountId(account)},"accountNumber":${quoted(row?.number ?? '')},"registrationId":${registrationId(account)},` +
      `"registrationName":${quoted(row?.name ?? '')},"registrationType":${quoted(row?.registration ?? '')},"clientId":${clientId(household)},` +
      `"householdName":${quoted(firm.households[household]?.name ?? '')},"custodian":${quoted(row?.custodian ?? '')},"accountType":${quoted(row?.registration ?? '')},` +
      '"fundFamily":null,"managementStyle":"Core","modelName":null,"secondaryAccountNumber":null,"sleeveType":null,"isFeeExcluded":false,"isAdvisorOnly":false';
    accountMembers[account] = made;
    return made;
  };

  const rowText = (
    id: number,
    members: string,
    account: string,
    shape: AssetShape,
    active: boolean,
    amounts: readonly [string, string, string, string | null],
  ): string => {
    const [shares, price, value, cost] = amounts;
    const date = firm.date(shape.day);
    const costMember = shape.cost ? `"costBasis":${cost ?? 'null'},` : '';
    return `{"id":${id},${members},${account},"currentShares":${shares},"currentPrice":${price},"currentValue":${value},${costMember}"asOfDate":"${date}T00:00:00","isManaged":true,"isActive":${active},"status":1,"editedDate":"${date}T04:10:00","editedBy":"system"}`;
  };
  const valueText = (id: number, security: Security, account: number, amounts: readonly [string, string, string]): string =>
    `{"id":${id},"productId":${productId(security.index)},"ticker":${quoted(products.ticker(security))},"name":${quoted(products.name(security))},"assetClass":${quoted(security.assetClass)},"accountNumber":${quoted(firm.accounts[account]?.number ?? '')},"isCustodialCash":${security.type === 'cash'},"isTradeExcluded":false,"shares":${amounts[0]},"price":${amounts[1]},"value":${amounts[2]}}`;

  const amount = (value: Fixed | null): string | null => (value === null ? null : decimalNumber(value));

  return {
    ofAccount(account, shape) {
      const rows: string[] = [];
      const ofThis = membersOf(account);
      if (shape.hasValue !== false)
        for (const { record, security, quantity, price, value, cost } of book.records(account, shape.day)) {
          const amounts = [decimalNumber(quantity), decimalNumber(price), decimalNumber(value)] as const;
          rows.push(
            shape.form === 'value'
              ? valueText(assetId(record), security, account, amounts)
              : rowText(assetId(record), products.assetMembers(security), ofThis, shape, true, [...amounts, amount(cost)]),
          );
        }
      const closed = shape.hasValue === true ? null : closedSecurity(firm, account);
      if (closed) {
        const price = decimalNumber(firm.prices(shape.day)[closed.index] ?? closed.openingPrice);
        rows.push(
          shape.form === 'value'
            ? valueText(closedAssetId(account), closed, account, [NO_UNITS, price, NO_UNITS])
            : rowText(closedAssetId(account), products.assetMembers(closed), ofThis, shape, false, [
                NO_UNITS,
                price,
                NO_UNITS,
                NO_UNITS,
              ]),
        );
      }
      return rows;
    },
    count: (account, shape) =>
      (shape.hasValue === false ? 0 : book.recordCount(account, shape.day)) +
      (shape.hasValue !== true && closedSecurity(firm, account) ? 1 : 0),
  };
}
