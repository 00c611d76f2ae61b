import { violations } from '../support/violations.ts';
import { expect, open, ROWS, test } from './desk.ts';

// Other tests add connections; the accounts of the demo firm are those that Orion knows.
const MEASURED = [
  { column: 'source', operator: 'is', value: 'Orion' },
  { column: 'period', operator: 'is', value: 'five_years' },
  { column: 'accountId', operator: 'notBlank' },
] as const;

test('the list of returns leads to the chart of an account, its facts and the record as received', async ({ desk, program }) => {
  await open(desk, program, '/', '.workload__total');
  await desk.keyboard.press('g');
  await desk.keyboard.press('p');
  await desk.locator(ROWS).first().waitFor();
  const { total } = await program.call('performance.page', { limit: 1 });
  await expect(desk.locator('.statusbar')).toContainText(`${total.toLocaleString('en-GB')} returns`);

  const { rows } = await program.call('performance.page', { limit: 40, filters: MEASURED.map((filter) => ({ ...filter })) });
  const all = await Promise.all(
    rows.map(async (row) => ({ row, series: await program.call('performance.series', { id: row.accountId ?? '' }) })),
  );
  const measured = all.find(({ series: { lines } }) =>
    ['Addepar', 'Orion'].every((name) => lines.some((l) => l.source === name)),
  );
  if (!measured) throw new Error('No account is measured by Addepar and Orion.');
  const { row, series } = measured;
  await open(desk, program, `/performance?id=${row.id}`, '.returns__figures');
  // Addepar and Orion, gross and net, each with its benchmark.
  expect(series.lines.map(({ source, kind, fees }) => `${source} ${kind} ${fees}`).toSorted()).toEqual(
    ['Addepar', 'Orion'].flatMap((source) => [`${source} account gross`, `${source} account net`, `${source} benchmark null`]),
  );
  await expect(desk.locator('.returns__figures tbody tr')).toHaveCount(series.lines.length);

  await desk.getByRole('button', { name: 'Show the raw record' }).click();
  await expect(desk.getByLabel('Record as received')).toBeVisible();
});

test('the chart is read by keyboard, its lines are switched in the legend, and it has a table', async ({ desk, program }) => {
  test.setTimeout(180_000);
  const { rows } = await program.call('performance.page', { limit: 1, filters: MEASURED.map((filter) => ({ ...filter })) });
  await open(desk, program, `/performance?id=${rows[0]?.id ?? ''}`, '.returns__figures');
  const chart = desk.getByRole('slider', { name: 'Cumulative return by month' });
  await chart.focus();
  await desk.keyboard.press('Home');
  // Every line begins at zero.
  await expect(chart).toHaveAttribute('aria-valuetext', /net 0\.00\s%/);
  await desk.keyboard.press('ArrowRight');
  await expect(chart).toHaveAttribute('aria-valuenow', '1');
  await desk.keyboard.press('End');
  await expect(chart).toHaveAttribute('aria-valuenow', (await chart.getAttribute('aria-valuemax')) ?? '');

  const drawn = desk.locator('.chart polyline');
  const before = await drawn.count();
  const gross = desk.getByRole('button', { name: /Orion, gross/ });
  await expect(gross).toHaveAttribute('aria-pressed', 'false');
  await gross.click();
  await expect(drawn).toHaveCount(before + 1);

  expect(await violations(desk)).toEqual([]);
  await desk.getByRole('button', { name: 'Show as a table' }).click();
  const table = desk.getByRole('region', { name: 'Cumulative returns as a table' });
  await expect(table.locator('tbody tr').last()).toContainText('0.00');
  expect(await violations(desk)).toEqual([]);
});
