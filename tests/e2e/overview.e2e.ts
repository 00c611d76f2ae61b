import { formatAmount } from '../../renderer/format/amount.ts';
import { expect, open, test } from './desk.ts';

test('the overview says how fresh each source is, what is worth what, and how much waits', async ({ desk, program }) => {
  const overview = await program.call('overview.get', {});
  await open(desk, program, '/', '.workload__total');
  for (const { name, asOf } of overview.connections) {
    await expect(desk.getByRole('link', { name, exact: true }).first()).toBeVisible();
    await expect(desk.getByText(`As of ${asOf ?? ''}`).first()).toBeVisible();
  }
  for (const { marketValue } of overview.totals)
    await expect(desk.getByText(formatAmount(marketValue, { min: 2, max: 2 }).text).first()).toBeVisible();
  const { open: waiting } = overview.conflicts;
  expect(waiting).toBeGreaterThan(1000);
  await expect(desk.locator('.workload__total').first()).toHaveText(waiting.toLocaleString('en-GB'));
  await expect(desk.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: /Conflicts/ })).toContainText(
    waiting.toLocaleString('en-GB'),
  );
});

test('a number of the overview leads to exactly the rows behind it', async ({ desk, program }) => {
  await open(desk, program, '/', '.workload__total');
  const { total } = await program.call('conflicts.page', {
    limit: 1,
    filters: [
      { column: 'status', operator: 'is', value: 'open' },
      { column: 'severity', operator: 'is', value: 'critical' },
    ],
  });
  await desk
    .getByRole('region', { name: 'Open conflicts' })
    .getByRole('link', { name: /^Critical/ })
    .click();
  await expect(desk.locator('.statusbar')).toContainText(`${total} conflicts`);
});
