import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../../main/sandbox/start-sandbox.ts';
import { expect, open, test, toast } from './desk.ts';
import { syncsDone } from './program.ts';

test('a connection is added by API key: refused facts cannot be stored, good ones are tested first and then synced', async ({
  desk,
  program,
}) => {
  const sandbox = await startSandbox({ accounts: 10, holdings: 60 });
  const { baseUrl, credentials, settings } = sandbox.addepar;
  await open(desk, program, '/connections', '.connection');
  await desk.keyboard.press('n');
  const form = desk.getByRole('dialog', { name: 'Add a connection' });
  await form.getByLabel('Platform').click();
  await desk.getByRole('option', { name: 'Addepar' }).click();
  await form.getByLabel('Name', { exact: true }).fill('Addepar by hand');
  await form.getByLabel('Address').fill(baseUrl);
  await form.getByLabel('API key').fill(credentials.apiKey);
  await form.getByLabel('API secret').fill('wrong');
  await form.getByLabel('Firm id').fill(settings.firmId);
  await form.getByRole('button', { name: 'Test sign-in' }).click();
  await expect(form.getByRole('status')).not.toBeEmpty();
  await expect(form.getByRole('button', { name: 'Add connection' })).toBeDisabled();
  await form.getByLabel('API secret').fill(credentials.apiSecret);
  await form.getByRole('button', { name: 'Test sign-in' }).click();
  await expect(form.getByText('Signed in and able to read entities.')).toBeVisible();
  await form.getByRole('button', { name: 'Add connection' }).click();
  await expect(toast(desk, 'Addepar by hand is connected.')).toBeVisible();
  expect(await desk.content()).not.toContain(credentials.apiSecret);
  const added = (await program.call('connections.list', {})).items.find(({ name }) => name === 'Addepar by hand');
  expect(added).toMatchObject({ platform: 'addepar', hasSecret: true, lastSyncedAt: null });
  for (const file of ['book.db', 'book.db-wal'])
    expect(readFileSync(join(program.dataDir, file)).includes(credentials.apiSecret)).toBe(false);
  await program.call('connections.disconnect', { id: added?.id ?? '' });
  await sandbox.close();
});

test('a sync now shows how far it is and ends fresh', async ({ desk, program }) => {
  await open(desk, program, '/connections', '.connection');
  const before = (await program.call('sync.operations', {})).items.length;
  // Black Diamond prepares its batch for seconds, so the progress can be seen.
  await desk.getByRole('button', { name: 'Sync now: Black Diamond' }).click();
  await expect(toast(desk, 'Sync of Black Diamond started.')).toBeVisible();
  const card = desk.locator('.connection', { hasText: 'Black Diamond' });
  await expect(card.getByRole('progressbar')).toBeVisible();
  await expect(desk.locator('.statusbar__activity')).toContainText('Black Diamond');
  await expect(card.getByRole('progressbar')).toHaveCount(0, { timeout: 30_000 });
  await expect(card.getByText('Fresh')).toBeVisible();
  await syncsDone(program);
  const { items } = await program.call('sync.operations', {});
  expect(items.length).toBe(before + 1);
  expect(items[0]).toMatchObject({
    connectionName: 'Black Diamond',
    status: 'completed',
    counts: { added: 0, changed: 0, removed: 0 },
  });
});

test('an account nobody could tie is linked to the suggestion, and the positions follow with the next sync', async ({
  desk,
  program,
}) => {
  const { items } = await program.call('connections.list', {});
  const { id = '', counts } = items.find(({ platform }) => platform === 'orion') ?? {};
  const unlinked = counts?.unlinked ?? 0;
  expect(unlinked).toBeGreaterThan(0);
  const { items: waiting } = await program.call('connections.unlinked', { id });
  const item = waiting.find(({ kind, suggestions }) => kind === 'account' && suggestions.length > 0);
  await open(desk, program, `/connections?id=${id}&tab=unlinked`, '.unlinked__item');
  await expect(desk.locator('.unlinked__item')).toHaveCount(unlinked);
  await desk
    .getByRole('button', { name: `Link ${item?.label ?? ''} to ${item?.suggestions[0]?.label ?? ''}`, exact: true })
    .click();
  await expect(toast(desk, `${item?.label ?? ''} is linked to`)).toBeVisible();
  await expect(desk.locator('.unlinked__item')).toHaveCount(unlinked - 1);
  const { operationId } = await program.call('connections.sync', { id });
  await syncsDone(program);
  expect((await program.call('sync.operation', { id: operationId })).status).toBe('completed');
  expect((await program.call('connections.get', { id })).counts.unlinked).toBe(unlinked - 1);
});
