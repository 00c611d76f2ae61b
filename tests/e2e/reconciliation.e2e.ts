import { readFile } from 'node:fs/promises';
import { expect, open, ROWS, test, toast } from './desk.ts';
import { reconciled } from './program.ts';

test('a run is started from the screen, and its breaks are read, filtered by class and exported as a file that starts no formula', async ({
  desk,
  program,
}) => {
  const { rows } = await program.call('reconciliation.breaks', { id: (await reconciled(program)).id, limit: 1 });
  const accountId = rows[0]?.accountId ?? '';
  await program.call('portfolios.create', { name: '=HYPERLINK("http://example.invalid")', accountIds: [accountId] });

  const before = (await program.call('reconciliation.runs', {})).items.length;
  await open(desk, program, '/reconciliation', '.run');
  await desk.getByRole('button', { name: 'New run' }).click();
  await desk.getByRole('button', { name: 'Start the run' }).click();
  await expect
    .poll(async () => (await program.call('reconciliation.runs', {})).items.filter(({ status }) => status === 'completed').length)
    .toBe(before + 1);
  const [run] = (await program.call('reconciliation.runs', { limit: 1 })).items;
  await expect.poll(() => new URL(desk.url()).searchParams.get('run')).toBe(run?.id ?? '');
  await desk.locator(ROWS).first().waitFor();
  await expect(desk.locator('.statusbar')).toContainText(`${(run?.open ?? 0).toLocaleString('en-GB')} breaks`);

  await desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="security"]').click();
  await expect(desk.getByRole('region', { name: 'Break', exact: true })).toBeVisible();
  await desk.keyboard.press('j');
  await desk.keyboard.press('Escape');

  const { count: quantities = 0 } = run?.byClass.find(({ value }) => value === 'quantity') ?? {};
  await desk
    .getByRole('button', { name: new RegExp(`^Quantity ${quantities}$`) })
    .first()
    .click();
  await expect(desk.locator('.statusbar')).toContainText(`${quantities} breaks`);
  await desk.goto(`${program.url}/reconciliation?run=${run?.id ?? ''}&f=accountId~is~${accountId}`);
  await desk.locator(ROWS).first().waitFor();

  const saving = desk.waitForEvent('download');
  await desk.getByRole('button', { name: 'Export as CSV' }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toBe(`reconciliation-${run?.id ?? ''}-breaks.csv`);
  await expect(toast(desk, /breaks? saved as/)).toBeVisible();
  const text = await readFile(await file.path(), 'utf8');
  const lines = text.replace('\uFEFF', '').trimEnd().split('\r\n');
  const { total } = await program.call('reconciliation.breaks', {
    id: run?.id ?? '',
    limit: 1,
    filters: [{ column: 'accountId', operator: 'is', value: accountId }],
  });
  expect(lines.length).toBe(total + 1);
  // The portfolio is the first column; an apostrophe before it keeps a spreadsheet from running it.
  for (const line of lines.slice(1)) expect(line).toMatch(/^"'=HYPERLINK\(/);
});
