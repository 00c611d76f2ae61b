import { z } from 'zod';
import type { SecurityType } from '../../../shared/model/holding.ts';
import { jsonDecimal, jsonFlag, jsonId, jsonOneOf, jsonText } from '../json.ts';
import type { SourceConventions } from '../amounts.ts';

/** Members of AssetDto that positions are made of; all others are tolerated. */
export const orionAsset = z.object({
  id: jsonId,
  name: jsonText.nullish(),
  accountId: jsonId,
  accountNumber: jsonText.nullish(),
  clientId: jsonId.nullish(),
  householdName: jsonText.nullish(),
  productId: jsonId,
  ticker: jsonText.nullish(),
  cusip: jsonText.nullish(),
  isin: jsonText.nullish(),
  currentShares: jsonDecimal,
  currentPrice: jsonDecimal.nullable(),
  currentValue: jsonDecimal.nullable(),
  costBasis: jsonDecimal.nullish(),
  asOfDate: jsonText,
  productType: jsonOneOf([
    'None',
    'MutualFund',
    'Annuity',
    'AdvisorOne',
    'StockOrETF',
    'Option',
    'Bond',
    'Unknown',
    'CD',
    'Index',
  ]).nullable(),
  productSubType: jsonText.nullish(),
  isCustodialCash: jsonFlag,
  custodian: jsonText.nullish(),
  editedDate: jsonText.nullish(),
});
export type OrionAsset = z.infer<typeof orionAsset>;

export const orionAccount = z.object({
  id: jsonId,
  name: jsonText.nullish(),
  number: jsonText.nullish(),
  custodian: jsonText.nullish(),
  clientId: jsonId.nullish(),
});

export const orionClient = z.object({ id: jsonId, name: jsonText.nullish() });

export const ORION_CONVENTIONS: SourceConventions = {
  marketValue: 'signed',
  timeOffset: 'Z',
  source:
    'AssetDto of the Swagger contract has one signed currentShares and currentValue and no long/short flag, no currency, and date-times ' +
    'without zone; the zone is not documented, so it is a setting. Bonds are held by face.',
};

const TYPES: Readonly<Record<NonNullable<OrionAsset['productType']>, SecurityType>> = {
  None: 'other',
  MutualFund: 'fund',
  Annuity: 'other',
  AdvisorOne: 'other',
  StockOrETF: 'stock',
  Option: 'option',
  Bond: 'bond',
  Unknown: 'other',
  CD: 'bond',
  Index: 'other',
};

/** `isCustodialCash` is the reliable mark of cash; `StockOrETF` is told apart only where the sub-type says ETF. */
export function orionSecurityType(asset: OrionAsset): SecurityType {
  if (asset.isCustodialCash) return 'cash';
  const type = TYPES[asset.productType ?? 'Unknown'];
  return type === 'stock' && /^etf$/i.test(asset.productSubType?.trim() ?? '') ? 'etf' : type;
}
