import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcedureName } from '../../../shared/contract/index.ts';
import { expectClean } from './inspect.ts';
import { hasChromium, openWorkbench, type Workbench } from './workbench.ts';

let workbench: Workbench;
const SHOWN = '.sbs__value';
const PRICES = '/conflicts?f=field~in~price';

const shown = (page: Page) => page.locator(SHOWN).first().waitFor();
const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const title = async (page: Page): Promise<string> => (await page.locator('.pane__title').textContent()) ?? '';
const message = (page: Page, text: string | RegExp) => page.getByRole('region', { name: 'Messages' }).getByText(text).waitFor();
const inputs = (page: Page, name: ProcedureName): Promise<unknown[]> =>
  page.evaluate((wanted) => window.fixture.calls.filter((call) => call.name === wanted).map((call) => call.input), name);
const openNow = (page: Page): Promise<string> =>
  page
    .locator('.ag-row-focus')
    .first()
    .getAttribute('row-id')
    .then((id) => id ?? '');

describe.skipIf(!hasChromium)('deciding conflicts', () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  });
  afterAll(() => workbench?.close());

  const visit = async (path = '/conflicts', options: Parameters<Workbench['visit']>[1] = {}) => {
    const at = await workbench.visit(path, options);
    await shown(at.page);
    return at;
  };

  it('opens the most severe conflict with the largest impact, undecided ones only', async () => {
    const { page, context } = await visit();
    const [first] = (await inputs(page, 'conflicts.page')) as { sort: unknown; filters: unknown }[];
    expect(first).toMatchObject({
      sort: [
        { column: 'severity', direction: 'asc' },
        { column: 'impact', direction: 'desc' },
      ],
      filters: [{ column: 'status', operator: 'in', value: ['open', 'review'] }],
    });
    expect(await title(page)).toBe(await page.locator('.ag-row[row-index="0"] [col-id="security"]').textContent());
    await context.close();
  });

  it('settles with one key on what the person saw, shows the next at once, and takes it back with Undo', async () => {
    const { page, context } = await visit(PRICES);
    const [before, second] = [await title(page), await page.locator('.ag-row[row-index="1"] [col-id="security"]').textContent()];
    await press(page, '2');
    await page.waitForFunction((name) => document.querySelector('.pane__title')?.textContent !== name, before);
    expect(await title(page)).toBe(second);
    await message(page, new RegExp(`^Accepted Orion: ${before}, price [\\d,.]+\\.$`));
    const [decided] = (await inputs(page, 'conflicts.resolve')) as { selection: { ids: string[] } }[];
    expect(decided).toEqual({
      selection: { ids: decided?.selection.ids },
      decision: { strategy: 'PLATFORM_WINS', connectionId: 'c2' },
      expectedVersion: 1,
    });
    await page.locator('.statusbar', { hasText: '119 conflicts' }).waitFor();
    // The cursor stands on the conflict in front after the list has moved up.
    await page.waitForFunction(
      (name) => document.querySelector('.ag-row-focus [col-id="security"]')?.textContent === name,
      second,
    );
    await press(page, 'Control+z');
    await message(page, new RegExp('^Undone: Accepted Orion'));
    await page.locator('.statusbar', { hasText: '120 conflicts' }).waitFor();
    expect(await title(page)).toBe(before);
    await press(page, 'Control+Shift+z');
    await message(page, new RegExp('^Applied again: Accepted Orion'));
    await page.locator('.statusbar', { hasText: '119 conflicts' }).waitFor();
    await context.close();
  });

  it('settles ten in a row, each once, in the order of the list', async () => {
    const { page, context } = await visit(PRICES);
    const ids = await page
      .locator('.ag-grid-scrolling-container .ag-row')
      .evaluateAll((rows) =>
        rows
          .toSorted((a, b) => Number(a.getAttribute('row-index')) - Number(b.getAttribute('row-index')))
          .map((row) => row.getAttribute('row-id')),
      );
    for (let done = 0; done < 10; done += 1) {
      const before = await page.locator('.conflict__sentence').textContent();
      await press(page, 'a');
      await page.waitForFunction((text) => document.querySelector('.conflict__sentence')?.textContent !== text, before);
    }
    await page.waitForFunction(() => window.fixture.calls.filter((call) => call.name === 'conflicts.resolve').length === 10);
    const decided = ((await inputs(page, 'conflicts.resolve')) as { selection: { ids: string[] } }[]).map(
      (input) => input.selection.ids[0],
    );
    expect(decided).toEqual(ids.slice(0, 10));
    await page.locator('.statusbar', { hasText: '110 conflicts' }).waitFor();
    await context.close();
  });

  it('decides nothing while the conflict in front is not on screen', async () => {
    const { page, context } = await visit('/conflicts', { mode: 'slow' }).catch(() => workbench.visit('/conflicts'));
    await shown(page);
    await page.locator('.ag-row[row-index="20"] [col-id="security"]').click();
    await press(page, 'a');
    await page.waitForTimeout(300);
    expect(await inputs(page, 'conflicts.resolve')).toEqual([]);
    await context.close();
  });

  it('says why a decision is not possible, and writes nothing', async () => {
    const { page, context } = await visit();
    await press(page, 'm');
    await message(page, 'Not possible here: Merging never invents or removes a position.');
    expect(await inputs(page, 'conflicts.resolve')).toEqual([]);
    expect(await page.getByRole('button', { name: /^Merge/ }).getAttribute('aria-disabled')).toBe('true');
    await context.close();
  });

  it('settles by hand, after checking the value', async () => {
    const { page, context } = await visit(PRICES);
    await press(page, 'e');
    await page.getByLabel('Price by hand, in USD').fill('12.5.1');
    await press(page, 'Enter');
    await page.getByText('Write a number, such as 1,250.50.').waitFor();
    await page.getByLabel('Price by hand, in USD').fill('1,412.5');
    await press(page, 'Enter');
    await message(page, /^Set by hand: .*, price 1,412\.50\.$/);
    expect(await inputs(page, 'conflicts.resolve')).toMatchObject([{ decision: { strategy: 'MANUAL_REVIEW', value: '1412.5' } }]);
    await context.close();
  });

  it('shows theirs and yours when the conflict changed meanwhile, and overwrites nothing', async () => {
    const { page, context } = await visit('/conflicts?f=field~in~quantity&id=k13');
    await press(page, 'a');
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.getByText('This changed while you were looking at it. Nothing was written.').waitFor();
    // Clearway had 30; 30 + 12.5 = 42.5 is there now.
    expect(await page.locator('.refused__table').innerText()).toMatch(/Clearway\s+30\s+42\.5/);
    await page.locator('.statusbar', { hasText: '239 conflicts' }).waitFor();
    await page.getByRole('button', { name: 'Accept Clearway on what is there now' }).click();
    await message(page, /^Accepted Clearway: Tundra Mar 2027 45 Put, quantity 42\.5\.$/);
    expect(
      ((await inputs(page, 'conflicts.resolve')) as { expectedVersion: number }[]).map((input) => input.expectedVersion),
    ).toEqual([1, 2]);
    await context.close();
  });

  it('shows what a decision about many would do, applies it by name with Enter, and takes it back whole', async () => {
    const { page, context } = await visit(PRICES);
    await press(page, 'Control+a');
    await page.getByText('120 conflicts selected.').waitFor();
    await press(page, 'm');
    await page.getByRole('heading', { name: 'Merge: 120 conflicts' }).waitFor();
    await press(page, '1');
    await page.getByRole('heading', { name: 'Accept Black Diamond: 120 conflicts' }).waitFor();
    expect(await inputs(page, 'conflicts.resolve')).toEqual([]);
    await press(page, 'c');
    await page.keyboard.type('Prices of the custodian');
    await press(page, 'Control+Enter');
    await message(page, 'Accepted Black Diamond for 120 conflicts.');
    expect(await inputs(page, 'conflicts.resolve')).toEqual([
      {
        selection: {
          matching: {
            filters: [
              { column: 'status', operator: 'in', value: ['open', 'review'] },
              { column: 'field', operator: 'in', value: ['price'] },
            ],
            search: '',
          },
          except: [],
        },
        decision: { strategy: 'PLATFORM_WINS', connectionId: 'c1' },
        comment: 'Prices of the custodian',
      },
    ]);
    await page.locator('.statusbar', { hasText: '0 conflicts' }).waitFor();
    await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
    await page.locator('.statusbar', { hasText: '120 conflicts' }).waitFor();
    await context.close();
  });

  it('selects with Shift and the arrows, and Escape goes back step by step', async () => {
    const { page, context } = await visit(PRICES);
    await press(page, 'Shift+ArrowDown', 'Shift+ArrowDown');
    await page.getByText('3 conflicts selected.').waitFor();
    await press(page, 'a');
    await page.getByRole('button', { name: 'Resolve 3' }).waitFor();
    await press(page, 'Escape');
    await page.getByText('3 conflicts selected.').waitFor();
    await press(page, 'Escape');
    await page.getByText('3 conflicts selected.').waitFor({ state: 'detached' });
    await press(page, 'Escape');
    await page.locator('.conflict').waitFor({ state: 'detached' });
    expect(await inputs(page, 'conflicts.resolve')).toEqual([]);
    await context.close();
  });

  it('counts facets without their own filter, and filters by several of one', async () => {
    const { page, context } = await visit();
    const facet = (name: string) => page.getByRole('complementary', { name: 'Facets' }).getByRole('button', { name });
    await facet('Price').click();
    await page.locator('.statusbar', { hasText: '120 conflicts' }).waitFor();
    await facet('Quantity').click();
    // 120 prices and 239 quantities.
    await page.locator('.statusbar', { hasText: '359 conflicts' }).waitFor();
    await page.getByText('Field: Price, Quantity').waitFor();
    await page
      .getByRole('group', { name: 'Which conflicts' })
      .or(page.locator('.segmented'))
      .getByText(/^Settled/)
      .click();
    await page.locator('.sbs__field--decided').waitFor();
    expect(new URL(page.url()).searchParams.get('show')).toBe('settled');
    await context.close();
  });

  it('shows the first of what a filter leaves when the conflict in front is not among it, and keeps it when it is', async () => {
    const { page, context } = await visit(PRICES);
    const kept = await title(page);
    await page.getByRole('searchbox', { name: 'Search conflicts' }).fill(kept);
    await page.waitForFunction(() => document.querySelectorAll('.ag-row').length < 10);
    expect(await title(page)).toBe(kept);
    await page.getByRole('searchbox', { name: 'Search conflicts' }).fill('');
    const facet = (name: string) => page.getByRole('complementary', { name: 'Facets' }).getByRole('button', { name });
    await facet('Quantity').click();
    await facet('Price').click();
    await page.locator('.ag-row[row-index="0"] [col-id="field"]', { hasText: 'Quantity' }).waitFor();
    await page.waitForFunction(
      () =>
        document.querySelector('.pane__title')?.textContent ===
        document.querySelector('.ag-row[row-index="0"] [col-id="security"]')?.textContent,
    );
    expect(await page.locator('.sbs__field--conflict .sbs__name').textContent()).toContain('Quantity');
    await context.close();
  });

  it('previews the undo of an older batch with what stands in the way', async () => {
    const { page, context } = await visit();
    await press(page, 'h');
    await page.locator('.batch', { hasText: '1,240 conflicts' }).getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/Brings back 1,238 values as they were before\. 2 values stay as they are/).waitFor();
    await page.getByRole('button', { name: 'Undo 1,238' }).click();
    await message(page, /^Undone: Accepted the platform: 1,240 conflicts\./);
    await context.close();
  });

  it('writes a comment without deciding', async () => {
    const { page, context } = await visit();
    await press(page, 'c');
    await page.keyboard.type('a 1 2 l');
    await press(page, 'Control+Enter');
    await page.locator('.comments__text', { hasText: 'a 1 2 l' }).waitFor();
    expect(await inputs(page, 'conflicts.resolve')).toEqual([]);
    await context.close();
  });

  it('goes on with j and k, and follows the cursor', async () => {
    const { page, context } = await visit();
    const first = await openNow(page);
    await press(page, 'j', 'j', 'k', 'ArrowDown');
    await page.waitForFunction(
      () =>
        document.querySelector('.pane__title')?.textContent ===
        document.querySelector('.ag-row[row-index="2"] [col-id="security"]')?.textContent,
    );
    await press(page, 'k', 'k');
    await page.waitForFunction((id) => document.querySelector('.ag-row-focus')?.getAttribute('row-id') === id, first);
    await context.close();
  });

  it('offers a viewer no decision, and takes none', async () => {
    const { page, context } = await visit('/conflicts', { mode: 'viewer' });
    await page.getByText('Your role can read conflicts but not decide them.').first().waitFor();
    await press(page, 'a');
    expect(await page.getByRole('button', { name: /^Accept/ }).count()).toBe(0);
    expect(await inputs(page, 'conflicts.resolve')).toEqual([]);
    await context.close();
  });
});

