import { describe, expect, it } from 'vitest';
import { calendarDate, previousBusinessDay } from '../../shared/model/date.ts';
import { accountKey, isCusip, isIsin, isSedol } from '../../shared/model/identifiers.ts';
import { valueOf } from '../../main/sandbox/firm/fixed.ts';
import { createFirm, type Firm, type FirmOptions } from '../../main/sandbox/firm/firm.ts';

const OPTIONS: FirmOptions = {
  accounts: 250,
  holdings: 6_000,
  seed: 'clearway',
  today: calendarDate('2026-11-20'),
  lookalikes: true,
};
const firm = createFirm(OPTIONS);

const everyPosition = (source: Firm, day: number) => source.accounts.flatMap((account) => source.positions(account.index, day));
const asText = (source: Firm): string =>
  JSON.stringify(everyPosition(source, 1), (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));

describe('the demo firm', () => {
  it('has about 60 households, 250 accounts over four custodians and 6,000 positions', () => {
    expect(firm.households.length).toBe(60);
    expect(firm.accounts.length).toBe(250);
    expect(new Set(firm.accounts.map((account) => account.custodian)).size).toBe(4);
    expect(everyPosition(firm, 1).length).toBe(6_000);
  });

  it('is the same to the last digit for the same seed, and another one for another seed', () => {
    const again = createFirm(OPTIONS);
    expect(asText(again)).toBe(asText(firm));
    expect(asText(createFirm({ ...OPTIONS, seed: 'other' }))).not.toBe(asText(firm));
  });

  it('makes one account the same whether or not others were made before it', () => {
    const fresh = createFirm(OPTIONS);
    expect(fresh.positions(200, 1).map((row) => row.value)).toEqual(firm.positions(200, 1).map((row) => row.value));
  });

  it('names every household differently', () => {
    expect(new Set(firm.households.map((household) => household.name)).size).toBe(firm.households.length);
  });

  it('gives every security identifiers with right check digits, none of them twice', () => {
    const { securities } = firm;
    for (const { cusip, isin, sedol } of securities) {
      if (cusip !== null) expect(isCusip(cusip), cusip).toBe(true);
      if (isin !== null) expect(isIsin(isin), isin).toBe(true);
      if (sedol !== null) expect(isSedol(sedol), sedol).toBe(true);
    }
    for (const name of ['cusip', 'isin', 'sedol', 'ticker'] as const) {
      const values = securities.map((security) => security[name]).filter((value) => value !== null);
      expect(new Set(values).size, name).toBe(values.length);
    }
    expect(new Set(securities.map((security) => security.name)).size).toBe(securities.length);
  });

  it('holds stocks, ETFs, funds, bonds, options, cash, shorts and foreign listings', () => {
    const rows = everyPosition(firm, 1);
    const count = (matches: (row: (typeof rows)[number]) => boolean): number => rows.filter(matches).length;
    for (const type of ['stock', 'etf', 'fund', 'bond', 'option'] as const)
      expect(
        count((row) => row.security.type === type),
        type,
      ).toBeGreaterThan(50);
    expect(count((row) => row.security.type === 'cash')).toBe(250);
    expect(count((row) => row.quantity.n < 0n && row.value.n < 0n)).toBeGreaterThanOrEqual(1);
    expect(count((row) => row.security.currency === 'EUR')).toBeGreaterThan(10);
    expect(count((row) => row.security.currency === 'GBP')).toBeGreaterThan(10);
  });

  it('values every position at quantity x price x multiplier, rounded to cents', () => {
    for (const day of [0, 1, 2])
      for (const row of everyPosition(firm, day)) expect(row.value).toEqual(valueOf(row.quantity, row.price, row.security.power));
    // 25,000 face at 98.765 per 100 is 24,691.25; 3 contracts at 4.15 for 100 shares each are 1,245.00.
    expect(valueOf({ n: 25_000n, s: 0 }, { n: 98_765n, s: 3 }, -2)).toEqual({ n: 2_469_125n, s: 2 });
    expect(valueOf({ n: 3n, s: 0 }, { n: 415n, s: 2 }, 2)).toEqual({ n: 124_500n, s: 2 });
  });

  it('writes prices with two decimals for stocks, four for funds and three for bonds, and fractional units for funds', () => {
    const decimals = { stock: 2, etf: 2, fund: 4, bond: 3, option: 2 } as const;
    for (const row of everyPosition(firm, 1)) {
      if (row.security.type === 'cash' || row.security.type === 'other') continue;
      expect(row.price.s).toBe(decimals[row.security.type]);
      expect(row.price.n % 10n).not.toBe(0n);
      if (row.security.type === 'fund') expect(row.quantity).toMatchObject({ s: 3 });
    }
  });

  it('never holds one security twice in an account', () => {
    for (const account of firm.accounts) {
      const held = firm.positions(account.index, 1).map((row) => row.security.index);
      expect(new Set(held).size).toBe(held.length);
    }
  });

  it('moves every price between two days by more than any tolerance', () => {
    for (const day of [1, 2, 3])
      firm.prices(day).forEach((price, index) => {
        const before = firm.prices(day - 1)[index];
        if (index === 0 || !before || firm.securities[index]?.split) return;
        const moved = price.n > before.n ? price.n - before.n : before.n - price.n;
        expect(
          moved * 10_000n > before.n && moved > (before.s === 2 ? 1n : before.s === 3 ? 10n : 100n),
          `${index} on day ${day}`,
        ).toBe(true);
      });
  });

  it('starts on the business day before the first report and goes on by business days', () => {
    expect([0, 1, 2, 3].map((day) => firm.date(day))).toEqual(['2026-11-19', '2026-11-20', '2026-11-23', '2026-11-24']);
    const monday = createFirm({ ...OPTIONS, today: calendarDate('2026-11-23') });
    expect(monday.date(0)).toBe(previousBusinessDay(calendarDate('2026-11-23')));
  });

  it('has two accounts of one custodian whose numbers are equal after normalising, and no other such pair', () => {
    const alike = [...Map.groupBy(firm.accounts, (account) => accountKey(account.number)).values()].filter(
      (group) => group.length > 1,
    );
    expect(alike.map((group) => group.map((account) => account.number))).toEqual([['0012-345678', '12345678']]);
    expect(new Set(alike[0]?.map((account) => account.custodian)).size).toBe(1);
    expect(firm.accounts.every((account) => accountKey(account.number) !== '')).toBe(true);
  });

  it('keeps within the size asked for whatever the shape', () => {
    for (const [accounts, holdings] of [
      [1, 5],
      [3, 3],
      [10, 400],
      [40, 90],
      [250, 30_000],
    ] as const) {
      const shaped = createFirm({ ...OPTIONS, accounts, holdings });
      expect(everyPosition(shaped, 1).length, `${accounts} accounts, ${holdings} positions`).toBe(holdings);
    }
  });
});
