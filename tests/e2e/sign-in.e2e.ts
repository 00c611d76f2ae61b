import { expect, hear, test } from './desk.ts';

test('the printed link signs in once: a reload stays signed in, a second browser is refused, and no secret is left in the page', async ({
  browser,
  page,
  program,
  complaints,
}) => {
  await hear(page, complaints);
  await page.goto(program.signInUrl);
  await page.locator('.topbar').waitFor();
  await page.reload();
  await page.locator('.topbar').waitFor();

  const code = new URL(program.signInUrl).hash.slice('#sign-in='.length);
  expect(code.length).toBeGreaterThan(20);
  expect(page.url()).toBe(`${program.url}/`);
  const kept = await page.evaluate(() =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      history.state,
      document.cookie,
      performance.getEntries().map((entry) => entry.name),
    ]),
  );
  const tokens = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  expect(kept).not.toContain(code);
  expect(kept).not.toContain(program.token);
  // Nothing as long as a token stands there at all.
  expect(kept.match(/[A-Za-z0-9_-]{40,}/g) ?? []).toEqual([]);
  expect(tokens).toEqual([]);

  const stranger = await browser.newContext();
  const other = await stranger.newPage();
  await other.goto(program.signInUrl);
  await other.getByRole('heading', { name: 'Sign in to Clearway' }).waitFor();
  await expect(other.getByText(/used already/)).toBeVisible();
  await expect(other.locator('.topbar')).toHaveCount(0);
  await stranger.close();
});

test('without a link the token from the terminal can be pasted, and a wrong one is refused in words', async ({
  page,
  program,
}) => {
  await page.goto(program.url);
  await page.getByLabel('Token').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.locator('.gate__card [role=alert], .gate__card .failure').first()).toBeVisible();
  await page.getByLabel('Token').fill(program.token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.topbar').waitFor();
});