describe.skipIf(!hasChromium)('the conflicts screen has no violation and no console message', () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  });
  afterAll(() => workbench?.close());

  describe('in both themes', () => {
    it.each<[string, string, (page: Page) => Promise<unknown>]>([
      ['with a conflict', '/conflicts', shown],
      [
        'with a number in conflict and all fields',
        '/conflicts?f=field~in~quantity',
        async (page) => {
          await shown(page);
          await page.locator('.sbs__fold button').click();
        },
      ],
      [
        'with the preview of a bulk decision',
        PRICES,
        async (page) => {
          await shown(page);
          await press(page, 'Control+a', '1');
          await page.locator('.bulk__largest').waitFor();
        },
      ],
      [
        'with the history and the preview of an undo',
        '/conflicts',
        async (page) => {
          await shown(page);
          await press(page, 'h');
          await page.locator('.batch').getByRole('button', { name: 'Undo' }).first().click();
          await page.locator('.undo-preview').waitFor();
        },
      ],
      [
        'while editing by hand',
        PRICES,
        async (page) => {
          await shown(page);
          await press(page, 'e');
          await page.locator('.by-hand').waitFor();
        },
      ],
      [
        'while writing a comment',
        PRICES,
        async (page) => {
          await shown(page);
          await press(page, 'c');
          await page.locator('.comment-form').waitFor();
        },
      ],
      [
        'with a refused decision',
        '/conflicts?id=k13',
        async (page) => {
          await shown(page);
          await press(page, 'a');
          await page.getByRole('button', { name: 'Show it' }).click();
          await page.locator('.refused__table').waitFor();
        },
      ],
      ['with settled ones', '/conflicts?show=settled', shown],
    ])('%s', (_name, path, act) => expectClean(workbench, path, {}, ({ page }) => act(page)));
  });

  it.each([
    ['empty', '.state'],
    ['failing', '.request-id'],
    ['offline', '.page__offline'],
    ['viewer', '.conflict__locked'],
  ] as const)('when %s', (mode, ready) =>
    expectClean(workbench, '/conflicts', { mode, theme: 'light' }, ({ page }) => page.locator(ready).first().waitFor()),
  );

  it('with more contrast, in forced colours and at 200 %', async () => {
    await expectClean(workbench, '/conflicts', { contrast: 'more' }, ({ page }) => shown(page));
    await expectClean(workbench, '/conflicts', { forcedColors: 'active' }, ({ page }) => shown(page));
    await expectClean(workbench, '/conflicts', { zoom: 2 }, ({ page }) => shown(page));
  });
});
