import type {
  OpeningAccount,
  OpeningBook,
  OpeningHolding,
  OpeningSecurity,
  PlatformIds,
} from '../../../shared/model/opening-book.ts';
import { dec, type Dec } from '../../../shared/model/decimal.ts';
import { accountEntityId, securityEntityId } from '../addepar/ids.ts';
import { accountId as blackDiamondAccountId, assetId as blackDiamondAssetId } from '../black-diamond/ids.ts';
import type { Account } from '../firm/accounts.ts';
import type { Firm } from '../firm/firm.ts';
import { toDec } from '../firm/fixed.ts';
import type { Security } from '../firm/security.ts';
import { accountId as orionAccountId, productId } from '../orion/ids.ts';
import type { Plan } from '../plants/plan.ts';

const MULTIPLIERS: Readonly<Record<Security['power'], Dec>> = { '-2': dec('0.01'), '0': dec('1'), '2': dec('100') };

/** Accounts whose Orion id nobody has confirmed yet; their number and custodian say which they are. */
const UNCONFIRMED_ACCOUNTS: ReadonlySet<number> = new Set([5, 17, 29]);
/** One security in this many has an unconfirmed id on one platform; its CUSIP says which it is. */
const UNCONFIRMED_SECURITY_EVERY = 61;

function accountIds(plan: Plan, { index, lookalike }: Account): PlatformIds {
  if (lookalike) return {};
  const confirmed = { black_diamond: blackDiamondAccountId(index), addepar: String(accountEntityId(index)) };
  if (plan.planted && UNCONFIRMED_ACCOUNTS.has(index)) return confirmed;
  return { ...confirmed, orion: String(orionAccountId(index)) };
}

function securityIds(plan: Plan, security: Security): PlatformIds {
  const { index } = security;
  const black_diamond = String(blackDiamondAssetId(index));
  const orion = String(productId(index));
  const addepar = String(securityEntityId(index));
  if (!plan.books.orion.knowsIdentifiers(security)) return { black_diamond, addepar };
  if (plan.planted && security.cusip !== null && index % UNCONFIRMED_SECURITY_EVERY === 7)
    return index % 2 === 0 ? { black_diamond, addepar } : { black_diamond, orion };
  return { black_diamond, orion, addepar };
}

const openingAccount = (firm: Firm, plan: Plan, account: Account): OpeningAccount => ({
  key: account.key,
  portfolioKey: firm.households[account.household]?.key ?? '',
  name: account.name,
  number: account.number,
  custodian: account.custodian,
  currency: 'USD',
  platformIds: accountIds(plan, account),
});

const openingSecurity = (plan: Plan, security: Security): OpeningSecurity => ({
  key: security.key,
  name: security.name,
  type: security.type,
  ticker: security.ticker,
  cusip: security.cusip,
  isin: security.isin,
  sedol: security.sedol,
  currency: security.currency,
  multiplier: MULTIPLIERS[security.power],
  platformIds: securityIds(plan, security),
});

/** Positions of the day before the first report. Accounts that nobody has linked yet bring none along. */
function openingHoldings(firm: Firm, plan: Plan, account: Account): readonly OpeningHolding[] {
  if (account.lookalike) return [];
  return firm.positions(account.index, 0).map((position) => ({
    accountKey: account.key,
    securityKey: position.security.key,
    quantity: toDec(position.quantity),
    price: toDec(position.price),
    marketValue: toDec(position.value),
    costBasis: position.cost && !plan.unknownCosts.has(position.record) ? toDec(position.cost) : null,
    currency: position.security.currency,
  }));
}

const FIRM_NAME = 'Riverbend Advisory';

/** Clearway’s own book before the first sync, as one object. */
export function createOpeningBook(firm: Firm, plan: Plan): OpeningBook {
  return {
    firm: FIRM_NAME,
    asOf: firm.date(0),
    portfolios: firm.households.map(({ key, name }) => ({ key, name })),
    accounts: firm.accounts.map((account) => openingAccount(firm, plan, account)),
    securities: firm.securities.map((security) => openingSecurity(plan, security)),
    holdings: firm.accounts.flatMap((account) => openingHoldings(firm, plan, account)),
    edits: plan.edits,
  };
}

/** The same book as JSON text, one account at a time: a million holdings never stand in memory together. */
export function* openingBookText(firm: Firm, plan: Plan): Generator<string> {
  yield `{"firm":${JSON.stringify(FIRM_NAME)},"asOf":"${firm.date(0)}"`;
  yield `,"portfolios":${JSON.stringify(firm.households.map(({ key, name }) => ({ key, name })))}`;
  yield `,"accounts":${JSON.stringify(firm.accounts.map((account) => openingAccount(firm, plan, account)))}`;
  yield `,"securities":${JSON.stringify(firm.securities.map((security) => openingSecurity(plan, security)))}`;
  yield `,"edits":${JSON.stringify(plan.edits)},"holdings":[`;
  let first = true;
  for (const account of firm.accounts) {
    const rows = openingHoldings(firm, plan, account);
    if (rows.length === 0) continue;
    yield `${first ? '' : ','}${JSON.stringify(rows).slice(1, -1)}`;
    first = false;
  }
  yield ']}';
}
