import { z } from 'zod';
import { SECURITY_TYPES, type SecurityType } from '../../../shared/model/holding.ts';
import type { SourceConventions } from '../amounts.ts';
import type { ConnectorContext } from '../connector.ts';
import { jsonDecimal, jsonFlag, jsonId, jsonList, jsonText } from '../json.ts';
import { setting } from '../settings.ts';
import { createMemberFold } from './member-fold.ts';

export const blackDiamondAccount = z.object({
  Id: jsonId,
  AccountNumber: jsonText.nullish(),
  LongNumber: jsonText.nullish(),
  Name: jsonText.nullish(),
  CustodialAccountName: jsonText.nullish(),
  Custodian: jsonText.nullish(),
  ClosedDate: jsonText.nullish(),
  LastReconciledDate: jsonText.nullish(),
  Holdings: jsonList.nullish(),
  Transactions: jsonList.nullish(),
});

export const blackDiamondHolding = z.object({
  Id: jsonId,
  AccountId: jsonId.nullish(),
  AssetId: jsonId,
  AssetName: jsonText.nullish(),
  DisplayCusip: jsonText.nullish(),
  Ticker: jsonText.nullish(),
  IssueType: jsonText.nullish(),
  Units: jsonDecimal,
  Price: jsonDecimal.nullable(),
  MarketValue: jsonDecimal.nullable(),
  AsOfDate: jsonText,
  Cash: jsonFlag,
});
export type BlackDiamondHolding = z.infer<typeof blackDiamondHolding>;

export const foldAccount = createMemberFold(Object.keys(blackDiamondAccount.shape));
export const foldHolding = createMemberFold(Object.keys(blackDiamondHolding.shape));

export const BLACK_DIAMOND_CONVENTIONS: SourceConventions = {
  marketValue: 'magnitude',
  timeOffset: 'Z',
  source:
    'Public clients read MarketValue as a magnitude and take the direction elsewhere: here from the sign of Units. Holdings show no currency, ' +
    'no cost basis and no modification time. Cash is a holding row with Cash = true.',
};

/** Value lists of IssueType are not public: what is not in this table or in the connection's own is `other`, and noted. */
const ISSUE_TYPES: Readonly<Record<string, SecurityType>> = {
  stock: 'stock',
  'common stock': 'stock',
  'preferred stock': 'stock',
  equity: 'stock',
  adr: 'stock',
  reit: 'stock',
  etf: 'etf',
  'exchange traded fund': 'etf',
  'mutual fund': 'fund',
  fund: 'fund',
  'open end fund': 'fund',
  'closed end fund': 'fund',
  'money market fund': 'fund',
  'money market': 'fund',
  bond: 'bond',
  'corporate bond': 'bond',
  'municipal bond': 'bond',
  'government bond': 'bond',
  'treasury bond': 'bond',
  'fixed income': 'bond',
  'certificate of deposit': 'bond',
  cd: 'bond',
  option: 'option',
  options: 'option',
  'call option': 'option',
  'put option': 'option',
  cash: 'cash',
};

/** `Municipal=bond, Sweep=cash`: the connection's own reading of issue types. Entries that name no known type are ignored. */
function ownIssueTypes(context: ConnectorContext): ReadonlyMap<string, SecurityType> {
  const own = new Map<string, SecurityType>();
  for (const entry of setting(context, 'issueTypes', '').split(',')) {
    const [name = '', wanted = ''] = entry.split('=').map((part) => part.trim().toLowerCase());
    const type = SECURITY_TYPES.find((known) => known === wanted);
    if (name !== '' && type) own.set(name, type);
  }
  return own;
}

/** Answers how this connection tells the type of a holding; each unknown issue type is logged once. */
export function createTypeReader(context: ConnectorContext): (holding: BlackDiamondHolding) => SecurityType {
  const own = ownIssueTypes(context);
  const unknown = new Set<string>();
  return ({ Cash, IssueType }) => {
    if (Cash) return 'cash';
    const name = IssueType?.trim().toLowerCase() ?? '';
    const type = own.get(name) ?? ISSUE_TYPES[name];
    if (type === undefined && name !== '' && !unknown.has(name)) {
      unknown.add(name);
      context.log('Black Diamond names an issue type that is not mapped; its securities count as “other”', {
        issueType: name.slice(0, 60),
      });
    }
    return type ?? 'other';
  };
}
