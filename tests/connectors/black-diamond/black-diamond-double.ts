import { json, type Reply, type Seen } from '../doubles/http-double.ts';
import { startRig, type Rig } from '../doubles/rig.ts';
import { zipOf } from '../doubles/zip-of.ts';

export interface BlackDiamondFirm {
  /** File name to JSON text. */
  files: Readonly<Record<string, string>>;
  pollsUntilReady: number;
  /** Seconds an access token lives. */
  life: number;
  /** Requests after which the server forgets every access token, once. */
  forgetAfter: number;
  batchGone: boolean;
  submitAnswer: unknown;
  archive?: Uint8Array;
  interfere?: (seen: Seen) => Reply | undefined;
}

export const holding = (Id: number, over: Readonly<Record<string, unknown>> = {}) => ({
  Id: String(Id),
  AccountId: '5700001',
  AssetId: 101,
  AssetName: 'Apple Inc',
  AssetNameShort: 'AAPL',
  DisplayCusip: '037833100',
  Ticker: 'AAPL',
  IssueType: 'Common Stock',
  Units: 50,
  Price: 250,
  MarketValue: 12500,
  AsOfDate: '2025-09-30',
  Cash: false,
  ...over,
});
export const bdAccount = (Id: string, Holdings: readonly object[] | null, over: Readonly<Record<string, unknown>> = {}) => ({
  Id,
  AccountNumber: '0012-345678',
  LongNumber: '0012345678',
  Name: `Trust ${Id}`,
  Custodian: 'Example Clearing',
  AsOfDate: '2025-09-30',
  ClosedDate: null,
  Details: { TotalEmv: 12550.0 },
  Holdings,
  Transactions: [],
  ...over,
});
export const relationship = (ID: string, Name: string, accounts: readonly string[]) => ({
  Relationship: { ID, Name, ClientTypeID: 1 },
  ReferencedEntities: { Accounts: accounts.map((ExternalID) => ({ ExternalID, LongNumber: '1' })) },
  ReferencingPortfolios: [],
});

export const PARTNER = { clientId: 'partner', clientSecret: 's3cret', subscriptionKey: 'sub-key' };
export const FILES = {
  'part-b.json': JSON.stringify([bdAccount('5700001', [holding(1)])]),
  'part-a.json': JSON.stringify([relationship('900', 'Rivers', ['5700001'])]),
};

/** An imitation of Black Diamond's batch cycle, written from its documents apart from any other. */
export async function startBlackDiamond(
  given: Partial<BlackDiamondFirm> = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<
  Rig & { readonly firm: BlackDiamondFirm; readonly renewals: (string | null)[]; readonly submitted: Record<string, unknown>[] }
> {
  const firm: BlackDiamondFirm = {
    files: FILES,
    pollsUntilReady: 1,
    life: 600,
    forgetAfter: Number.POSITIVE_INFINITY,
    batchGone: false,
    submitAnswer: { id: 'b-1' },
    ...given,
  };
  const renewals: (string | null)[] = [];
  const submitted: Record<string, unknown>[] = [];
  let tokens = 0;
  let endsAt = 0;
  let polls = 0;
  let requests = 0;

  /** A live token, as the program gives it: renewed when the one before has ended or was refused. */
  const bearer = (refused: string | null): Promise<string> => {
    if (refused !== null || tokens === 0 || endsAt <= rig.ports.clock.monotonicMs()) {
      renewals.push(refused);
      tokens += 1;
      endsAt = rig.ports.clock.monotonicMs() + firm.life * 1000;
    }
    return Promise.resolve(`access-${tokens}`);
  };

  const rig: Rig = await startRig(
    async (seen) => {
      if (seen.headers['ocp-apim-subscription-key'] !== PARTNER.subscriptionKey) {
        return json({ statusCode: 401, message: 'Access denied due to invalid subscription key.' }, 401);
      }
      requests += 1;
      if (requests === firm.forgetAfter) endsAt = 0;
      if (seen.headers['authorization'] !== `Bearer access-${tokens}` || endsAt <= rig.ports.clock.monotonicMs()) {
        return json({ message: 'The access token has expired', code: 401, correlationID: 'corr-9' }, 401);
      }
      const interference = firm.interfere?.(seen);
      if (interference) return interference;
      if (seen.path === '/account/Query/HoldingDetailSearch') return json({ data: [] });
      if (seen.path === '/batchV5') {
        submitted.push(JSON.parse(seen.body) as Record<string, unknown>);
        return json(JSON.stringify(firm.submitAnswer));
      }
      if (seen.path !== '/batch/b-1' || firm.batchGone)
        return json({ message: 'Batch not found', code: 404, correlationID: 'corr-4' }, 404);
      polls += 1;
      if (polls <= firm.pollsUntilReady) return { status: 202 };
      return {
        status: 200,
        headers: { 'content-type': 'application/octet-stream' },
        body: firm.archive ?? (await zipOf(firm.files)),
      };
    },
    { credentials: PARTNER, settings: () => ({ transactionDays: '0', ...settings }) },
  );
  return { ...rig, context: { ...rig.context, bearer }, firm, renewals, submitted };
}
