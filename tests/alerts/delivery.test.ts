import { expect, onTestFinished, test } from 'vitest';
import type { Attempt, DueDelivery } from '../../main/alerts/deliveries.ts';
import { createAlertOutbox } from '../../main/api/alert-outbox.ts';
import { createAlertSender } from '../../main/api/alert-sender.ts';
import { systemClock } from '../../main/ports/clock.ts';
import { createNodeHttp } from '../../main/ports/http-node.ts';
import type { Output } from '../../shared/contract/index.ts';
import { alertBook } from './alert-book.ts';
import { startReceiver, type Answer } from './receiver.ts';
import { isSignedWith } from './signed-with.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** A book with one destination on this machine, and a way to send what is due. */
async function sending(answers: readonly Answer[] = []) {
  const receiver = await startReceiver(answers);
  const book = alertBook();
  book.run('alert-destination/add', { name: 'Weir', url: receiver.url, allowPrivate: true, secretRef: 'ref' }, 'Admin');
  const http = createNodeHttp();
  onTestFinished(() => http.close());
  const send = createAlertSender({
    vault: { get: () => Promise.resolve({ ok: true, secrets: { secret: SECRET } }) },
    http,
    clock: { ...systemClock, now: book.now as never },
    version: 'test',
  });
  const due = (): readonly DueDelivery[] => book.read('alerts/due', undefined);
  /** One look of the outbox. */
  const deliver = async (): Promise<number> => {
    const messages = due();
    for (const message of messages) {
      const { outcome, message: answer, wait } = await send(message);
      book.run('alerts/attempted', { id: message.id, outcome, answer, wait, fraction: 0 });
    }
    return messages.length;
  };
  const states = () =>
    book
      .read<Output<'alertDestinations.deliveries'>>('alertDestinations.deliveries', { id: '1', limit: 50 })
      .items.map(({ type, status, attempts, nextAttemptAt }) => `${type} ${status} ${attempts} ${nextAttemptAt ?? ''}`.trim());
  const signIn = (status: string) => {
    book.db.prepare('UPDATE connections SET status = ? WHERE id = 1').run(status);
    book.look();
  };
  const destination = () => book.read<Output<'alertDestinations.list'>>('alertDestinations.list', {}).items[0];
  return { receiver, book, send, due, deliver, states, signIn, destination };
}

test('an alert that opens and closes is two signed messages of their own, in that order, with nothing of a client', async () => {
  const { receiver, deliver, signIn, states, book } = await sending();
  signIn('needs_sign_in');
  signIn('active');
  // One at a time for each destination, so that the second never overtakes the first.
  expect(await deliver()).toBe(1);
  expect(await deliver()).toBe(1);
  expect(await deliver()).toBe(0);
  expect(states()).toEqual(['alert.closed delivered 1', 'alert.opened delivered 1']);
  const [opened, closed] = receiver.messages;
  if (!opened || !closed) throw new Error('Two messages were expected.');
  for (const message of [opened, closed]) expect(isSignedWith(SECRET, message)).toBe(true);
  expect(opened.headers['webhook-id']).toMatch(/^msg_[0-9a-f-]{36}$/);
  expect(closed.headers['webhook-id']).not.toBe(opened.headers['webhook-id']);
  expect(opened.headers['webhook-timestamp']).toBe(String(Date.parse(book.now()) / 1000));
  expect(JSON.parse(opened.body)).toEqual({
    type: 'alert.opened',
    timestamp: '2026-11-20T07:00:00.000Z',
    data: {
      id: '1',
      rule: 'needs_sign_in',
      severity: 'critical',
      subject: { kind: 'connection', name: 'Orion' },
      title: 'Orion: sign in again',
      figures: {},
      count: 1,
      openedAt: '2026-11-20T07:00:00.000Z',
      closedAt: null,
      place: '/connections?id=1',
    },
  });
  expect(JSON.parse(closed.body)).toMatchObject({
    type: 'alert.closed',
    data: { id: '1', closedAt: '2026-11-20T07:00:00.000Z' },
  });
});

