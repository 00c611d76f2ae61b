import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { calendarDate } from '../../shared/model/date.ts';
import { createFirm } from '../../main/sandbox/firm/firm.ts';
import { openingBookText } from '../../main/sandbox/opening/opening-book.ts';
import { createPlan } from '../../main/sandbox/plants/plan.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { addeparQuery, openBlackDiamond, openOrion } from './support/clients.ts';

const TODAY = calendarDate('2026-11-20');

async function digest(sandbox: Sandbox): Promise<readonly string[]> {
  const orion = await openOrion(sandbox);
  const blackDiamond = await openBlackDiamond(sandbox);
  const order = {
    method: 'POST',
    body: '{"batchFiles":["accounts","relationships","portfolios","assets"],"includeHoldings":true}',
  };
  const { id } = (await blackDiamond('/batchV5', order)).json<{ id: string }>();
  const replies = [
    await addeparQuery(sandbox),
    await orion('/Portfolio/Assets'),
    await orion('/Portfolio/Accounts'),
    await orion('/Global/Products'),
    await blackDiamond(`/batch/${id}`),
  ];
  return replies.map((reply) => createHash('sha256').update(reply.bytes).digest('hex'));
}

describe('the same seed', () => {
  it('gives byte-identical replies from every platform, ZIP included', async () => {
    const options = { accounts: 40, holdings: 1_000, seed: 'twice', today: TODAY, blackDiamond: { pollsUntilReady: 0 } } as const;
    const [one, two, other] = await Promise.all([
      startSandbox(options),
      startSandbox(options),
      startSandbox({ ...options, seed: 'thrice' }),
    ]);
    try {
      const first = await digest(one);
      expect(await digest(two)).toEqual(first);
      const different = await digest(other);
      expect(different.some((hash) => first.includes(hash))).toBe(false);
    } finally {
      await Promise.all([one.close(), two.close(), other.close()]);
    }
  });
});

describe('a large firm', () => {
  it('of 100,000 positions is paged through Orion completely, without a position twice or left out', async () => {
    const sandbox = await startSandbox({ accounts: 4_000, holdings: 100_000, today: TODAY });
    try {
      const orion = await openOrion(sandbox);
      const ids = new Set<string>();
      for (let skip = 0; ; skip += 5_000) {
        const { text } = await orion(`/Portfolio/Assets?hasValue=true&$top=5000&$skip=${skip}`);
        const page = [...text.matchAll(/\{"id":(\d+)/g)];
        for (const [, id = ''] of page) ids.add(id);
        if (page.length < 5_000) break;
      }
      const expected = sandbox.firm.accounts.reduce(
        (sum, account) => sum + sandbox.plan.books.orion.recordCount(account.index, 1),
        0,
      );
      expect(ids.size).toBe(expected);
      expect(Math.abs(expected - 100_000)).toBeLessThan(10);
    } finally {
      await sandbox.close();
    }
  });

  it('carries about as many plants as the default one, and half a percent once that is more', () => {
    const plants = (accounts: number, holdings: number): number =>
      createPlan(createFirm({ accounts, holdings, seed: 'clearway', today: TODAY, lookalikes: true }), 'default').manifest.length;
    expect(plants(250, 6_000)).toBeGreaterThan(700);
    expect(plants(2_500, 60_000)).toBeLessThan(1_200);
    expect(plants(8_000, 200_000)).toBeLessThan(1_600);
  });

  it(
    'of a million positions is written account by account: the opening book never holds more than one account’s text',
    { timeout: 120_000 },
    () => {
      const firm = createFirm({ accounts: 40_000, holdings: 1_000_000, seed: 'clearway', today: TODAY, lookalikes: false });
      const plan = createPlan(firm, 'none');
      expect(firm.slots.total).toBe(1_000_000);
      const before = process.memoryUsage().heapUsed;
      let pieces = 0;
      let longest = 0;
      for (const piece of openingBookText(firm, plan)) {
        pieces += 1;
        if (pieces > 5) longest = Math.max(longest, piece.length);
        if (pieces > 2_000) break; // the rest is more of the same
      }
      expect(longest).toBeLessThan(20_000);
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(300 * 1024 * 1024);
    },
  );
});
