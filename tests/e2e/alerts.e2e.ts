import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSignedWith, type ReceivedMessage } from '../alerts/signed-with.ts';
import { expect, open, ROWS, test, toast } from './desk.ts';
import { openAlerts } from './open-alerts.ts';

test('an alert is found by the bell, acknowledged and snoozed by keyboard, and closes when its rule does', async ({
  desk,
  program,
}) => {
  const id = await openAlerts(program);
  await open(desk, program, '/', '.workload__total');
  await desk.getByRole('link', { name: /^Alerts, \d+ waiting/ }).click();
  await desk.locator(ROWS).first().waitFor();
  await desk.locator('.ag-row', { hasText: 'wait for a decision' }).locator('.ag-cell[col-id="subject"]').click();
  await desk.locator('.alert__history').waitFor();
  await desk.keyboard.press('a');
  await desk.getByRole('textbox', { name: /Note/ }).fill('Working through them');
  await desk.keyboard.press('Enter');
  await expect(toast(desk, '1 alert acknowledged.')).toBeVisible();
  await expect(desk.locator('.pane')).toContainText('Working through them');
  expect((await program.call('alerts.get', { id })).row).toMatchObject({ status: 'acknowledged', note: 'Working through them' });

  await desk.keyboard.press('o');
  await expect(toast(desk, '1 alert open again.')).toBeVisible();
  await desk.keyboard.press('z');
  await desk.getByRole('dialog', { name: 'Snooze 1 alert' }).waitFor();
  await desk.getByRole('button', { name: 'Snooze', exact: true }).last().click();
  await expect(desk.locator('.pane')).toContainText('Snoozed until');
  const { row } = await program.call('alerts.get', { id });
  // An hour from now, give or take the minute this takes.
  const ahead = Date.parse(row.snoozedUntil ?? '') - Date.now();
  expect(ahead).toBeGreaterThan(59 * 60_000 - 60_000);
  expect(ahead).toBeLessThanOrEqual(60 * 60_000);

  await open(desk, program, '/settings', '.rules');
  await desk.locator('.rules tr', { hasText: 'Many conflicts' }).locator('.checkbox').first().click();
  await desk.getByRole('button', { name: 'Save many conflicts' }).click();
  await expect.poll(async () => (await program.call('alerts.get', { id })).row.status, { timeout: 20_000 }).toBe('closed');
  const rules = (await program.call('alerts.rules', {})).items;
  const rule = rules.find((item) => item.rule === 'conflicts_above');
  if (!rule) throw new Error('There is no such rule.');
  const { subjectKind: _, version, ...settings } = rule;
  await program.call('alerts.updateRule', { ...settings, enabled: true, threshold: 1000, expectedVersion: version });
});

test('a webhook is added with its secret shown once, and tried with a signed message', async ({ desk, program, complaints }) => {
  const messages: ReceivedMessage[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      messages.push({ headers: request.headers, body });
      response.writeHead(200).end('thank you');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  try {
    await open(desk, program, '/settings', '.destinations');
    await desk.getByRole('button', { name: 'Add a webhook' }).click();
    await desk.getByRole('textbox', { name: 'Name' }).fill('Weir');
    await desk.getByRole('textbox', { name: 'Address' }).fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/in`);
    await desk.getByRole('button', { name: 'Add the webhook' }).click();
    await expect(desk.getByText('Allow private addresses for it if that is meant.')).toBeVisible();
    // The browser reports the refusal, which is the one meant here.
    expect(complaints.splice(0)).toHaveLength(1);
    await desk.getByText('Allow addresses of this computer and of private networks').click();
    await desk.getByRole('button', { name: 'Add the webhook' }).click();
    const secret = await desk.locator('.destination__secret code').innerText();
    await desk.getByRole('button', { name: 'Send a test message to Weir' }).click();
    await expect(desk.getByText('Delivered; the receiver answered 200.')).toBeVisible();
    await expect(desk.getByText('thank you')).toBeVisible();
    expect(messages.map(({ body }) => (JSON.parse(body) as { type: string }).type)).toContain('alert.test');
    expect(messages.every((message) => isSignedWith(secret, message))).toBe(true);
  } finally {
    receiver.close();
    for (const { id, name } of (await program.call('alertDestinations.list', {})).items)
      if (name === 'Weir') await program.call('alertDestinations.remove', { id });
  }
});