test('a message that does not arrive is sent again after 5 s and 5 min, across a restart, with the same id and bytes', async () => {
  const { receiver, book, deliver, signIn, states } = await sending([
    { status: 500 },
    { status: 302, headers: { location: '/' } },
  ]);
  signIn('needs_sign_in');
  await deliver();
  expect(states()).toEqual(['alert.opened waiting 1 2026-11-20T07:00:05.000Z']);
  expect(await deliver()).toBe(0);
  book.restart();
  book.pass(5 / 60);
  await deliver();
  // 07:00:05 and 300 s.
  expect(states()).toEqual(['alert.opened waiting 2 2026-11-20T07:05:05.000Z']);
  book.pass(5);
  await deliver();
  expect(states()).toEqual(['alert.opened delivered 3']);
  expect(new Set(receiver.messages.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  expect(new Set(receiver.messages.map(({ body }) => body)).size).toBe(1);
  // The time of each attempt is its own, and each is signed anew.
  expect(new Set(receiver.messages.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(3);
  expect(receiver.messages.every((message) => isSignedWith(SECRET, message))).toBe(true);
});

test('a receiver that asks to wait longer is given the time', async () => {
  const { deliver, signIn, states } = await sending([{ status: 429, headers: { 'retry-after': '120' } }]);
  signIn('needs_sign_in');
  await deliver();
  expect(states()).toEqual(['alert.opened waiting 1 2026-11-20T07:02:00.000Z']);
});

test('nothing arriving for three days switches a destination off, and that is an alert of its own until it is on again', async () => {
  const { book, deliver, signIn, destination, states } = await sending(Array.from({ length: 20 }, () => ({ status: 503 })));
  signIn('needs_sign_in');
  await deliver();
  expect(destination()).toMatchObject({ status: 'on', failingSince: '2026-11-20T07:00:00.000Z' });
  book.pass(3 * 24 * 60 - 1);
  await deliver();
  expect(destination()?.status).toBe('on');
  book.pass(24 * 60);
  await deliver();
  expect(destination()).toMatchObject({ status: 'failed', waiting: 0 });
  expect(states()).toEqual(['alert.opened given_up 3']);
  expect(book.db.prepare('SELECT event FROM audit_entries').pluck().all()).toEqual(['alert_destination_failed']);
  book.look();
  expect(book.all()).toEqual(['needs_sign_in Orion open 1', 'webhook_off Weir open 1']);
  expect(book.detail(2).why).toBe('Nothing has arrived at Weir for 3 days, so messages there were switched off.');
  const { url } = book.read<{ url: string }>('alert-destination/facts', { id: 1 });
  book.run('alert-destination/update', { id: 1, name: 'Weir', url, allowPrivate: true, status: 'on' }, 'Admin');
  book.look();
  expect(book.all()[1]).toBe('webhook_off Weir closed 1');
});

test('a receiver that answers 410 is asked no more at once', async () => {
  const { book, deliver, signIn, destination } = await sending([{ status: 410 }]);
  signIn('needs_sign_in');
  await deliver();
  book.look();
  expect(destination()?.status).toBe('failed');
  expect(book.detail(2).why).toBe('The receiver of Weir answered that it wants no more messages.');
});

test('after nine repetitions a message is given up', async () => {
  const { book, deliver, signIn, states } = await sending(Array.from({ length: 20 }, () => ({ status: 500 })));
  book.rule({ rule: 'webhook_off', threshold: 30 });
  signIn('needs_sign_in');
  for (let attempt = 0; attempt < 9; attempt += 1) {
    expect(await deliver()).toBe(1);
    book.pass(24 * 60);
  }
  expect(states()[0]).toMatch(/waiting 9/);
  await deliver();
  expect(states()).toEqual(['alert.opened given_up 10']);
});

test('what the receiver answers is shown, its beginning only and without controls', async () => {
  const { receiver, send } = await sending([{ status: 400, text: `no\u0007 such ${'x'.repeat(1000)}` }]);
  const message = { url: receiver.url, secretRef: 'ref', messageId: 'msg_1', body: '{}' };
  const answered = await send({ ...message, allowPrivate: true });
  expect(answered).toMatchObject({
    outcome: 'failed',
    status: 400,
    message: 'The receiver answered 400. Only 200 to 299 counts as delivered.',
  });
  // `no`, a blank for the control and the blank after it, `such`, and as many of the rest as fit into 200.
  expect(answered.answer).toBe(`no  such ${'x'.repeat(191)}`);
  const refused = await send({ ...message, allowPrivate: false });
  expect(refused).toMatchObject({ outcome: 'failed', status: null });
  expect(refused.message).toContain('private network');
  expect(receiver.messages).toHaveLength(1);
});

test('a name that leads to this machine is looked up and not connected to, unless private addresses are allowed', async () => {
  const { receiver } = await sending();
  const { port } = new URL(receiver.url);
  const http = createNodeHttp();
  onTestFinished(() => http.close());
  const refuse = http.send({ method: 'POST', url: `http://localhost:${port}/hooks`, body: '{}', mayReach: () => false });
  await expect(refuse).rejects.toMatchObject({
    kind: 'network',
    message: `localhost:${port} leads to an address that must not be reached from here.`,
  });
  const literal = http.send({ method: 'POST', url: receiver.url, body: '{}', mayReach: () => false });
  await expect(literal).rejects.toThrow(/must not be reached/);
  const seen: string[] = [];
  const reached = await http.send({
    method: 'POST',
    url: `http://localhost:${port}/hooks`,
    body: '{}',
    mayReach: (address) => seen.push(address) > 0,
  });
  expect(reached.status).toBe(204);
  expect(seen).toContain('127.0.0.1');
  expect(receiver.messages).toHaveLength(1);
});

test('the outbox sends what waits without being asked, and enters it', async () => {
  const { receiver, book, due, send, states, signIn } = await sending([{ status: 200 }]);
  signIn('needs_sign_in');
  let told = 0;
  const outbox = createAlertOutbox({
    due: () => Promise.resolve(due()),
    enter: (attempt: Attempt) => Promise.resolve(book.run('alerts/attempted', attempt)),
    send,
    onChanged: () => (told += 1),
    clock: systemClock,
    random: { fraction: () => 0 },
    log: { error: (message, details) => expect.unreachable(`${message} ${JSON.stringify(details)}`) },
  });
  outbox.start();
  await expect.poll(() => states()).toEqual(['alert.opened delivered 1']);
  signIn('active');
  outbox.nudge();
  await expect.poll(() => receiver.messages.length).toBe(2);
  await expect.poll(() => told).toBe(2);
  await outbox.stop();
});
