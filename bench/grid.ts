import type { Page } from '@playwright/test';
import { median, removeFolder, tempFolder } from './bench-app.ts';
import { firstRow, openBrowser, signInLink } from './browser.ts';
import { fillBook } from './filled-book.ts';
import { startHeadless } from './headless-process.ts';

const FRAMES = 300;
const RUNS = 3;
/** Places to jump to, as shares of the list. */
const JUMPS = [0.137, 0.862, 0.411, 0.703, 0.295];
const VIEWPORT = '.ag-grid-viewport';

/** Scrolls by so many pixels each frame; answers the frame intervals. Throws when nothing moved. */
async function scroll(page: Page, pixels: number): Promise<number[]> {
  const { frames, moved } = await page.evaluate(
    async ({ selector, step, count }) => {
      const viewport = [...document.querySelectorAll(selector)].find((e) => e.scrollHeight > e.clientHeight);
      if (!viewport) return { frames: [], moved: 0 };
      const from = viewport.scrollTop;
      const intervals: number[] = [];
      await new Promise<void>((resolve) => {
        let last = performance.now();
        const frame = (now: number): void => {
          intervals.push(now - last);
          last = now;
          viewport.scrollTop += step;
          if (intervals.length > count) resolve();
          else requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      });
      return { frames: intervals.slice(1), moved: viewport.scrollTop - from };
    },
    { selector: VIEWPORT, step: pixels, count: FRAMES },
  );
  if (moved < (pixels * FRAMES) / 2) throw new Error(`The grid scrolled ${moved} px instead of about ${pixels * FRAMES}.`);
  return frames;
}

/** Jumps to a place of the list, as a share of it; answers the milliseconds until rows stand there. */
const jump = (page: Page, share: number): Promise<number> =>
  page.evaluate(
    async ({ selector, to }) => {
      const viewport = [...document.querySelectorAll(selector)].find((e) => e.scrollHeight > e.clientHeight);
      if (!viewport) throw new Error('There is no list to jump in.');
      const started = performance.now();
      viewport.scrollTop = Math.round(viewport.scrollHeight * to);
      const { top, bottom } = viewport.getBoundingClientRect();
      const filled = (): boolean =>
        [...viewport.querySelectorAll('.ag-row .cell-value')].some((cell) => {
          const { y } = cell.getBoundingClientRect();
          return y > (top + bottom) / 2 && y < bottom && cell.textContent !== '';
        });
      await new Promise<void>((resolve) => {
        const look = (): void => void (filled() ? resolve() : requestAnimationFrame(look));
        requestAnimationFrame(look);
      });
      return performance.now() - started;
    },
    { selector: VIEWPORT, to: share },
  );

/** Sorts by a column from its head, smallest first and then largest first; answers the milliseconds until the rows of the latter are painted. */
async function sortBy(page: Page, column: string): Promise<number> {
  const head = page.locator(`.ag-header-cell[col-id="${column}"] .head__label`);
  await jump(page, 0);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().includes('/api/v1/holdings?')),
    head.click(),
  ]);
  await answer.finished();
  await firstRow(page).waitFor();
  const before = await firstRow(page).textContent();
  const started = performance.now();
  await head.click();
  await page.waitForFunction(
    (text) => {
      const cell = [...document.querySelectorAll('.ag-row[row-index="0"] .ag-cell')].find((e) => /\d/.test(e.textContent ?? ''));
      return cell !== undefined && cell.textContent !== text;
    },
    before,
    { polling: 'raf' },
  );
  return performance.now() - started;
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
const round = (ms: number): number => Math.round(ms * 10) / 10;

/** The Holdings grid of the real program over a book of so many positions, in a real browser. */
export async function grid(options: Readonly<Record<string, string>>): Promise<object> {
  const rows = Number(options['rows'] ?? 1_000_000);
  const dataDir = tempFolder();
  try {
    fillBook(dataDir, rows);
    const program = await startHeadless(dataDir);
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
      await page.goto(await signInLink(program));
      await page.getByRole('link', { name: 'Holdings' }).first().waitFor();
      const firsts: number[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        const started = performance.now();
        await page.goto(`${program.url}/holdings`);
        await firstRow(page).waitFor();
        firsts.push(performance.now() - started);
      }
      const slow = await scroll(page, 42);
      const fast = await scroll(page, 300);
      const jumps: number[] = [];
      for (const share of JUMPS) jumps.push(await jump(page, share));
      const sortMs = await sortBy(page, 'marketValue');
      const sortByNameMs = await sortBy(page, 'security');
      return {
        rows,
        screen: 'holdings',
        runs: RUNS,
        firstRowsMs: Math.round(median(firsts)),
        frameP95Ms: round(percentile(slow, 0.95)),
        frameP95At300Ms: round(percentile(fast, 0.95)),
        framesOver33Ms: fast.filter((ms) => ms > 33).length,
        jumpMs: Math.round(median(jumps)),
        sortMs: Math.round(sortMs),
        sortByNameMs: Math.round(sortByNameMs),
      };
    } finally {
      await browser.close();
      await program.stop();
    }
  } finally {
    removeFolder(dataDir);
  }
}
