import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startSandbox } from '../../main/sandbox/start-sandbox.ts';
import { accountKey } from '../../shared/model/identifiers.ts';
import type { Client } from '../../shared/contract/client.ts';
import { calendarDate } from '../../shared/model/date.ts';
import { escaped, position, secId } from '../connectors/custodian-file/ofx-writer.ts';
import { file } from '../imports/statements.ts';
import { asDemo, startTestApp, syncsDone, type TestApp } from '../support/test-app.ts';

const SAMPLES = resolve(import.meta.dirname, '../../../shared/data/ofx');

const preview = (client: Client, fileName: string, bytes: Uint8Array) =>
  client.call('imports.preview', { fileName, content: Buffer.from(bytes).toString('base64') });

async function imported(client: Client, fileName: string, bytes: Uint8Array) {
  const { previewId, ...shown } = await preview(client, fileName, bytes);
  return { shown, applied: await client.call('imports.apply', { previewId }) };
}

const totals = async ({ client }: TestApp): Promise<string[]> => {
  const { totals: all } = await client.call('holdings.page', {});
  return all.map((t) => `${t.currency} ${t.marketValue} in ${t.positions}`);
};

async function programThat<T>(
  use: (program: TestApp) => Promise<T>,
  options: Parameters<typeof startTestApp>[0] = {},
): Promise<T> {
  const program = await startTestApp(options);
  try {
    return await use(program);
  } finally {
    await program.stop();
  }
}

/** Statements that custodians really sent; skipped where the sample files are not beside the project. */
describe.skipIf(!existsSync(SAMPLES))('statements of real custodians', () => {
  const sample = (name: string): Uint8Array => readFileSync(resolve(SAMPLES, name));

  test('import one after another, add up to what they state, and go again without a trace', async () => {
    await programThat(async (program) => {
      const { client } = program;

      const plan = await imported(client, 'investment_401k.ofx', sample('investment_401k.ofx'));
      expect(plan.applied).toMatchObject({ added: 6, changed: 0, rejected: 0, conflictsOpened: 0 }); // 3 positions, 3 transactions
      // 396.40 + 395.89 + 0 = 792.29; the plan states 1,000, and the preview says that it does not agree.
      expect(plan.shown.statements[0]?.checks.map((c) => [c.stated, c.agrees])).toEqual([
        ['792.29', true],
        ['1000', false],
      ]);
      expect(await totals(program)).toEqual(['USD 792.29 in 3']);

      const brokerage = await imported(client, 'investment_medium.ofx', sample('investment_medium.ofx'));
      expect(brokerage.applied).toMatchObject({ added: 4 }); // cash, 3 movements
      expect(await totals(program)).toEqual(['USD 792.29 in 3', 'CAD 2 in 1']); // ENDING CASH 2.00

      const annuity = await imported(client, 'tiaacref.ofx', sample('tiaacref.ofx'));
      expect(annuity.applied).toMatchObject({ added: 8 }); // 6 positions, cash, 1 transaction
      // 13.0763 + 25.5785 + 109.3512 + 4,187.6423 + 543.71 + 20 = 4,899.3583; 792.29 + 4,899.3583 = 5,691.6483
      expect(annuity.shown.statements[0]?.checks.map((c) => [c.stated, c.agrees])).toEqual([['4899.3583', true]]);
      expect(await totals(program)).toEqual(['USD 5691.6483 in 10', 'CAD 2 in 1']);

      const funds = await imported(client, 'vanguard.ofx', sample('vanguard.ofx'));
      expect(funds.applied).toMatchObject({ added: 2 }); // 1 position made of two rows, 1 transaction
      // 10,200 + 14,279.72 = 24,479.72; 5,691.6483 + 24,479.72 = 30,171.3683
      expect(await totals(program)).toEqual(['USD 30171.3683 in 11', 'CAD 2 in 1']);

      const { items } = await client.call('imports.list', {});
      expect(items.map((i) => [i.institution, i.accounts, i.asOf])).toEqual([
        ['The Vanguard Group', '01234567890', '2011-07-27'],
        ['TIAA-CREF', '111A1111 22B222 33C333', '2017-03-08'],
        ['REDACTEDINC-US', 'ABC123', '2009-12-15'],
        ['EXAMPLE', '12345678.123456-01', '2014-06-30'],
      ]);
      expect((await preview(client, 'again.ofx', sample('tiaacref.ofx'))).alreadyImported).toBe(true);

      for (const { id } of items) await client.call('imports.rollback', { id });
      expect(await totals(program)).toEqual([]);
      expect(await client.call('accounts.list', {})).toEqual({ total: 0, items: [] });
      expect((await client.call('audit.verify', {})).ok).toBe(true);

      expect((await imported(client, 'tiaacref.ofx', sample('tiaacref.ofx'))).applied).toMatchObject({ added: 8 });
      expect(await totals(program)).toEqual(['USD 4899.3583 in 7']);
    });
  });
});

