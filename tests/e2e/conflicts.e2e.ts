import type { Page } from '@playwright/test';
import { expect, open, test, toast } from './desk.ts';
import type { Program } from './program.ts';

const undecided = async ({ call }: Program, field?: string): Promise<number> =>
  (
    await call('conflicts.page', {
      limit: 1,
      filters: [
        { column: 'status', operator: 'in', value: ['open', 'review'] },
        ...(field === undefined ? [] : [{ column: 'field' as const, operator: 'is' as const, value: field }]),
      ],
    })
  ).total;

const inFront = (desk: Page): Promise<string> => desk.locator('.conflict .pane__title, .conflict h2').first().innerText();

test('all price conflicts are settled as one batch with keys only, and taken back with Ctrl+Z', async ({ desk, program }) => {
  await open(desk, program, '/conflicts', '.decide');
  const before = { all: await undecided(program), price: await undecided(program, 'price') };
  expect(before.price).toBeGreaterThan(500);

  // The facet is reached by Tab from the search field, the rest needs no pointer either.
  await desk.getByRole('button', { name: new RegExp(`^Price ${before.price}$`) }).focus();
  await desk.keyboard.press('Enter');
  await expect(desk.locator('.statusbar')).toContainText(`${before.price} conflicts`);
  await desk.locator('.ag-cell-focus, .ag-row[row-index="0"] .ag-cell[tabindex]').first().focus();
  await desk.keyboard.press('Control+a');
  await expect(desk.locator('.statusbar')).toContainText(`${before.price} selected`);
  await desk.keyboard.press('a');
  await expect(desk.getByRole('button', { name: `Resolve ${before.price}` })).toBeEnabled();
  await expect(desk.getByText('Nothing is written yet')).toBeVisible();
  expect(await undecided(program, 'price')).toBe(before.price);
  await desk.keyboard.press('Enter');
  await expect(toast(desk, `Accepted Clearway for ${before.price} conflicts.`)).toBeVisible();
  expect(await undecided(program, 'price')).toBe(0);
  expect(await undecided(program)).toBe(before.all - before.price);
  const rail = desk.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: /Conflicts/ });
  await expect(rail).toContainText((before.all - before.price).toLocaleString('en-GB'));

  await desk.keyboard.press('Control+z');
  await expect(toast(desk, `Undone: Accepted Clearway for ${before.price} conflicts.`)).toBeVisible();
  await expect(desk.locator('.statusbar')).toContainText(`${before.price} conflicts`);
  await expect(rail).toContainText(before.all.toLocaleString('en-GB'));
  expect(await undecided(program)).toBe(before.all);
  expect(await undecided(program, 'price')).toBe(before.price);
});

test('single conflicts are settled by one key each, the next one comes to the front, and each is in the book', async ({
  desk,
  program,
}) => {
  await open(desk, program, '/conflicts?f=field~is~quantity', '.decide');
  const before = await undecided(program);
  const first = await inFront(desk);

  await desk.keyboard.press('a');
  await expect(toast(desk, /^Accepted Clearway: /)).toBeVisible();
  await expect.poll(() => undecided(program)).toBe(before - 1);
  await expect(desk.locator('.decide')).toBeVisible();

  await desk.locator('.choice', { hasText: 'Accept Black Diamond' }).waitFor();
  await desk.keyboard.press('j');
  await desk.keyboard.press('k');
  await desk.keyboard.press('1');
  await expect(toast(desk, /^Accepted Black Diamond: /)).toBeVisible();
  await expect.poll(() => undecided(program)).toBe(before - 2);

  const possible = desk.locator('.choice:not([aria-disabled=true])', { hasText: 'Merge' });
  for (let step = 0; step < 12 && (await possible.count()) === 0; step += 1) await desk.keyboard.press('j');
  if ((await possible.count()) > 0) {
    await desk.keyboard.press('m');
    await expect(toast(desk, /^Merged: /)).toBeVisible();
    await expect.poll(() => undecided(program)).toBe(before - 3);
    await desk.keyboard.press('Control+z');
    await expect(toast(desk, /^Undone: Merged/)).toBeVisible();
    await expect.poll(() => undecided(program)).toBe(before - 2);
    await desk.keyboard.press('j');
  }

  // Put aside: still undecided, now in review.
  await desk.keyboard.press('l');
  await expect(toast(desk, /^Put aside for review: /)).toBeVisible();
  expect((await program.call('conflicts.page', { filters: [{ column: 'status', operator: 'is', value: 'review' }] })).total).toBe(
    1,
  );

  const { items } = await program.call('batches.list', { limit: 3 });
  expect(items.map(({ summary }) => summary)).toContain('Put aside for review: 1 conflict');
  for (const undo of ['Put aside for review', 'Accepted Black Diamond', 'Accepted Clearway']) {
    await desk.keyboard.press('Control+z');
    await expect(toast(desk, new RegExp(`^Undone: ${undo}`))).toBeVisible();
  }
  await expect.poll(() => undecided(program)).toBe(before);
  expect(await inFront(desk)).toBe(first);
});

test('a comment is written with c and stands in the history of the conflict', async ({ desk, program }) => {
  await open(desk, program, '/conflicts', '.decide');
  await desk.keyboard.press('c');
  await desk.locator('.conflict textarea').fill('Asked the custodian for the trade confirmation.');
  await desk.keyboard.press('Control+Enter');
  await expect(desk.locator('.conflict').getByText('Asked the custodian for the trade confirmation.').last()).toBeVisible();
  await expect(desk.locator('.conflict textarea')).toHaveCount(0);
});

test('a conflict that somebody else changed meanwhile is not overwritten: both values stand beside each other', async ({
  desk,
  program,
  complaints,
}) => {
  await open(desk, program, '/conflicts?f=field~is~quantity', '.decide');
  // The decision reaches the program with a version that is not the newest, as it does when another person was quicker.
  await desk.route('**/api/v1/conflicts/resolve', async (route) => {
    const asked = route.request().postDataJSON() as { expectedVersion: number };
    await route.continue({ postData: JSON.stringify({ ...asked, expectedVersion: asked.expectedVersion - 1 }) });
  });
  const before = await undecided(program);
  await desk.keyboard.press('a');
  await expect(toast(desk, /^Not settled, /)).toBeVisible();
  expect(await undecided(program)).toBe(before);
  await desk.getByRole('button', { name: 'Show it' }).click();
  await expect(desk.locator('.refused')).toBeVisible();
  // The browser itself reports the refusal on its console.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('409 (Conflict)')]);
});
