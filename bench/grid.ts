import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import type { WritableDb } from '../main/store/handles.ts';
import { migrate } from '../main/store/migrate.ts';
import { closeDb, openWritable } from '../main/store/open.ts';
import { transact } from '../main/store/transact.ts';
import { MIGRATIONS, median, removeFolder, tempFolder } from './bench-app.ts';
import { startHeadless, type HeadlessProcess } from './headless-process.ts';

const PER_ACCOUNT = 25;
const SECURITIES = 5000;
const FRAMES = 300;
const RUNS = 3;
/** Places to jump to, as shares of the list. */
const JUMPS = [0.137, 0.862, 0.411, 0.703, 0.295];
const VIEWPORT = '.ag-grid-viewport';
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A book of so many positions, straight through the store in one transaction. */
function fill(db: WritableDb, rows: number): void {
  transact(db, () => {
    db.exec(
      "INSERT INTO batches (id, uid, kind, actor, at, summary) VALUES (1, 'bench', 'opening', 'bench', '2026-11-20T00:00:00.000Z', 'Bench')",
    );
    db.exec("INSERT INTO portfolios (id, name) VALUES (1, 'Bench household')");
    const account = db.prepare(
      "INSERT INTO accounts (name, number, number_key, custodian, currency, portfolio_id, created_batch) VALUES (?, ?, ?, 'Harborline', 'USD', 1, 1)",
    );
    for (let i = 0; i < rows / PER_ACCOUNT; i += 1) account.run(`Account ${i}`, `N${i}`, `N${i}`);
    const security = db.prepare(
      "INSERT INTO securities (name, type, ticker, currency, multiplier, created_batch) VALUES (?, 'stock', ?, 'USD', '1', 1)",
    );
    for (let i = 0; i < SECURITIES; i += 1) security.run(`Security ${i}`, `T${i}`);
    const holding = db.prepare(
      `INSERT INTO holdings (account_id, security_id, status, quantity, price, market_value, cost_basis, currency, as_of, origin, created_batch)
       VALUES (?, ?, 'held', ?, ?, ?, ?, 'USD', '2026-11-20', 'b:1', 1)`,
    );
    for (let i = 0; i < rows; i += 1) {
      const price = 10 + (i % 977);
      const quantity = 1 + (i % 5003);
      holding.run(
        1 + Math.floor(i / PER_ACCOUNT),
        1 + ((i * 7) % SECURITIES),
        String(quantity),
        String(price),
        String(quantity * price),
        String(quantity * 9),
      );
    }
  });
}

/** A link that signs a browser in once. */
async function signInLink({ url, token }: HeadlessProcess): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/session/link`, { method: 'POST', headers, body: '{}' });
  return ((await answer.json()) as { signInUrl: string }).signInUrl;
}

const firstRow = (page: Page) => page.locator('.ag-row[row-index="0"] .ag-cell').filter({ hasText: /\d/ }).first();

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
    const db = openWritable(join(dataDir, 'book.db'));
    migrate(db, MIGRATIONS);
    fill(db, rows);
    closeDb(db);
    const program = await startHeadless(dataDir);
    const browser = await chromium.launch({
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args: CHROMIUM_ARGS,
    });
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
