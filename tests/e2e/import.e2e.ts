import { statement } from '../contract/statement.ts';
import { expect, open, test, toast } from './desk.ts';

test('a custodian file is previewed before anything is written, imported as one, and rolled back as one', async ({
  desk,
  program,
}) => {
  const account = '7001-224466';
  const positions = async () => (await program.call('holdings.page', { limit: 1 })).total;
  const held = async () => (await program.call('holdings.page', { search: 'Alder Creek Water' })).rows;
  const before = await positions();
  await open(desk, program, '/import', '.drop');
  const file = {
    name: 'harborline-november.ofx',
    mimeType: 'application/x-ofx',
    buffer: Buffer.from(statement(account, '400'), 'base64'),
  };

  await desk.getByLabel('Choose a file').setInputFiles(file);
  // One position, and the cash balance of the statement.
  await expect(desk.locator('.row-state', { hasText: 'New' })).toContainText('2');
  await expect(desk.getByText('Alder Creek Water').first()).toBeVisible();
  expect(await positions()).toBe(before);
  await desk
    .getByRole('button', { name: /^Import/ })
    .last()
    .click();
  await expect(desk.getByRole('heading', { name: 'harborline-november.ofx is imported' })).toBeVisible();
  // 400 x 75.25
  expect(await held()).toMatchObject([{ accountNumber: account, quantity: '400', marketValue: '30100' }]);

  await desk.getByRole('button', { name: 'Roll back harborline-november.ofx' }).click();
  await desk.getByRole('alertdialog').or(desk.getByRole('dialog')).getByRole('button', { name: 'Roll back' }).click();
  await expect(toast(desk, /^harborline-november\.ofx is rolled back: /)).toBeVisible();
  expect(await held()).toEqual([]);
  expect(await positions()).toBe(before);
  await expect(desk.locator('tr', { hasText: 'harborline-november.ofx' })).toContainText('Rolled back');
});

test('a file that is no statement is refused in words, and nothing is written', async ({ desk, program, complaints }) => {
  const before = (await program.call('imports.list', {})).items.length;
  await open(desk, program, '/import', '.drop');
  await desk
    .getByLabel('Choose a file')
    .setInputFiles({ name: 'holiday.ofx', mimeType: 'application/x-ofx', buffer: Buffer.from('not a statement') });
  await expect(desk.getByRole('heading', { name: 'holiday.ofx could not be read' })).toBeVisible();
  await expect(desk.getByText('Nothing was imported; the book is as it was.')).toBeVisible();
  expect((await program.call('imports.list', {})).items.length).toBe(before);
  // The browser itself reports the refusal on its console.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('422')]);
});