test('events tell the screens to look again after an import and a rollback, and not after a preview', async () => {
  await programThat(async ({ client, events }) => {
    const bytes = file({ positions: [position('POSSTOCK', secId('037833100'), {})] });
    const { previewId } = await preview(client, 'larch.qfx', bytes);
    expect(events).toEqual([]);
    const { importId } = await client.call('imports.apply', { previewId });
    await client.call('imports.rollback', { id: importId });
    expect(events).toHaveLength(2);
    for (const event of events)
      expect(event).toMatchObject({
        type: 'data_changed',
        topics: expect.arrayContaining(['imports', 'holdings', 'conflicts']) as unknown,
      });
  });
});

test('a viewer sees imports and makes none', async () => {
  await programThat(async (program) => {
    const viewer = program.as('viewer');
    expect(await viewer.call('imports.list', {})).toEqual({ items: [] });
    await expect(preview(viewer, 'larch.qfx', new Uint8Array())).rejects.toMatchObject({ code: 'forbidden' });
    await expect(viewer.call('imports.rollback', { id: '1' })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

test('a statement for an account of the demo firm is one more source beside the platforms, and its rollback leaves theirs alone', async () => {
  const today = calendarDate('2026-11-20');
  const sandbox = await startSandbox({ today, accounts: 30, holdings: 300 });
  try {
    await programThat(
      async (program) => {
        const { client } = program;
        await syncsDone(client);
        const keys = Map.groupBy(sandbox.openingBookObject().accounts, (a) => accountKey(a.number));
        const { items: accounts } = await client.call('accounts.list', {});
        const before = { totals: await totals(program), conflicts: (await client.call('conflicts.facets', {})).total };

        // An account whose number is nobody else's, with two stocks at least; the statement repeats Clearway's values but for one.
        for (const account of accounts.filter((a) => keys.get(accountKey(a.number))?.length === 1)) {
          const { rows } = await client.call('holdings.page', {
            filters: [{ column: 'accountId', operator: 'is', value: account.id }],
            limit: 1000,
          });
          const stocks = rows.filter(
            (r) => r.type === 'stock' && r.cusip !== null && r.openConflicts === 0 && r.asOf === today && r.currency === 'USD',
          );
          const [first] = stocks;
          if (!first || stocks.length < 2) continue;
          const stated = stocks.map((r) =>
            position('POSSTOCK', secId(r.cusip ?? ''), {
              UNITS: r.id === first.id ? `${r.quantity ?? ''}1` : (r.quantity ?? ''),
              UNITPRICE: r.price,
              MKTVAL: r.marketValue,
              DTPRICEASOF: '20261120',
            }),
          );
          const bad = position('POSSTOCK', secId('594918104'), { UNITS: 'n/a' }); // so that nothing is concluded from what is not listed
          const text = new TextDecoder().decode(file({ account: account.number, asOf: '20261120', positions: [...stated, bad] }));
          const bytes = new TextEncoder().encode(text.replace('Larch Custody', escaped(account.custodian)));

          const { shown, applied } = await imported(client, 'statement.qfx', bytes);
          expect(shown.statements[0]?.account).toBe(account.name);
          expect(shown.counts).toEqual({ new: stocks.length, changed: 0, unchanged: 0, rejected: 1 });
          expect(shown.rows.filter((r) => r.reason === 'Agrees with Clearway.')).toHaveLength(stocks.length - 1);
          // The platforms are trusted more, so Clearway stays and a person is asked about the one quantity.
          expect(applied.conflictsOpened).toBe(1);
          expect(await totals(program)).toEqual(before.totals);
          const conflict = (
            await client.call('conflicts.page', { filters: [{ column: 'holdingId', operator: 'is', value: first.id }] })
          ).rows[0];
          expect(conflict).toMatchObject({ field: 'quantity', reason: 'sources_disagree', clearway: first.quantity });

          await client.call('imports.rollback', { id: applied.importId });
          expect({ totals: await totals(program), conflicts: (await client.call('conflicts.facets', {})).total }).toEqual(before);
          return;
        }
        throw new Error('The demo firm has no account fit for this test.');
      },
      { demo: asDemo({ ...sandbox }) },
    );
  } finally {
    await sandbox.close();
  }
}, 120_000);
