import { expect, open, ROWS, test, toast } from './desk.ts';

test('portfolios lead to accounts to positions, and the pane shows who said each value, down to the bytes', async ({
  desk,
  program,
}) => {
  await open(desk, program, '/holdings?group=portfolio', ROWS);
  await desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="portfolio"]').click();
  await expect(desk.getByRole('navigation', { name: 'Where this list stands' })).toBeVisible();
  await desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="account"]').click();
  await expect.poll(() => new URL(desk.url()).searchParams.getAll('f').length).toBe(2);
  await desk.locator('.ag-row[row-index="1"] .ag-cell[col-id="security"]').click();
  await expect(desk.locator('.values__row')).toHaveCount(4);
  await expect(desk.locator('.values__origin').first()).toContainText(/as of \d{4}-\d\d-\d\d|from|system|desk/);

  await desk
    .getByRole('button', { name: /^Show the raw record of/ })
    .first()
    .click();
  const raw = desk.getByLabel('Record as received');
  await expect(raw).toBeVisible();
  expect((await raw.inputValue()).length).toBeGreaterThan(20);
  await expect(desk.getByText('SHA-256')).toBeVisible();
});

test('a value is changed only with a reason, then stands as the person’s, and can be taken back', async ({ desk, program }) => {
  const { rows } = await program.call('holdings.page', { limit: 1, filters: [{ column: 'type', operator: 'is', value: 'etf' }] });
  const id = rows[0]?.id ?? '';
  const costBasis = async () => (await program.call('holdings.get', { id })).row.costBasis;
  const before = await costBasis();
  await open(desk, program, `/holdings?id=${id}`, '.values__row');

  await desk.getByRole('button', { name: 'Edit cost basis' }).click();
  await desk.getByLabel('New cost basis').fill('12,345.67');
  await desk.getByRole('button', { name: 'Set value' }).click();
  await expect(desk.getByText('Say why; it stands beside the value')).toBeVisible();
  expect(await costBasis()).toBe(before);
  await desk.getByLabel('Reason').fill('Lot report of the custodian');
  await desk.getByRole('button', { name: 'Set value' }).click();
  await expect(toast(desk, /^Cost basis of .* set to 12,345\.67/)).toBeVisible();
  expect(await costBasis()).toBe('12345.67');
  await expect(desk.locator('.values').getByText('Lot report of the custodian')).toBeVisible();
  await expect(desk.locator('.changes__row').first()).toContainText('12,345.67');

  await desk.getByRole('button', { name: 'Undo' }).click();
  await expect(toast(desk, 'Undone: 1 value restored.')).toBeVisible();
  expect(await costBasis()).toBe(before);
});

test('filters and order are asked of the program, and the sums below are exact over all that match', async ({
  desk,
  program,
}) => {
  await open(desk, program, '/holdings?f=type~is~bond', ROWS);
  const { total } = await program.call('holdings.page', {
    limit: 1,
    filters: [{ column: 'type', operator: 'is', value: 'bond' }],
  });
  await expect(desk.locator('.statusbar')).toContainText(`${total.toLocaleString('en-GB')} positions`);
  const { rows } = await program.call('holdings.page', {
    limit: 1,
    filters: [{ column: 'type', operator: 'is', value: 'bond' }],
    sort: [{ column: 'security', direction: 'desc' }],
  });
  const head = desk.locator('.ag-header-cell[col-id="security"]');
  await head.focus();
  await desk.keyboard.press('Enter');
  await expect(head).toHaveAttribute('aria-sort', 'ascending');
  await desk.keyboard.press('Enter');
  await expect(desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="security"]')).toContainText(rows[0]?.security ?? 'nothing');
});
