import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createImportRig, type ImportRig, type PlatformPosition } from './import-rig.ts';
import { APPLE, BOEING, MICROSOFT, cash, file, movement, stock } from './statements.ts';

const CUSIPS = [APPLE, MICROSOFT, BOEING, '88160R101'];
const holdings = fc.uniqueArray(
  fc.record({
    account: fc.constantFrom('1001', '2002'),
    cusip: fc.constantFrom(...CUSIPS),
    units: fc.integer({ min: 1, max: 4 }),
    price: fc.integer({ min: 5, max: 6 }),
  }),
  { selector: (h) => `${h.account} ${h.cusip}`, maxLength: 6 },
);
const pass = fc.record({ held: holdings, asOf: fc.constantFrom('2024-01-30', '2024-01-31', '2024-02-29') });
const statement = fc.record({
  held: holdings,
  asOf: fc.constantFrom('20240130', '20240131', '20240229'),
  lists: fc.boolean(),
  money: fc.option(fc.integer({ min: 0, max: 9 }), { nil: null }),
  moves: fc.array(
    fc.record({ amount: fc.integer({ min: 1, max: 3 }), id: fc.option(fc.constantFrom('T1', 'T2'), { nil: null }) }),
    { maxLength: 4 },
  ),
});
const edit = fc.record({
  nth: fc.nat(20),
  field: fc.constantFrom('quantity' as const, 'price' as const),
  value: fc.integer({ min: 1, max: 4 }),
});

const positionsOf = ({
  held,
  asOf,
}: {
  held: readonly { account: string; cusip: string; units: number; price: number }[];
  asOf: string;
}): PlatformPosition[] =>
  held.map((h) => ({ account: h.account, cusip: h.cusip, quantity: String(h.units), price: String(h.price), asOf }));

type Statement = typeof statement extends fc.Arbitrary<infer S> ? S : never;
const bytesOf = ({ held, asOf, lists, money, moves }: Statement): Uint8Array =>
  file(
    ...['1001', '2002'].map((account) => ({
      account,
      asOf,
      positions: lists ? held.filter((h) => h.account === account).map((h) => stock(h.cusip, h.units, h.price)) : null,
      ...(money === null ? {} : { cash: cash(String(money)) }),
      transactions: moves.map((m) => movement(String(m.amount), m.id)),
    })),
  );

async function editOne(
  rig: ImportRig,
  { nth, field, value }: { nth: number; field: 'quantity' | 'price'; value: number },
): Promise<void> {
  const { rows } = await rig.client.call('holdings.page', {});
  const row = rows[nth % Math.max(1, rows.length)];
  if (row)
    await rig.client.call('holdings.edit', {
      id: row.id,
      field,
      value: String(value) as never,
      expected: row[field],
      reason: 'Counted',
    });
}

it('whatever the book and the file hold, an import does what its preview said, and its rollback leaves the book as it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(pass, { maxLength: 2 }),
      fc.option(statement, { nil: null }),
      fc.array(edit, { maxLength: 2 }),
      statement,
      async (passes, earlier, edits, late) => {
        const rig = createImportRig();
        const platforms = [rig.connection('Orion'), rig.connection('Addepar')];
        for (const [i, said] of passes.entries()) await rig.sync(platforms[i] ?? 0, positionsOf(said));
        if (earlier) await rig.import(bytesOf(earlier), 'earlier.qfx');
        for (const one of edits) await editOne(rig, one);

        const bytes = bytesOf(late);
        const preview = await rig.preview(bytes);
        if (preview.alreadyImported) return;
        const before = rig.dump();
        const applied = await rig.client.call('imports.apply', { previewId: preview.previewId });
        expect([applied.added, applied.changed, applied.unchanged, applied.rejected]).toEqual([
          preview.counts.new,
          preview.counts.changed,
          preview.counts.unchanged,
          preview.counts.rejected,
        ]);
        expect((await rig.preview(bytes)).counts).toMatchObject({ new: 0, changed: 0 });
        await rig.rollback(applied.importId);
        expect(rig.dump()).toEqual(before);
      },
    ),
    { numRuns: 40 },
  );
}, 120_000);
