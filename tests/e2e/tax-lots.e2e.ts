import { expect, open, ROWS, test } from './desk.ts';

test('lots that do not add up are one key and one click away, and lead to the other lots and the record as received', async ({
  desk,
  program,
}) => {
  await open(desk, program, '/', '.workload__total');
  await desk.keyboard.press('g');
  await desk.keyboard.press('l');
  await desk.locator(ROWS).first().waitFor();
  const all = await program.call('taxLots.page', { limit: 1 });
  expect(all.differing).toBeGreaterThan(0);
  await desk.getByRole('button', { name: /whose lots do not add up$/ }).click();
  await expect(desk.locator('.chip')).toHaveCount(1);
  const differing = await program.call('taxLots.page', {
    limit: 1,
    filters: [{ column: 'sum', operator: 'is', value: 'differs' }],
    sort: [{ column: 'acquiredOn', direction: 'desc' }],
  });
  await expect(desk.locator('.statusbar')).toContainText(`${differing.total.toLocaleString('en-GB')} tax lots`);

  await desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="security"]').click();
  const verdict = desk.locator('.lots__verdict').first();
  await expect(verdict).toContainText('Do not add up');
  await expect(verdict).toContainText('than Orion’s own position.');
  await desk.getByRole('button', { name: 'Show the raw record' }).click();
  expect(await desk.getByLabel('Record as received').inputValue()).toContain('acquiredDate');
});

test('a position shows its lots with their sum beside the position of the same source', async ({ desk, program }) => {
  const { rows } = await program.call('taxLots.page', {
    limit: 1,
    filters: [{ column: 'sum', operator: 'is', value: 'agrees' }],
  });
  const { holdingId, row } = await program.call('taxLots.get', { id: rows[0]?.id ?? '' });
  await open(desk, program, `/holdings?id=${holdingId}`, '.lots__verdict');
  const { sources } = await program.call('taxLots.ofHolding', { id: holdingId ?? '' });
  const orion = sources.find((source) => source.connectionId === row.connectionId);
  await expect(desk.getByRole('table', { name: 'Tax lots of Orion' }).locator('tbody tr')).toHaveCount(orion?.total.lots ?? 0);
  await expect(desk.locator('.lots__verdict').first()).toContainText('the whole quantity of Orion’s own position');
  await desk.getByRole('table', { name: 'Tax lots of Orion' }).getByRole('link').first().click();
  await expect(desk.getByRole('heading', { name: /^Lot of / })).toBeVisible();
});
