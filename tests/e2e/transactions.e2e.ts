import { expect, open, ROWS, test } from './desk.ts';

test('transactions lead from the list to their facts and the record as received', async ({ desk, program }) => {
  await open(desk, program, '/transactions?f=type~is~buy', ROWS);
  const buys = await program.call('transactions.page', {
    limit: 1,
    filters: [{ column: 'type', operator: 'is', value: 'buy' }],
    sort: [{ column: 'tradeDate', direction: 'desc' }],
  });
  await expect(desk.locator('.statusbar')).toContainText(`${buys.total.toLocaleString('en-GB')} transactions`);
  const [total] = buys.totals;
  // The sum below is exact, and says over how many sources it runs.
  await expect(desk.locator('.statusbar')).toContainText(`Cash of ${total?.sources ?? 0} sources`);
  const cents = (total?.cash ?? '').split('.')[1] ?? '';
  await expect(desk.locator('.statusbar')).toContainText(`.${cents.padEnd(2, '0')}`);

  await desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="security"]').click();
  await expect(desk.getByText('What it said before')).toBeVisible();
  await desk.getByRole('button', { name: 'Show the raw record' }).click();
  const raw = desk.getByLabel('Record as received');
  await expect(raw).toBeVisible();
  expect((await raw.inputValue()).toLowerCase()).toContain('buy');
});

test('what no table knows is counted on the screen and one click away', async ({ desk, program }) => {
  await open(desk, program, '/', '.workload__total');
  await desk.keyboard.press('g');
  await desk.keyboard.press('t');
  await desk.locator(ROWS).first().waitFor();
  const { unmapped } = await program.call('transactions.page', { limit: 1 });
  expect(unmapped).toBeGreaterThan(0);
  await desk.getByRole('button', { name: /of a type that is not mapped$/ }).click();
  await expect(desk.locator('.chip')).toHaveCount(1);
  await expect(desk.locator('.statusbar')).toContainText(`${unmapped.toLocaleString('en-GB')} transactions`);
});
