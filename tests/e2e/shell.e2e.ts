import { expect, open, region, ROWS, test } from './desk.ts';

test('the palette finds things of the book, screens and commands', async ({ desk, program }) => {
  await open(desk, program, '/', '.workload__total');
  const { items } = await program.call('portfolios.list', { search: 'household', limit: 1 });
  const name = items[0]?.name ?? '';
  await desk.keyboard.press('Control+k');
  await desk.keyboard.type(name.slice(0, 8).toLowerCase());
  await desk
    .getByRole('menuitem', { name: new RegExp(name) })
    .first()
    .waitFor();
  await desk
    .getByRole('menuitem', { name: new RegExp(name) })
    .first()
    .click();
  await expect(desk.locator('.statusbar')).toContainText(/\d positions?/);
  await desk.keyboard.press('Control+k');
  await desk.keyboard.type('audit');
  await desk.getByRole('menuitem', { name: /Audit/ }).first().waitFor();
  await desk.keyboard.press('ArrowDown');
  await desk.keyboard.press('Enter');
  await expect(desk.getByRole('heading', { name: 'Audit', level: 1 })).toBeVisible();
});

test('the help sheet lists the keys of the screen in front and closes with Escape', async ({ desk, program }) => {
  await open(desk, program, '/conflicts', '.decide');
  await desk.keyboard.press('?');
  const sheet = desk.getByRole('dialog', { name: 'Keyboard' });
  for (const words of ['Accept Clearway', 'Review later', 'Undo the last batch', 'Next region'])
    await expect(sheet.getByText(words, { exact: true })).toBeVisible();
  await desk.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
});

test('Tab leaves the grid, F6 goes round the regions, and g goes through the screens', async ({ desk, program }) => {
  await open(desk, program, '/conflicts', '.decide');
  await desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="security"]').click();
  await expect.poll(() => desk.evaluate(() => document.activeElement?.closest('.ag-row') !== null)).toBe(true);
  await desk.keyboard.press('Tab');
  expect(await desk.evaluate(() => document.activeElement?.closest('.ag-row') ?? null)).toBeNull();
  // From the handle beside the grid, where Tab leads, too.
  const seen: string[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    await desk.keyboard.press('F6');
    seen.push(await region(desk));
  }
  expect(seen).toEqual(['detail', 'status', 'search', 'rail', 'screen']);
  for (const [key, title] of [
    ['h', 'Holdings'],
    ['t', 'Transactions'],
    ['c', 'Connections'],
  ] as const) {
    await desk.keyboard.press('g');
    await desk.keyboard.press(key);
    await expect(desk.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  }
});

test('the grid jumps to its ends by keyboard and keeps the focus', async ({ desk, program }) => {
  await open(desk, program, '/holdings', ROWS);
  const { total } = await program.call('holdings.page', { limit: 1 });
  await desk.locator('.ag-row[row-index="0"] .ag-cell[col-id="security"]').click();
  await desk.keyboard.press('Control+End');
  await desk.locator(`.ag-row[row-index="${total - 1}"] .ag-cell-focus .cell-value`).waitFor();
  await desk.keyboard.press('Control+Home');
  await desk.locator('.ag-row[row-index="0"] .ag-cell-focus').waitFor();
});

test('the theme follows the system and stays as chosen after a reload', async ({ desk, program }) => {
  const background = () => desk.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await desk.emulateMedia({ colorScheme: 'light' });
  await open(desk, program, '/settings', '.settings__table');
  const light = await background();
  await desk.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await desk.getByRole('radio', { name: 'Light' }).check({ force: true });
  await expect.poll(background).toBe(light);
  await desk.reload();
  await desk.locator('.settings__table').waitFor();
  expect(await background()).toBe(light);
  await desk.getByRole('radio', { name: 'Dark' }).check({ force: true });
  await expect.poll(background).toBe(dark);
});
