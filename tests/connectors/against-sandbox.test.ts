import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConnectorContext, SourcePage } from '../../main/connectors/connector.ts';
import { excerpt } from '../../main/connectors/excerpt.ts';
import { createConnectors } from '../../main/connectors/registry.ts';
import { systemClock } from '../../main/ports/clock.ts';
import { createNodeHttp } from '../../main/ports/http-node.ts';
import { systemRandom } from '../../main/ports/random.ts';
import { abs, add, cmp, dec, mul, ONE, sub, sum, ZERO } from '../../shared/model/decimal.ts';
import { signedIn } from './doubles/signed-in.ts';
import { accountKey } from '../../shared/model/identifiers.ts';

const PLATFORMS = ['black_diamond', 'orion', 'addepar'] as const;
type PlatformName = (typeof PLATFORMS)[number];
type Access = Pick<ConnectorContext, 'baseUrl' | 'credentials' | 'settings' | 'bearer'>;

const HOLDINGS = 2000;
const connectors = createConnectors({ clock: systemClock, random: systemRandom });
const signal = new AbortController().signal;
let sandbox: ChildProcess;
const passes = new Map<PlatformName, readonly SourcePage[]>();
const answers = new Map<PlatformName, string>();

const contextFor = (access: Access): ConnectorContext => ({
  ...access,
  settings: { ...access.settings, pageSize: '700' },
  http: createNodeHttp(),
  signal,
  today: systemClock.today(),
  sleep: (ms) => systemClock.sleep(Math.min(ms, 200), signal),
  log: () => undefined,
});

