import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox } from '../../main/sandbox/start-sandbox.ts';
import { expect, open, test, toast } from './desk.ts';
import { syncsDone } from './program.ts';

test('a connection is added step by step: refused facts cannot be stored, good ones are tested, stored, read, and its accounts tied', async ({
  desk,
  program,
}) => {
  const sandbox = await startSandbox({ accounts: 10, holdings: 60 });
  const { baseUrl, credentials, settings } = sandbox.addepar;
  await open(desk, program, '/connections', '.connection');
  await desk.keyboard.press('n');
  const form = desk.getByRole('dialog', { name: 'Add a connection' });
  await form.getByText('Addepar', { exact: true }).click();
  await form.getByRole('button', { name: 'Next' }).click();
  await form.getByLabel('Address').fill(baseUrl);
  await form.getByLabel('API key').fill(credentials.apiKey);
  await form.getByLabel('API secret').fill('wrong');
  await form.getByLabel('Firm id').fill(settings.firmId);
  await form.getByRole('button', { name: 'Test the connection' }).click();
  await expect(form.getByText('What to do.')).toBeVisible();
  await expect(form.getByRole('button', { name: 'Next' })).toBeDisabled();
  await form.getByRole('button', { name: 'Correct the sign-in' }).click();
  await form.getByLabel('API secret').fill(credentials.apiSecret);
  await form.getByRole('button', { name: 'Test the connection' }).click();
  await expect(form.getByText('Signed in and able to read entities.')).toBeVisible();
  await expect(form.getByText(baseUrl)).toBeVisible();
  const before = (await program.call('connections.list', {})).items.length;
  await form.getByRole('button', { name: 'Next' }).click();
  await form.getByRole('button', { name: 'Next' }).click();
  await form.getByLabel('Name').fill('Addepar by hand');
  await form.getByRole('button', { name: 'Save and read now' }).click();
  await expect(form.getByText('Addepar by hand is saved and read.')).toBeVisible({ timeout: 30_000 });
  const { items } = await program.call('connections.list', {});
  expect(items.length).toBe(before + 1);
  const added = items.find(({ name }) => name === 'Addepar by hand');
  const id = added?.id ?? '';
  expect(added).toMatchObject({ platform: 'addepar', hasSecret: true, strategy: 'MANUAL_REVIEW', syncEveryMinutes: 240 });
  await form.getByRole('button', { name: 'Map accounts' }).click();
  const waiting = (await program.call('connections.unlinked', { id })).items.filter(({ kind }) => kind === 'account').length;
  if (waiting > 0) {
    await form.getByRole('checkbox', { name: 'Mark all rows' }).focus();
    await desk.keyboard.press('n');
    await form.getByRole('button', { name: /^Tie / }).click();
    await expect(toast(desk, 'tied to the book')).toBeVisible();
  } else await form.getByRole('button', { name: 'Finish' }).click();
  await expect(form).toHaveCount(0);
  await syncsDone(program);
  const after = await program.call('connections.unlinked', { id });
  expect(after.items.filter(({ kind }) => kind === 'account')).toEqual([]);
  // The test and the read are counted: the page shows what is left of Addepar's 1,000 a day.
  await expect(desk.getByText(/of 1,000 used/)).toBeVisible();
  const { budgets } = await program.call('connections.health', { id });
  expect(budgets.find(({ windowSeconds }) => windowSeconds === 86_400)?.used).toBeGreaterThan(2);
  expect(await desk.content()).not.toContain(credentials.apiSecret);
  for (const file of ['book.db', 'book.db-wal'])
    expect(readFileSync(join(program.dataDir, file)).includes(credentials.apiSecret)).toBe(false);
  await program.call('connections.disconnect', { id });
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
