import { startSandbox } from '../../main/sandbox/start-sandbox.ts';
import { expect, open, ROWS, test, toast } from './desk.ts';
import { syncsDone } from './program.ts';

test('a sync is watched from its start to its end, and stands in the history with what it did', async ({ desk, program }) => {
  await open(desk, program, '/', '.workload__total');
  await desk.keyboard.press('g');
  await desk.keyboard.press('s');
  await desk.locator(ROWS).first().waitFor();
  const before = (await program.call('sync.history', { limit: 1 })).total;
  await expect(desk.locator('.statusbar')).toContainText(`${before} operations`);

  const row = desk.getByRole('row', { name: /^Black Diamond/ }).first();
  // Black Diamond prepares its batch for seconds, so the progress can be seen.
  await row.getByRole('button', { name: 'Sync now: Black Diamond' }).click();
  await expect(row.getByRole('progressbar')).toBeVisible();
  await expect(row.getByText('Syncing')).toBeVisible();
  await expect(row.getByRole('button', { name: 'Cancel the sync of Black Diamond' })).toBeVisible();
  await expect(row.getByText('Fresh')).toBeVisible({ timeout: 30_000 });
  await syncsDone(program);

  const { rows, total } = await program.call('sync.history', { limit: 1 });
  expect(total).toBe(before + 1);
  expect(rows[0]).toMatchObject({ connectionName: 'Black Diamond', status: 'completed' });
  await expect(desk.locator('.statusbar')).toContainText(`${total} operations`);
  await desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="connection"]').click();
  const pane = desk.getByRole('region', { name: 'Operation' });
  await expect(pane.getByText(`Sync ${rows[0]?.id ?? ''} of Black Diamond`)).toBeVisible();
  await expect(pane.getByText('Yes, all of it')).toBeVisible();
});

test('a sync that is stopped leaves nothing, and is counted as cancelled', async ({ desk, program }) => {
  await open(desk, program, '/sync', ROWS);
  const cancelled = async (): Promise<number> =>
    (await program.call('sync.rates', { to: new Date(Date.now() + 60_000).toISOString() })).periods[0]?.cancelled ?? 0;
  const before = await cancelled();
  const row = desk.getByRole('row', { name: /^Black Diamond/ }).first();
  await row.getByRole('button', { name: 'Sync now: Black Diamond' }).click();
  await row.getByRole('button', { name: 'Cancel the sync of Black Diamond' }).waitFor();
  await desk.keyboard.press('x');
  await expect(toast(desk, 'The sync of Black Diamond stops at the next page. Nothing of it is applied.')).toBeVisible();
  await syncsDone(program);
  expect(await cancelled()).toBe(before + 1);
  const { rows } = await program.call('sync.history', {
    limit: 1,
    filters: [{ column: 'status', operator: 'is', value: 'cancelled' }],
  });
  await desk.getByRole('button', { name: /^Cancelled / }).click();
  await desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="connection"]').click();
  const pane = desk.getByRole('region', { name: 'Operation' });
  await expect(pane.getByText(`Sync ${rows[0]?.id ?? ''} of`)).toBeVisible();
  await expect(pane.getByText('No, nothing of it is in the book')).toBeVisible();
});

test('a platform that is down is said everywhere, with when it is tried again, and its sync is given up from its pane', async ({
  desk,
  program,
}) => {
  const sandbox = await startSandbox({ accounts: 4, holdings: 20 });
  const { baseUrl, credentials } = sandbox.orion;
  const { id } = await program.call('connections.initiate', {
    platform: 'orion',
    name: 'Orion by the lake',
    baseUrl,
    credentials: { ...credentials },
  });
  await sandbox.close();
  try {
    const { operationId } = await program.call('connections.sync', { id });
    const operation = () => program.call('sync.operation', { id: operationId });
    await expect.poll(async () => (await operation()).waiting?.for, { timeout: 60_000 }).toBe('retry');
    await open(desk, program, '/holdings', ROWS);
    await desk.getByRole('link', { name: /^Sync: Orion by the lake failing/ }).click();
    const row = desk.getByRole('row', { name: /^Orion by the lake/ }).first();
    await expect(row.getByText(/tries again/).first()).toBeVisible();
    await desk.getByRole('slider', { name: 'Operations of Orion by the lake' }).focus();
    await desk.keyboard.press('Enter');
    const pane = desk.getByRole('region', { name: 'Operation' });
    await expect(pane.getByText(/^Tries again at/)).toBeVisible();
    await expect(pane.getByText(/Attempt 1/)).toBeVisible();
    await pane.getByRole('button', { name: 'Cancel' }).click();
    await expect.poll(async () => (await operation()).status).toBe('cancelled');
  } finally {
    await program.call('connections.disconnect', { id });
  }
});
