import { createConnectors } from '../../../main/connectors/registry.ts';
import type { Connector, ConnectorContext } from '../../../main/connectors/connector.ts';
import { createNodeHttp } from '../../../main/ports/http-node.ts';
import { calendarDate } from '../../../shared/model/date.ts';
import type { FaultOrder } from '../../../main/sandbox/faults/fault.ts';
import { startSandbox, type Sandbox } from '../../../main/sandbox/start-sandbox.ts';
import { systemClock } from '../../../main/ports/clock.ts';
import { control } from '../../sandbox/support/clients.ts';
import { holdingAccount, security, startAddepar } from '../addepar/addepar-double.ts';
import { bdAccount, holding, relationship, startBlackDiamond } from '../black-diamond/black-diamond-double.ts';
import { signedIn } from '../doubles/signed-in.ts';
import type { Rig } from '../doubles/rig.ts';
import { spoilReply, spoilText } from '../doubles/spoil-reply.ts';
import { account, asset, startOrion } from '../orion/orion-double.ts';

export const CONFORMING = ['addepar', 'orion', 'black_diamond'] as const;
export type Conforming = (typeof CONFORMING)[number];
/** Where positions are fetched, and the member that counts them. */
export const DATA: Readonly<Record<Conforming, { readonly path: string; readonly member: string }>> = {
  addepar: { path: '/portfolio/query', member: 'shares' },
  orion: { path: '/portfolio/assets', member: 'currentShares' },
  black_diamond: { path: '/batch/', member: 'Units' },
};

/** One connector against one imitation of its platform. */
export interface Subject {
  readonly connector: Connector;
  readonly context: ConnectorContext;
  /** Waits that were asked for, in milliseconds. */
  readonly slept: number[];
  readonly stop: AbortController;
  spoil(order: Pick<FaultOrder, 'fault' | 'times' | 'retryAfterSeconds' | 'delayMs'>): Promise<void>;
  close(): Promise<void>;
}
export interface Imitation {
  start(platform: Conforming): Promise<Subject>;
  close(): Promise<void>;
}

const MAX_BYTES = 2 ** 20;
const ports = { clock: systemClock, random: { fraction: () => 0.5 } };
const connectorFor = (platform: Conforming): Connector => {
  const connector = createConnectors(ports).get(platform);
  if (!connector) throw new Error(`No connector for ${platform}`);
  return connector;
};
const limitedHttp = () => createNodeHttp({ maxBytes: MAX_BYTES });

/** The demo platforms of the program. */
export async function sandboxImitation(): Promise<Imitation> {
  const sandbox: Sandbox = await startSandbox({
    accounts: 8,
    holdings: 60,
    transactions: 80,
    plants: 'none',
    today: calendarDate('2026-11-20'),
    addepar: { rateScale: 1000 },
    blackDiamond: { pollsUntilReady: 0 },
  });
  return {
    start: async (platform) => {
      await control(sandbox, { fault: 'reset' });
      const slept: number[] = [];
      const stop = new AbortController();
      const { baseUrl, credentials, settings } = sandbox[platform];
      const access = await signedIn(platform, { baseUrl, credentials: { ...credentials }, settings: { ...settings } });
      return {
        connector: connectorFor(platform),
        slept,
        stop,
        context: {
          ...access,
          settings: { ...access.settings, pageSize: '17', transactionDays: '0', streams: 'transactions' },
          http: limitedHttp(),
          signal: stop.signal,
          today: calendarDate('2026-11-23'),
          sleep: async (ms) => {
            stop.signal.throwIfAborted();
            slept.push(ms);
          },
          log: () => undefined,
        },
        spoil: async (order) => {
          const { path, member } = DATA[platform];
          await control(sandbox, { platform, path, member, places: 1000, ...order });
        },
        close: async () => undefined,
      };
    },
    close: () => sandbox.close(),
  };
}

const assetsOf = (accountId: number, ids: readonly number[]): string[] =>
  ids.map((id) => asset(id, { accountId, productId: 900 + id, currentShares: id, currentValue: id * 152.5 }));

const doubles: Readonly<Record<Conforming, () => Promise<Rig & { readonly firm: object }>>> = {
  addepar: () =>
    startAddepar(
      { tree: [holdingAccount(10, [security(200), security(201), security(202, { price_per_share: 1, shares: 15250 })])] },
      { pageSize: '2' },
    ),
  orion: () =>
    startOrion(
      { accounts: [account(7068), account(7069)], assets: [...assetsOf(7068, [1, 2, 3]), ...assetsOf(7069, [4, 5])] },
      { pageSize: '2' },
    ),
  black_diamond: () =>
    startBlackDiamond(
      {
        pollsUntilReady: 0,
        files: {
          'a.json': JSON.stringify([relationship('900', 'Rivers', ['1'])]),
          'b.json': JSON.stringify([
            bdAccount('1', [holding(1, { AccountId: '1' }), holding(2, { AccountId: '1', AssetId: 102 })]),
          ]),
          'c.json': JSON.stringify([bdAccount('2', [holding(3, { AccountId: '2' })])]),
        },
      },
      { pageSize: '1' },
    ),
};

/** The small servers of the tests, written apart from the demo platforms. */
export const doubleImitation = async (): Promise<Imitation> => ({
  start: async (platform) => {
    const rig = await doubles[platform]();
    const { path, member } = DATA[platform];
    return {
      connector: connectorFor(platform),
      context: { ...rig.context, http: limitedHttp() },
      slept: rig.slept,
      stop: rig.stop,
      spoil: async ({ fault, times = 1, ...given }) => {
        const editText = spoilText(fault, member);
        const { firm } = rig;
        if (editText && 'files' in firm) {
          const files = Object.entries(firm.files as Readonly<Record<string, string>>);
          firm.files = Object.fromEntries(files.map(([name, text]) => [name, editText(text)]));
          return;
        }
        let left = times;
        rig.double.spoil = (seen, reply) => {
          if (left <= 0 || !seen.path.toLowerCase().includes(path)) return reply;
          left -= 1;
          return editText ? { ...reply, body: editText(String(reply.body)) } : spoilReply(fault, reply, given);
        };
      },
      close: () => rig.double.close(),
    };
  },
  close: async () => undefined,
});
