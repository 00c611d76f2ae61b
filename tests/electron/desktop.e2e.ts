import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, expect, test, type ElectronApplication, type Page } from '@playwright/test';
import { findElectron, windowObstacle } from '../../scripts/setup/electron-binary.mjs';

const executablePath = findElectron(process.cwd());
const obstacle = executablePath === null ? 'Electron has not been downloaded' : windowObstacle();

test.describe('the desktop window', () => {
  test.skip(obstacle !== null, `not run here: ${obstacle}`);

  let folder: string;
  let program: ElectronApplication;
  let page: Page;
  const complaints: string[] = [];

  test.beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'clearway-desktop-'));
    program = await _electron.launch({
      ...(executablePath === null ? {} : { executablePath }),
      args: [process.cwd(), '--data', folder],
      env: { ...(process.env as Record<string, string>), ELECTRON_ENABLE_SECURITY_WARNINGS: '1' },
    });
    page = await program.firstWindow();
    page.on('console', (message) =>
      ['warning', 'error'].includes(message.type()) ? complaints.push(message.text()) : undefined,
    );
    await page.waitForLoadState('load');
  });

  test.afterAll(async () => {
    await program.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('shows the program on its own origin, and no complaint about security or content', async () => {
    expect(page.url()).toMatch(/^app:\/\/workstation\//);
    await expect(page.getByRole('main')).toBeVisible();
    expect(complaints).toEqual([]);
  });

  test('gives the page one function and nothing of Node', async () => {
    const given = await page.evaluate(() => ({
      bridge: Object.keys((window as unknown as { clearwayDesktop: object }).clearwayDesktop),
      node: ['require', 'process', 'module', 'Buffer'].filter((name) => name in window),
    }));
    expect(given).toEqual({ bridge: ['connect'], node: [] });
  });

  test('stays on its pages and opens no window', async () => {
    await page.evaluate(() => void (window.location.href = 'https://app.attacker.example/'));
    const opened = await page.evaluate(() => window.open('https://app.attacker.example/') !== null);
    expect(opened).toBe(false);
    expect(page.url()).toMatch(/^app:\/\/workstation\//);
    expect(program.windows()).toHaveLength(1);
  });

  test('is refused what it asks of the system', async () => {
    const state = await page.evaluate(async () => (await navigator.permissions.query({ name: 'geolocation' })).state);
    expect(state).toBe('denied');
  });
});
