import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasChromium, openWorkbench, type Workbench } from './workbench.ts';

let workbench: Workbench;
const ROWS = '.ag-row .cell-value';

describe.skipIf(!hasChromium)('working with the screens', () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  });
  afterAll(() => workbench?.close());

  const holdings = async (path = '/holdings') => {
    const visit = await workbench.visit(path);
    await visit.page.locator(ROWS).first().waitFor();
    return visit;
  };

  it('leads from an overview number to exactly the rows behind it', async () => {
    const { page, context } = await workbench.visit('/');
    await page.getByRole('link', { name: '16 portfolios' }).click();
    await page.locator('.statusbar', { hasText: '16 portfolios' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    const critical = page.getByRole('region', { name: 'Open conflicts' }).getByRole('link', { name: /^Critical/ });
    expect(await critical.getAttribute('href')).toBe('/conflicts?f=status%7Eis%7Eopen&f=severity%7Eis%7Ecritical');
    await context.close();
  });

  it('drills from portfolio to account to position and back by breadcrumb', async () => {
    const { page, context } = await workbench.visit('/holdings?group=portfolio');
    await page.getByText('Cedar Hollow foundation').click();
    await page.getByText('Cedar Hollow rollover IRA').click();
    await page.getByRole('navigation', { name: 'Where this list stands' }).getByText('Cedar Hollow rollover IRA').waitFor();
    await page.locator(ROWS).first().waitFor();
    expect(new URL(page.url()).searchParams.getAll('f')).toEqual(['portfolioId~is~p3', 'accountId~is~a3-2']);
    await page.getByRole('link', { name: 'Cedar Hollow foundation' }).click();
    await page.locator('.statusbar', { hasText: '5 accounts' }).waitFor();
    await context.close();
  });

  it('moves through the grid by keyboard and lets Tab leave it', async () => {
    const { page, context } = await holdings();
    await page.locator('.ag-row[row-index="2"] .ag-cell[col-id="security"]').click();
    await page.locator('.values__row').first().waitFor();
    await page.keyboard.press('End');
    expect(await page.locator('.ag-cell-focus').getAttribute('col-id')).toBe('openConflicts');
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+End');
    // 6,000 positions: the last has index 5,999.
    await page.locator('.ag-row[row-index="5999"] .ag-cell-focus').waitFor();
    await page.keyboard.press('Control+Home');
    await page.locator('.ag-row[row-index="0"] .ag-cell-focus:focus').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('.ag-row'))).toBeNull();
    await context.close();
  });

  it('selects by keyboard, offers all that match, sums exactly and copies as text', async () => {
    const { page, context } = await holdings();
    await page.locator('.ag-row[row-index="3"] .ag-cell[col-id="account"]').click({ modifiers: ['Control'] });
    await page.locator('.ag-row[row-index="5"] .ag-cell[col-id="account"]').click({ modifiers: ['Control'] });
    // 2,217,938.40 + 655,969.60
    await page.locator('.statusbar', { hasText: 'Selected 2,873,908.00 USD' }).waitFor();
    await page.keyboard.press('Control+c');
    await page.getByText('2 rows copied').first().waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    expect(text.split('\n')).toHaveLength(3);
    expect(text).toContain('2217938.4');
    await page.getByRole('button', { name: 'Select all 6,000 that match' }).click();
    await page.locator('.statusbar', { hasText: '6,000 selected' }).waitFor();
    await page.locator('.ag-row[row-index="3"] .ag-cell[col-id="account"]').click({ modifiers: ['Control'] });
    await page.locator('.statusbar', { hasText: '5,999 selected' }).waitFor();
    await context.close();
  });

  it('keeps scroll, selection and focus when the data changes underneath', async () => {
    const { page, context } = await holdings();
    await page.locator('.ag-row[row-index="4"] .ag-cell[col-id="account"]').click({ modifiers: ['Control'] });
    await page.keyboard.press('Control+End');
    await page.locator('.ag-row[row-index="5999"] .cell-value').first().waitFor();
    const scroll = () => page.evaluate(() => document.querySelector('.ag-grid-viewport')?.scrollTop ?? -1);
    const before = await scroll();
    expect(before).toBeGreaterThan(10_000);
    const calls = await page.evaluate(() => window.fixture.calls.length);
    await page.evaluate(() => window.fixture.emit({ type: 'data_changed', topics: ['holdings'] }));
    await page.waitForFunction((known) => window.fixture.calls.slice(known).some((call) => call.name === 'holdings.page'), calls);
    await page.waitForTimeout(300);
    expect(await scroll()).toBe(before);
    expect(await page.locator('.ag-row[row-index="5999"] .ag-cell-focus').count()).toBe(1);
    expect(await page.locator('.statusbar').textContent()).toContain('1 selected');
    await context.close();
  });

  it('filters by a column from the keyboard and shows it as a chip and in the address', async () => {
    const { page, context } = await holdings();
    await page.locator('.ag-header-cell[col-id="marketValue"]').focus();
    await page.keyboard.press('Alt+ArrowDown');
    await page.getByLabel('At least').fill('1,000,000');
    await page.keyboard.press('Enter');
    await page.getByText('Market value at least 1,000,000').waitFor();
    expect(new URL(page.url()).searchParams.getAll('f')).toEqual(['marketValue~atLeast~1000000']);
    await page.getByRole('button', { name: 'Remove filter: Market value at least 1,000,000' }).click();
    await page.locator('.statusbar', { hasText: '6,000 positions' }).waitFor();
    await context.close();
  });

  it('sorts on the server', async () => {
    const { page, context } = await holdings();
    await page.locator('.ag-header-cell[col-id="marketValue"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() =>
      window.fixture.calls.some((call) =>
        JSON.stringify(call.input).includes('"sort":[{"column":"marketValue","direction":"asc"}]'),
      ),
    );
    await context.close();
  });

  it('remembers hidden columns', async () => {
    const { page, context } = await holdings();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('dialog', { name: 'Columns' }).getByText('CUSIP').click();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.locator(ROWS).first().waitFor();
    expect(await page.locator('.ag-header-cell[col-id="cusip"]').count()).toBe(0);
    expect(await page.locator('.ag-header-cell[col-id="ticker"]').count()).toBe(1);
    await context.close();
  });

  it('edits a value with a reason, and offers Undo', async () => {
    const { page, context } = await workbench.visit('/holdings?id=h14');
    await page.getByRole('button', { name: 'Edit price' }).click();
    await page.getByLabel('New price').fill('45.50');
    await page.getByRole('button', { name: 'Set value' }).click();
    await page.getByText('Say why; it stands beside the value').waitFor();
    await page.getByLabel('Reason').fill('Custodian price');
    await page.getByRole('button', { name: 'Set value' }).click();
    await page.getByRole('region', { name: 'Messages' }).getByText('Price of Wren Logistics set to 45.5.').waitFor();
    const edit = await page.evaluate(() => window.fixture.calls.find((call) => call.name === 'holdings.edit')?.input);
    expect(edit).toEqual({ id: 'h14', field: 'price', value: '45.5', expected: '45.38', reason: 'Custodian price' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('region', { name: 'Messages' }).getByText('Undone: 1 value restored.').waitFor();
    await context.close();
  });

  it('shows theirs and yours when the value changed meanwhile, and overwrites nothing', async () => {
    const { page, context } = await workbench.visit('/holdings?id=h14');
    await page.getByRole('button', { name: 'Edit price' }).click();
    await page.getByLabel('New price').fill('13');
    await page.getByLabel('Reason').fill('Typo');
    await page.getByRole('button', { name: 'Set value' }).click();
    await page.getByText('The value changed while you were editing. Nothing was overwritten.').waitFor();
    await page.getByRole('button', { name: 'Keep what is there now' }).click();
    expect(await page.evaluate(() => window.fixture.calls.filter((call) => call.name === 'holdings.edit').length)).toBe(1);
    await context.close();
  });

  it('stores a connection only after its facts were tested as they stand', async () => {
    const { page, context } = await workbench.visit('/connections?add=1');
    const next = page.getByRole('dialog').getByRole('button', { name: 'Next' });
    await next.click();
    await page.getByLabel('Client id').fill('client');
    await page.getByLabel('Client secret').fill('wrong');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('The platform refused the credentials.').waitFor();
    expect(await next.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Correct the sign-in' }).click();
    expect(await page.getByLabel('Client id').inputValue()).toBe('client');
    await page.getByLabel('Client secret').fill('secret');
    await page.getByRole('button', { name: 'Test the connection' }).click();
    await page.getByText('Signed in. 68 accounts can be read.').waitFor();
    // Changed after the test: what was tested is not what would be stored.
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByLabel('Client secret').fill('other');
    expect(await page.getByRole('button', { name: 'What to read' }).isDisabled()).toBe(true);
    await context.close();
  });

  it('goes round the regions with F6 and through the screens with g', async () => {
    const { page, context } = await holdings('/holdings?id=h14');
    await page.locator('.values__row').first().waitFor();
    const seen = new Set<string>();
    for (let turn = 0; turn < 5; turn += 1) {
      await page.keyboard.press('F6');
      seen.add(
        await page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region') ?? 'none'),
      );
    }
    expect([...seen].toSorted()).toEqual(['detail', 'rail', 'screen', 'search', 'status']);
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: 'Connections', level: 1 }).waitFor();
    await context.close();
  });

  it('never hides the focus and shows it on every stop', async () => {
    const { page, context } = await workbench.visit('/connections?id=c2');
    await page.locator('.connection').first().waitFor();
    const problems: string[] = [];
    for (let stop = 0; stop < 45; stop += 1) {
      await page.keyboard.press('Tab');
      const problem = await page.evaluate(() => {
        const element = document.activeElement;
        if (!(element instanceof HTMLElement) || element === document.body) return null;
        const box = element.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        const covered =
          top === null || !(element.contains(top) || top.contains(element) || top.closest('label')?.contains(element));
        const ring =
          getComputedStyle(element).outlineStyle !== 'none' ||
          element.dataset['separator'] !== undefined ||
          element.closest('.checkbox') !== null;
        const small = Math.round(box.width) < 24 || Math.round(box.height) < 24;
        const inline =
          getComputedStyle(element).display === 'inline' ||
          element.dataset['separator'] !== undefined ||
          element.matches('input[type=checkbox]');
        return (
          [
            covered && 'covered',
            !ring && 'no ring',
            small && !inline && `small ${Math.round(box.width)}x${Math.round(box.height)}`,
          ]
            .filter(Boolean)
            .map((word) => `${word}: ${element.outerHTML.slice(0, 90)}`)
            .join(', ') || null
        );
      });
      if (problem !== null) problems.push(problem);
    }
    expect(problems).toEqual([]);
    await context.close();
  });
});