beforeAll(async () => {
  sandbox = spawn(
    process.execPath,
    [join(import.meta.dirname, '../../main/sandbox/cli.ts'), '--holdings', String(HOLDINGS), '--plants', 'none'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const line = await new Promise<string>((resolve, reject) => {
    if (sandbox.stdout) createInterface({ input: sandbox.stdout }).once('line', resolve);
    sandbox.once('exit', (code) => reject(new Error(`The sandbox ended with ${code}`)));
  });
  const access = JSON.parse(line) as Readonly<Record<PlatformName, Access>>;
  for (const platform of PLATFORMS) {
    const connector = connectors.get(platform);
    if (!connector) throw new Error(`No connector for ${platform}`);
    const live = await signedIn(platform, access[platform]);
    answers.set(platform, await connector.test(contextFor(live)));
    const pages: SourcePage[] = [];
    for await (const page of connector.pull(contextFor(live), null)) pages.push(page);
    passes.set(platform, pages);
  }
}, 60_000);
afterAll(() => {
  sandbox.kill();
});

const pagesOf = (platform: PlatformName): readonly SourcePage[] => passes.get(platform) ?? [];

/** Positions by what all platforms share: account number, and CUSIP, ticker or cash. */
function positions(platform: PlatformName) {
  const pages = pagesOf(platform);
  const accounts = new Map(pages.flatMap((p) => p.accounts).map((a) => [a.externalId, accountKey(a.number)]));
  const securities = new Map(pages.flatMap((p) => p.securities).map((s) => [s.externalId, s]));
  return new Map(
    pages
      .flatMap((p) => p.holdings)
      .map((h) => {
        const security = securities.get(h.securityExternalId);
        const name = security?.type === 'cash' ? 'cash' : (security?.cusip ?? security?.ticker ?? security?.name);
        return [`${accounts.get(h.accountExternalId)} ${name}`, { ...h, security }] as const;
      }),
  );
}

describe('the connectors against the demo platforms', () => {
  it.each(PLATFORMS)('%s: signs in and reads the whole firm without setting anything aside', (platform) => {
    const pages = pagesOf(platform);
    expect(answers.get(platform)).toContain('Signed in');
    expect(pages.flatMap((p) => p.holdings)).toHaveLength(HOLDINGS);
    expect(pages.flatMap((p) => p.quarantined)).toEqual([]);
    expect(pages.map((p) => p.next === null)).toEqual(pages.map((_, i) => i === pages.length - 1));
  });

  it.each(PLATFORMS)('%s: every position names an account and a security of the pass, once, with a date', (platform) => {
    const pages = pagesOf(platform);
    const accounts = new Set<string>();
    const securities = new Set<string>();
    const seen = new Set<string>();
    for (const page of pages) {
      for (const a of page.accounts) accounts.add(a.externalId);
      for (const s of page.securities) securities.add(s.externalId);
      for (const h of page.holdings) {
        seen.add(h.externalId);
        expect([accounts.has(h.accountExternalId), securities.has(h.securityExternalId)]).toEqual([true, true]);
      }
    }
    expect(seen.size).toBe(HOLDINGS);
    expect(new Set(pages.flatMap((p) => p.holdings).map((h) => h.asOf)).size).toBe(1);
  });

  it.each(PLATFORMS)('%s: value is quantity x price x multiplier, to the cent, for every position', (platform) => {
    for (const { quantity, price, marketValue, security } of positions(platform).values()) {
      const multiplier = security?.multiplier ?? ZERO;
      const expected = mul(mul(quantity, price ?? ZERO), multiplier);
      expect(cmp(abs(sub(expected, marketValue ?? ZERO)), dec('0.01'))).toBeLessThanOrEqual(0);
    }
  });

  it.each(PLATFORMS)('%s: the stored bytes of a position hold the quantity it was read with', async (platform) => {
    for (const page of pagesOf(platform)) {
      for (const holding of page.holdings.slice(0, 3)) {
        const record = (await excerpt(page.raw, page.contentType, holding.place)) ?? '';
        const numbers = [...record.matchAll(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)].map(([token]) => dec(token));
        expect(numbers.map(abs)).toContain(abs(holding.quantity));
      }
    }
  });

  it('agree with each other on every position of a firm without planted differences', () => {
    const reference = positions('orion');
    for (const platform of ['black_diamond', 'addepar'] as const) {
      const other = positions(platform);
      expect([...other.keys()].toSorted()).toEqual([...reference.keys()].toSorted());
      const differing = [...reference].filter(([key, r]) => {
        const o = other.get(key);
        return o?.quantity !== r.quantity || o.asOf !== r.asOf || o.security?.type !== r.security?.type;
      });
      expect(differing.map(([key, r]) => [key, r.quantity, other.get(key)?.quantity])).toEqual([]);
    }
    const totals = PLATFORMS.map((platform) => sum([...positions(platform).values()].map((p) => p.marketValue ?? ZERO)));
    // Prices carry different numbers of decimals; 2,000 positions within a cent each.
    for (const total of totals) expect(cmp(abs(sub(total, totals[0] ?? ZERO)), dec('20'))).toBeLessThanOrEqual(0);
    expect(totals[0]).not.toBe('0');
  });

  /** Returns of accounts by account number, period, day and fees. */
  const returns = (platform: PlatformName) => {
    const pages = pagesOf(platform);
    const numbers = new Map(pages.flatMap((p) => p.accounts).map((a) => [a.externalId, accountKey(a.number)]));
    return new Map(
      pages
        .flatMap((p) => p.performance ?? [])
        .map((r) => [`${numbers.get(r.accountExternalId)} ${r.period.kind} ${r.period.to} ${r.fees}`, r] as const),
    );
  };
  const benchmarks = (platform: PlatformName) => {
    const parts = pagesOf(platform).flatMap((p) => p.benchmarks ?? []);
    return {
      names: new Map(parts.flatMap((p) => p.list).map((b) => [b.externalId, b.name])),
      returns: parts.flatMap((p) => p.returns),
      assignments: parts.flatMap((p) => p.assignments),
    };
  };

  it('Addepar and Orion agree on every return, month by month and up to today, gross and net', () => {
    const [addepar, orion] = [returns('addepar'), returns('orion')];
    expect([...addepar.keys()].toSorted()).toEqual([...orion.keys()].toSorted());
    const differing = [...addepar].filter(
      ([key, r]) => orion.get(key)?.rate !== r.rate || orion.get(key)?.period.from === undefined,
    );
    expect(differing).toEqual([]);
    // An account old enough for all of them has 24 months and 7 periods up to today, gross and net.
    const [account] = [...addepar.keys()].find((key) => key.includes('five_years'))?.split(' ') ?? [];
    expect([...addepar.keys()].filter((key) => key.startsWith(`${account} `))).toHaveLength((24 + 7) * 2);
    expect(returns('black_diamond').size).toBe(0);
  });

  it('the months of a year link to its return, and a gross return is above the net one', () => {
    const all = [...returns('addepar').values()];
    const oneAccount = all.find((r) => r.period.kind === 'five_years')?.accountExternalId;
    const months = all.filter((r) => r.accountExternalId === oneAccount && r.period.kind === 'month');
    const of = (fees: 'gross' | 'net') =>
      months.filter((r) => r.fees === fees).toSorted((a, b) => (a.period.to < b.period.to ? -1 : 1));
    for (const [place, net] of of('net').entries()) expect(cmp(of('gross')[place]?.rate ?? ZERO, net.rate)).toBe(1);
    for (const { beginValue, endValue, rate } of of('net')) {
      // Without flows: begin x (1 + rate) = end, to the cent of either value.
      const made = sub(mul(beginValue ?? ZERO, add(ONE, rate)), endValue ?? ZERO);
      expect(cmp(abs(made), dec('0.05'))).toBeLessThanOrEqual(0);
    }
  });

  it('Addepar and Orion tie the same benchmarks to the same accounts, and agree on what they returned', () => {
    const named = (platform: PlatformName) => {
      const { names, returns: rates, assignments } = benchmarks(platform);
      const numbers = new Map(
        pagesOf(platform)
          .flatMap((p) => p.accounts)
          .map((a) => [a.externalId, accountKey(a.number)]),
      );
      return {
        assignments: assignments.map((a) => `${numbers.get(a.accountExternalId)} ${names.get(a.benchmarkExternalId)}`).toSorted(),
        months: new Map(
          rates
            .filter((r) => r.period.kind === 'month')
            .map((r) => [`${names.get(r.benchmarkExternalId)} ${r.period.from} ${r.period.to}`, r.rate] as const),
        ),
      };
    };
    const [addepar, orion] = [named('addepar'), named('orion')];
    expect(addepar.assignments).toEqual(orion.assignments);
    expect(addepar.months.size).toBeGreaterThanOrEqual(24);
    expect([...addepar.months.keys()].toSorted()).toEqual([...orion.months.keys()].toSorted());
    // Addepar's are linked from daily returns of eight decimals: at most 23 roundings of half the last digit in a month.
    for (const [key, rate] of addepar.months) {
      expect(cmp(abs(sub(rate, orion.months.get(key) ?? ZERO)), dec('0.0000002'))).toBeLessThanOrEqual(0);
    }
  });
});
