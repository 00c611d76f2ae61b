import { z } from 'zod';
import type { SecurityType } from '../../../shared/model/holding.ts';
import type { SourceConventions } from '../amounts.ts';
import { jsonId, jsonText, toIdText } from '../json.ts';

export const ADDEPAR_CONVENTIONS: SourceConventions = {
  marketValue: 'signed',
  timeOffset: 'Z',
  source:
    'Portfolio query columns are shown as on screen, shorts negative. Values are asked for without accrued interest, at the end of the ' +
    'query’s end date. Value-based holdings have no units, so their quantity is their value at price 1.',
};

/** Owners, from the entity types that can hold others. */
const CLIENT_TYPES = new Set(['PERSON_NODE', 'HOUSEHOLD', 'TRUST', 'HOLDING_COMPANY', 'PROSPECT']);

const SECURITY_TYPES: Readonly<Record<string, SecurityType>> = {
  STOCK: 'stock',
  PREFERRED_STOCK: 'stock',
  REIT: 'stock',
  MASTER_LIMITED_PARTNERSHIP: 'stock',
  ETF: 'etf',
  ETN: 'etf',
  MUTUAL_FUND: 'fund',
  MONEY_MARKET_FUND: 'fund',
  CLOSED_END_FUND: 'fund',
  UIT: 'fund',
  FUND: 'fund',
  HEDGE_FUND: 'fund',
  BOND: 'bond',
  CMO: 'bond',
  CERTIFICATE_OF_DEPOSIT: 'bond',
  OPTION: 'option',
  CASH: 'cash',
  WARRANT: 'other',
  FORWARD_CONTRACT: 'other',
  FUTURES_CONTRACT: 'other',
  STRUCTURED_PRODUCT: 'other',
  CONVERTIBLE_NOTE: 'other',
  DIGITAL_ASSET: 'other',
  UNKNOWN_SECURITY: 'other',
  GENERIC_ASSET: 'other',
  ANNUITY: 'other',
  LOAN: 'other',
  HISTORICAL_SEGMENT: 'other',
  ART: 'other',
  CAR: 'other',
  COLLECTIBLE: 'other',
  PRIVATE_EQUITY_FUND: 'other',
  PRIVATE_INVESTMENT: 'other',
  PROMISSORY_NOTE: 'other',
  REAL_ESTATE: 'other',
  VENTURE_CAPITAL: 'other',
  MANAGED_PARTNERSHIP: 'other',
  VEHICLE: 'other',
  MANAGER: 'other',
  SLEEVE: 'other',
};

const timedValues = z.array(z.object({ date: z.string().nullish(), value: z.string().nullish() }));

const entity = z.object({
  id: jsonId,
  attributes: z.object({
    original_name: jsonText.nullish(),
    display_name: jsonText.nullish(),
    model_type: jsonText,
    ownership_type: jsonText.nullish(),
    currency_factor: jsonText.regex(/^\s*[A-Za-z]{3}\s*$/, { error: 'is not a currency code of three letters' }).nullish(),
    account_number: jsonText.nullish(),
    ticker_symbol: z.unknown().optional(),
  }),
});

export interface AddeparEntity {
  readonly id: string;
  readonly name: string;
  /** Upper case, such as FINANCIAL_ACCOUNT. */
  readonly modelType: string;
  readonly isValueBased: boolean;
  readonly currency: string | null;
  readonly accountNumber: string;
  readonly ticker: string | null;
}

export const ENTITY_FIELDS = 'original_name,display_name,model_type,ownership_type,currency_factor,account_number,ticker_symbol';

/** The newest value of a time-varying attribute; one without date holds from the beginning. */
function newestValue(attribute: unknown): string | null {
  if (typeof attribute === 'string') return attribute;
  const read = timedValues.safeParse(attribute);
  if (!read.success) return null;
  const [newest] = read.data.toSorted((a, b) => (b.date ?? '').localeCompare(a.date ?? ''));
  return newest?.value ?? null;
}

export const addeparEntity = entity.transform(({ id, attributes }): AddeparEntity => ({
  id: toIdText(id),
  name: attributes.display_name?.trim() || attributes.original_name?.trim() || `Entity ${toIdText(id)}`,
  modelType: attributes.model_type.trim().toUpperCase(),
  isValueBased: attributes.ownership_type?.toUpperCase() === 'VALUE_BASED',
  currency: attributes.currency_factor?.trim().toUpperCase() || null,
  accountNumber: attributes.account_number?.trim() ?? '',
  ticker: newestValue(attributes.ticker_symbol),
}));

export const isAccount = (found: AddeparEntity): boolean => found.modelType === 'FINANCIAL_ACCOUNT';
export const isClient = (found: AddeparEntity): boolean => CLIENT_TYPES.has(found.modelType);
export const isHousehold = (found: AddeparEntity): boolean => found.modelType === 'HOUSEHOLD';

/** Null for a type the documents do not name: it is not guessed at. */
export const addeparSecurityType = (modelType: string): SecurityType | null => SECURITY_TYPES[modelType] ?? null;
