import { readFile } from 'node:fs/promises';
import { violations } from '../support/violations.ts';
import { expect, open, ROWS, test } from './desk.ts';

test('the lines of one sync are opened by link, read and followed with the keyboard', async ({ desk, program }) => {
  // Imports and syncs of other walks may be newer; each has lines of its own.
  const { items } = await program.call('sync.operations', {});
  const sync = items.find(({ kind, status, attempt }) => kind === 'sync' && status === 'completed' && attempt === 1);
  await open(desk, program, `/settings/logs?operation=${sync?.id ?? ''}`, ROWS);
  await expect(desk.getByRole('button', { name: `Remove filter: Sync ${sync?.id ?? ''}` })).toBeVisible();
  const told = await program.call('logs.list', { operation: sync?.id ?? '', level: 'debug', limit: 500 });
  await expect(desk.locator('.statusbar')).toContainText(`${told.items.length} lines`);
  // The newest line first: how the sync ended.
  await expect(desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="message"]')).toHaveText('A sync was completed');

  await desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="message"]').click();
  const details = desk.getByLabel('Details as JSON');
  await expect(details).toBeVisible();
  expect(await details.inputValue()).toContain('"outcome": "completed"');
  expect(await violations(desk)).toEqual([]);
  await desk.keyboard.press('ArrowDown');
  await desk.keyboard.press('Enter');
  await expect(desk.locator('.pane__title')).toHaveText(told.items[1]?.message ?? '');
  await desk.keyboard.press('Escape');
  await expect(details).toHaveCount(0);
});

test('the log is filtered by level and words, and its address keeps the question', async ({ desk, program }) => {
  await open(desk, program, '/settings', '.settings__table');
  await desk.keyboard.press('Control+k');
  await desk.keyboard.type('logs');
  await desk.getByRole('menuitem', { name: /^Logs/ }).click();
  await desk.locator(ROWS).first().waitFor();
  await desk.getByRole('radio', { name: 'Everything' }).click();
  await expect(desk).toHaveURL(/level=debug/);
  await desk.getByRole('searchbox', { name: 'Search the log' }).fill('settings.get answered');
  await expect(desk).toHaveURL(/text=settings\.get/);
  const messages = desk.locator('.ag-row .ag-cell[col-id="message"]');
  await expect(messages.first()).toHaveText('settings.get was answered');
  await desk.reload();
  await expect(messages.first()).toHaveText('settings.get was answered');
  await desk.getByRole('searchbox', { name: 'Search the log' }).fill('no line says this');
  await desk.getByRole('button', { name: 'Clear filters' }).click();
  await desk.locator(ROWS).first().waitFor();
});

test('a diagnostic bundle is shown file by file before it is saved', async ({ desk, program }) => {
  test.setTimeout(120_000);
  await open(desk, program, '/settings/diagnostics', '.state');
  await desk.getByRole('button', { name: 'Prepare the bundle' }).click();
  const save = desk.getByRole('button', { name: 'Save the archive' });
  await expect(save).toBeFocused({ timeout: 60_000 });
  await desk.getByText('book.json', { exact: true }).click();
  expect(await desk.getByLabel('Text of book.json').inputValue()).toContain('"danglingReferences": 0');
  expect(await violations(desk)).toEqual([]);
  const [download] = await Promise.all([desk.waitForEvent('download'), save.click()]);
  expect(download.suggestedFilename()).toMatch(/^clearway-diagnostics-[\d-]{16}\.zip$/);
  const bytes = await readFile(await download.path());
  // Every zip archive begins so.
  expect(bytes.subarray(0, 2).toString()).toBe('PK');
  const [entry] = (await program.call('audit.page', { limit: 1 })).items;
  expect(entry?.event).toBe('diagnostic_bundle_saved');
});
