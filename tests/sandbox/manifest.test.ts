import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarDate } from '../../shared/model/date.ts';
import { HOLDING_FIELDS } from '../../shared/model/holding.ts';
import type { OpeningBook } from '../../shared/model/opening-book.ts';
import { SANDBOX_PLATFORMS, type ManifestEntry, type SandboxPlatform } from '../../main/sandbox/plants/manifest.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { expectedBreaks } from './support/break-classes.ts';
import { expectedBook, type ExpectedBook } from './support/expected-book.ts';
import { readPlatform, unitKey, type PlatformView } from './support/platform-views.ts';
import { within } from './support/tolerance.ts';

const unitOf = (entry: ManifestEntry): string => unitKey(entry.accountKey, entry.securityKey ?? '');

interface Firm {
  readonly sandbox: Sandbox;
  readonly book: OpeningBook;
  readonly views: Readonly<Record<SandboxPlatform, PlatformView>>;
  readonly expected: ExpectedBook;
}

async function openFirm(seed: string): Promise<Firm> {
  const sandbox = await startSandbox({ seed, today: calendarDate('2026-11-20'), addepar: { rateScale: 100 } });
  const book = sandbox.openingBookObject();
  const views = {
    black_diamond: await readPlatform(sandbox, 'black_diamond', book),
    orion: await readPlatform(sandbox, 'orion', book),
    addepar: await readPlatform(sandbox, 'addepar', book),
  };
  return { sandbox, book, views, expected: expectedBook(book, views) };
}

