import type { Page } from '@playwright/test';
import { statement } from '../contract/statement.ts';
import { openAlerts } from './open-alerts.ts';
import { reconciled, type Program } from './program.ts';

/** One state of one screen worth looking at. */
export interface Shot {
  readonly name: string;
  readonly path: string;
  /** Stands on the page once its content does. */
  readonly ready: string;
  /** What is opened before looking. */
  readonly act?: (page: Page) => Promise<unknown>;
}

const ROWS = '.ag-row .cell-value';

/** Every screen with its panes and overlays open, over the data the program holds. */
export async function shots({ call }: Pick<Program, 'call'>): Promise<readonly Shot[]> {
  const { rows } = await call('conflicts.page', { limit: 1, filters: [{ column: 'field', operator: 'is', value: 'quantity' }] });
  const { items } = await call('connections.list', {});
  const booked = await call('transactions.page', { limit: 1, filters: [{ column: 'type', operator: 'is', value: 'buy' }] });
  const measured = await call('performance.page', {
    limit: 1,
    filters: [
      { column: 'period', operator: 'is', value: 'five_years' },
      { column: 'accountId', operator: 'notBlank' },
    ],
  });
  const uneven = await call('taxLots.page', { limit: 1, filters: [{ column: 'sum', operator: 'is', value: 'differs' }] });
  const latest = await call('sync.operations', { connectionId: items[0]?.id ?? '', limit: 1 });
  const orion = items.find((c) => c.platform === 'orion');
  const addepar = items.find((c) => c.platform === 'addepar');
  const conflict = rows[0];
  const accounts = await call('accounts.list', { limit: 1 });
  const runs = await call('reconciliation.runs', { limit: 1 });
  const [synced] = (await call('sync.operations', { ...(orion ? { connectionId: orion.id } : {}), limit: 1 })).items;
  const run = runs.items[0] ?? (await reconciled({ call }));
  const alert = await openAlerts({ call });
  return [
    { name: 'overview', path: '/', ready: '.workload__total' },
    { name: 'connections', path: '/connections', ready: '.connection' },
    { name: 'connection-history', path: `/connections?id=${orion?.id ?? ''}&tab=history`, ready: '.history__entry' },
    { name: 'connection-unlinked', path: `/connections?id=${orion?.id ?? ''}&tab=unlinked`, ready: '.unlinked__item' },
    { name: 'connection-settings', path: `/connections?id=${orion?.id ?? ''}&tab=settings`, ready: '.form' },
    { name: 'connection-state', path: `/connections?id=${addepar?.id ?? ''}&tab=state`, ready: '.budget' },
    { name: 'connection-log', path: `/connections?id=${addepar?.id ?? ''}&tab=log`, ready: '.event' },
    { name: 'connections-urgency', path: '/connections?order=urgency', ready: '.connection' },
    { name: 'sync', path: '/sync', ready: ROWS },
    { name: 'sync-operation', path: `/sync?id=${latest.items[0]?.id ?? ''}`, ready: '.operation__counts' },
    { name: 'holdings', path: '/holdings', ready: ROWS },
    { name: 'holdings-by-portfolio', path: '/holdings?group=portfolio', ready: ROWS },
    { name: 'holding', path: `/holdings?id=${conflict?.holdingId ?? ''}`, ready: '.values__row' },
    {
      name: 'holding-raw',
      path: `/holdings?id=${conflict?.holdingId ?? ''}`,
      ready: '.values__row',
      act: async (page) => {
        await page
          .getByRole('button', { name: /Show the raw record/ })
          .first()
          .click();
        await page.getByLabel('Record as received').waitFor();
      },
    },
    { name: 'transactions', path: '/transactions', ready: ROWS },
    { name: 'transaction', path: `/transactions?id=${booked.rows[0]?.id ?? ''}`, ready: '.pane .facts' },
    { name: 'performance', path: '/performance', ready: ROWS },
    { name: 'performance-account', path: `/performance?id=${measured.rows[0]?.id ?? ''}`, ready: '.returns__figures' },
    { name: 'tax-lots', path: '/tax-lots', ready: ROWS },
    { name: 'tax-lot', path: `/tax-lots?id=${uneven.rows[0]?.id ?? ''}`, ready: '.lots__verdict' },
    { name: 'conflicts', path: '/conflicts', ready: '.decide' },
    { name: 'conflict', path: `/conflicts?id=${conflict?.id ?? ''}`, ready: '.decide' },
    {
      name: 'conflicts-preview',
      path: '/conflicts?f=field~is~price',
      ready: '.decide',
      act: async (page) => {
        await page.keyboard.press('Control+a');
        await page.keyboard.press('a');
        await page.getByRole('button', { name: /^Resolve/ }).waitFor();
      },
    },
    { name: 'reconciliation', path: `/reconciliation?run=${run.id}`, ready: ROWS },
    {
      name: 'break',
      path: `/reconciliation?run=${run.id}`,
      ready: ROWS,
      act: async (page) => {
        await page.locator('.ag-row[row-index="2"] .ag-cell[col-id="security"]').click();
        await page.locator('.break__facts').waitFor();
      },
    },
    {
      name: 'reconciliation-new',
      path: `/reconciliation?run=${run.id}`,
      ready: ROWS,
      act: async (page) => {
        await page.keyboard.press('n');
        await page.getByRole('button', { name: 'Start the run' }).waitFor();
      },
    },
    { name: 'import', path: '/import', ready: '.drop' },
    {
      name: 'import-preview',
      path: '/import',
      ready: '.drop',
      act: async (page) => {
        const buffer = Buffer.from(statement(accounts.items[0]?.number ?? '', '400', accounts.items[0]?.custodian), 'base64');
        await page
          .getByLabel('Choose a file')
          .setInputFiles({ name: 'harborline-november.ofx', mimeType: 'application/x-ofx', buffer });
        await page.locator('.row-state').first().waitFor();
      },
    },
    { name: 'alerts', path: '/alerts?view=all', ready: ROWS },
    { name: 'alert', path: `/alerts?id=${alert}`, ready: '.alert__history' },
    {
      name: 'alert-snooze',
      path: `/alerts?id=${alert}`,
      ready: '.alert__history',
      act: async (page) => {
        await page.keyboard.press('z');
        await page.getByRole('dialog', { name: /^Snooze/ }).waitFor();
      },
    },
    {
      name: 'settings-alerts',
      path: '/settings',
      ready: '.destination',
      // By the scrolling part alone: the frame around it is not to be moved.
      act: (page) =>
        page
          .locator('.page__scroll')
          .evaluate((part) => part.scrollTo(0, document.querySelector<HTMLElement>('#alert-settings')?.offsetTop ?? 0)),
    },
    { name: 'audit', path: '/audit', ready: '.table td' },
    { name: 'settings', path: '/settings', ready: '.settings__table' },
    { name: 'logs', path: '/settings/logs', ready: ROWS },
    {
      name: 'logs-of-a-sync',
      path: `/settings/logs?operation=${synced?.id ?? ''}`,
      ready: ROWS,
      act: async (page) => {
        await page.locator('.ag-row[row-index="0"] .ag-cell[col-id="message"]').click();
        await page.getByLabel('Details as JSON').waitFor();
      },
    },
    {
      name: 'diagnostics',
      path: '/settings/diagnostics',
      ready: '.state',
      act: async (page) => {
        await page.getByRole('button', { name: 'Prepare the bundle' }).click();
        await page.getByText('book.json', { exact: true }).click();
        await page.getByLabel('Text of book.json').waitFor();
      },
    },
    {
      name: 'palette',
      path: '/',
      ready: '.workload__total',
      act: async (page) => {
        await page.keyboard.press('Control+k');
        await page.keyboard.type('trust');
        await page.locator('.palette .menu__item').nth(3).waitFor();
      },
    },
    {
      name: 'help',
      path: '/conflicts',
      ready: '.decide',
      act: async (page) => {
        await page.keyboard.press('?');
        await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      },
    },
  ];
}
