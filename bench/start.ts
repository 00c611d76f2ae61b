import { median, removeFolder, tempFolder } from './bench-app.ts';
import { firstRow, openBrowser, signInLink } from './browser.ts';
import { fillBook } from './filled-book.ts';
import { startHeadless } from './headless-process.ts';

const RUNS = 3;

/** From the start of the program's process to the first painted numbers of a large book, in a browser that is open already. */
export async function start(options: Readonly<Record<string, string>>): Promise<object> {
  const holdings = Number(options['holdings'] ?? 1_000_000);
  const dataDir = tempFolder();
  fillBook(dataDir, holdings);
  const browser = await openBrowser();
  try {
    const ready: number[] = [];
    const firsts: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
      const from = performance.now();
      const program = await startHeadless(dataDir);
      ready.push(performance.now() - from);
      const link = new URL(await signInLink(program));
      await page.goto(link.href);
      await page.goto(`${program.url}/holdings`);
      await firstRow(page).waitFor();
      firsts.push(performance.now() - from);
      await page.close();
      await program.stop();
    }
    return { holdings, runs: RUNS, readyMs: Math.round(median(ready)), firstRowsMs: Math.round(median(firsts)) };
  } finally {
    await browser.close();
    removeFolder(dataDir);
  }
}