describe.each(['clearway', 'another seed', '7'])('the manifest of the default firm (seed %s)', (seed) => {
  let firm: Firm;
  beforeAll(async () => {
    firm = await openFirm(seed);
  });
  afterAll(() => firm.sandbox.close());

  it('names every position in which two platforms differ beyond tolerance', () => {
    const planted = new Set(firm.sandbox.manifest.map(unitOf));
    const differing = new Set<string>();
    for (const [place, one] of SANDBOX_PLATFORMS.entries())
      for (const two of SANDBOX_PLATFORMS.slice(place + 1)) {
        const [left, right] = [firm.views[one].units, firm.views[two].units];
        for (const key of new Set([...left.keys(), ...right.keys()])) {
          const [a, b] = [left.get(key), right.get(key)];
          const agree =
            a &&
            b &&
            a.records === b.records &&
            HOLDING_FIELDS.every(
              (field) => a[field] === b[field] || (a[field] !== null && b[field] !== null && within(field, a[field], b[field])),
            );
          if (!agree) differing.add(key);
        }
      }
    expect(differing.size).toBeGreaterThan(600);
    expect([...differing].filter((key) => !planted.has(key))).toEqual([]);
  });

  it('holds nothing that does not show: every planted difference is a break of its class on each of its sides', () => {
    const unseen: string[] = [];
    for (const platform of SANDBOX_PLATFORMS) {
      const breaks = new Set(
        expectedBreaks(firm.expected, firm.views[platform], firm.book).map((row) => `${row.unit}|${row.class}`),
      );
      for (const entry of firm.sandbox.manifest)
        if (entry.class !== null && entry.sides.includes(platform) && !breaks.has(`${unitOf(entry)}|${entry.class}`))
          unseen.push(`${entry.id} ${entry.kind} ${entry.class} at ${platform}`);
    }
    expect(unseen).toEqual([]);
  });

  it('explains every break between the book and each platform, class included', () => {
    const planted = new Set(firm.sandbox.manifest.map((entry) => `${unitOf(entry)}|${entry.class}`));
    for (const platform of SANDBOX_PLATFORMS) {
      const unexplained = expectedBreaks(firm.expected, firm.views[platform], firm.book).filter(
        (row) => !planted.has(`${row.unit}|${row.class}`),
      );
      expect(unexplained, platform).toEqual([]);
    }
  });

  it('explains every break as well for a reader that takes no cost basis from Black Diamond', () => {
    const { black_diamond: view, ...others } = firm.views;
    const blind = { ...view, units: new Map([...view.units].map(([key, unit]) => [key, { ...unit, costBasis: null }])) };
    const expected = expectedBook(firm.book, { black_diamond: blind, ...others });
    const planted = new Set(firm.sandbox.manifest.map((entry) => `${unitOf(entry)}|${entry.class}`));
    for (const side of [blind, others.orion, others.addepar])
      expect(expectedBreaks(expected, side, firm.book).filter((row) => !planted.has(`${row.unit}|${row.class}`))).toEqual([]);
  });

  it('makes every row of the three-way table happen at the first sync', () => {
    const happened = (outcome: Parameters<typeof firm.expected.outcomes.get>[0]): number =>
      firm.expected.outcomes.get(outcome) ?? 0;
    for (const outcome of [
      'same/same',
      'same/changed: adopt',
      'changed/same: keep',
      'changed/changed: agree',
      'both_changed',
      'no base: adopt',
      'no base: agree',
      'no_base',
      'sources_disagree',
      'missing_at_source',
      'only_at_source',
    ] as const)
      expect(happened(outcome), outcome).toBeGreaterThan(0);
  });

  it('leaves 1,300 to 2,000 conflicts after the first sync, most of them prices', () => {
    const fields = [...firm.expected.conflicts.keys()].map((key) => key.split('|')[2]);
    expect(fields.length).toBeGreaterThanOrEqual(1300);
    expect(fields.length).toBeLessThanOrEqual(2000);
    const count = (field: string): number => fields.filter((name) => name === field).length;
    expect(count('price')).toBeGreaterThan(500);
    expect(count('marketValue')).toBeGreaterThan(500);
    for (const field of ['quantity', 'costBasis', 'presence']) expect(count(field), field).toBeGreaterThanOrEqual(10);
  });

  it('has plants of every kind', () => {
    const kinds = new Set(firm.sandbox.manifest.map((entry) => entry.kind));
    expect([...kinds].toSorted()).toEqual([
      'accrued_in_value',
      'analyst_edit',
      'bond_units',
      'cash',
      'cost_basis',
      'duplicate',
      'extra',
      'lookalike_account',
      'missing',
      'option_value',
      'price_rounded',
      'price_vendor',
      'quantity',
      'quantity_rounded',
      'share_class',
      'split_not_applied',
      'stale_price',
      'ticker_only',
      'wrong_account',
    ]);
  });

  it('reports a duplicated position under two record ids, and no record id twice', () => {
    const duplicates = firm.sandbox.manifest.filter((entry) => entry.kind === 'duplicate');
    expect(duplicates.length).toBeGreaterThan(0);
    for (const entry of duplicates) expect(firm.views.orion.units.get(unitOf(entry))?.records).toBe(2);
    for (const platform of SANDBOX_PLATFORMS) {
      const { recordIds } = firm.views[platform];
      expect(new Set(recordIds).size, platform).toBe(recordIds.length);
    }
  });
});

describe('a firm without plants', () => {
  it('is reported alike by all three platforms, down to the last digit', async () => {
    const sandbox = await startSandbox({ plants: 'none', accounts: 40, holdings: 900, today: calendarDate('2026-11-20') });
    try {
      const book = sandbox.openingBookObject();
      expect(sandbox.manifest).toEqual([]);
      expect(book.edits).toEqual([]);
      const [first, ...others] = await Promise.all(SANDBOX_PLATFORMS.map((platform) => readPlatform(sandbox, platform, book)));
      expect(first?.units.size).toBe(900);
      expect(first?.unlinked).toBe(0);
      for (const other of others) expect(Object.fromEntries(other.units)).toEqual(Object.fromEntries(first?.units ?? []));
    } finally {
      await sandbox.close();
    }
  });
});
