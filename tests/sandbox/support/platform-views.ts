import { add, dec, type Dec } from '../../../shared/model/decimal.ts';
import type { OpeningAccount, OpeningBook } from '../../../shared/model/opening-book.ts';
import type { SandboxPlatform } from '../../../main/sandbox/plants/manifest.ts';
import type { Sandbox } from '../../../main/sandbox/start-sandbox.ts';
import { addeparQuery, openBlackDiamond, openOrion } from './clients.ts';
import { exactJson } from './exact-json.ts';
import { unzip } from './unzip.ts';

/** What one platform reports of an account’s holding of a security; several records are added up. */
export interface UnitView {
  readonly quantity: Dec;
  readonly price: Dec;
  readonly marketValue: Dec;
  readonly costBasis: Dec | null;
  readonly records: number;
}

export interface PlatformView {
  /** By `account key|security key` of the opening book. */
  readonly units: ReadonlyMap<string, UnitView>;
  readonly recordIds: readonly string[];
  /** Positions whose account or security has no link yet. */
  readonly unlinked: number;
  /** `account quantity` of records whose account is known and whose security is not. */
  readonly untied: ReadonlySet<string>;
}

export const unitKey = (accountKey: string, securityKey: string): string => `${accountKey}|${securityKey}`;

interface RawPosition {
  readonly id: string;
  readonly account: string;
  readonly accountNumber: string | null;
  readonly security: string;
  readonly cusip: string | null;
  readonly quantity: string;
  readonly price: string;
  readonly value: string;
  readonly cost: string | null;
}

async function readBlackDiamond(sandbox: Sandbox): Promise<readonly RawPosition[]> {
  const call = await openBlackDiamond(sandbox);
  const order = { returnDate: sandbox.firm.date(1), batchFiles: ['Accounts'], includeHoldings: true, includeCostBasis: true };
  const { id } = (await call('/batchV5', { method: 'POST', body: JSON.stringify(order) })).json<{ id: string }>();
  let reply = await call(`/batch/${id}`);
  while (reply.status === 202) reply = await call(`/batch/${id}`);
  interface Holding {
    readonly Id: string;
    readonly AccountId: string;
    readonly AssetId: string;
    readonly DisplayCusip: string | null;
    readonly Units: string;
    readonly Price: string;
    readonly MarketValue: string;
    readonly CostBasis: string | null;
  }
  return [...(await unzip(reply.bytes)).values()].flatMap((text) =>
    exactJson<readonly { readonly AccountNumber: string; readonly Holdings: readonly Holding[] }[]>(text).flatMap(
      ({ AccountNumber, Holdings }) =>
        Holdings.map((row) => ({
          id: row.Id,
          account: row.AccountId,
          accountNumber: AccountNumber,
          security: row.AssetId,
          cusip: row.DisplayCusip,
          quantity: row.Units,
          price: row.Price,
          value: row.MarketValue,
          cost: row.CostBasis,
        })),
    ),
  );
}

async function readOrion(sandbox: Sandbox): Promise<readonly RawPosition[]> {
  interface Asset {
    readonly id: string;
    readonly accountId: string;
    readonly accountNumber: string;
    readonly productId: string;
    readonly cusip: string | null;
    readonly currentShares: string;
    readonly currentPrice: string;
    readonly currentValue: string;
    readonly costBasis: string | null;
  }
  const call = await openOrion(sandbox);
  const rows = (await call('/Portfolio/Assets?hasValue=true&includeCostBasis=true')).json<readonly Asset[]>();
  return rows.map((row) => ({
    id: row.id,
    account: row.accountId,
    accountNumber: row.accountNumber,
    security: row.productId,
    cusip: row.cusip,
    quantity: row.currentShares,
    price: row.currentPrice,
    value: row.currentValue,
    cost: row.costBasis,
  }));
}

interface TreeNode {
  readonly entity_id?: string;
  readonly grouping: string;
  readonly columns: Readonly<Record<string, string | null>>;
  readonly children: readonly TreeNode[];
}

async function readAddepar(sandbox: Sandbox): Promise<readonly RawPosition[]> {
  const reply = await addeparQuery(sandbox);
  const { total } = reply.json<{ data: { attributes: { total: TreeNode } } }>().data.attributes;
  const walk = (node: TreeNode, account: string): readonly RawPosition[] =>
    node.children.flatMap((child): readonly RawPosition[] => {
      if (child.grouping === 'holding_account') return child.entity_id === undefined ? [] : walk(child, child.entity_id);
      const { shares, price_per_share, value, cost_basis, cusip } = child.columns;
      return [
        {
          id: `${account}:${child.entity_id}`,
          account,
          accountNumber: null,
          security: child.entity_id ?? '',
          cusip: cusip ?? null,
          quantity: shares ?? '',
          price: price_per_share ?? '',
          value: value ?? '',
          cost: cost_basis ?? null,
        },
      ];
    });
  return walk(total, '');
}

const READERS: Readonly<Record<SandboxPlatform, (sandbox: Sandbox) => Promise<readonly RawPosition[]>>> = {
  black_diamond: readBlackDiamond,
  orion: readOrion,
  addepar: readAddepar,
};

/** Reads a platform over HTTP and ties its ids to the opening book: confirmed links first, then CUSIP and account number. */
export async function readPlatform(sandbox: Sandbox, platform: SandboxPlatform, book: OpeningBook): Promise<PlatformView> {
  const accounts = new Map<string, string>();
  const byNumber = Map.groupBy(book.accounts, (account) => account.number.replaceAll('-', '').replace(/^0+/, ''));
  for (const { key, platformIds } of book.accounts)
    if (platformIds[platform] !== undefined) accounts.set(platformIds[platform], key);
  const securities = new Map<string, string>();
  const byCusip = new Map<string, string>();
  for (const { key, cusip, platformIds } of book.securities) {
    if (platformIds[platform] !== undefined) securities.set(platformIds[platform], key);
    if (cusip !== null) byCusip.set(cusip, key);
  }
  const units = new Map<string, UnitView>();
  const rows = await READERS[platform](sandbox);
  let unlinked = 0;
  const untied = new Set<string>();
  for (const row of rows) {
    const alike: readonly OpeningAccount[] =
      row.accountNumber === null ? [] : (byNumber.get(row.accountNumber.replaceAll('-', '').replace(/^0+/, '')) ?? []);
    const account = accounts.get(row.account) ?? (alike.length === 1 ? alike[0]?.key : undefined);
    const security = securities.get(row.security) ?? (row.cusip === null ? undefined : byCusip.get(row.cusip));
    if (account === undefined || security === undefined) {
      unlinked += 1;
      if (account !== undefined) untied.add(`${account} ${dec(row.quantity)}`);
      continue;
    }
    const key = unitKey(account, security);
    const before = units.get(key);
    const cost = row.cost === null ? null : dec(row.cost);
    units.set(key, {
      quantity: add(before?.quantity ?? dec('0'), dec(row.quantity)),
      price: dec(row.price),
      marketValue: add(before?.marketValue ?? dec('0'), dec(row.value)),
      costBasis: before?.costBasis && cost ? add(before.costBasis, cost) : (cost ?? before?.costBasis ?? null),
      records: (before?.records ?? 0) + 1,
    });
  }
  return { units, recordIds: rows.map((row) => row.id), unlinked, untied };
}
