import { describe, expect, it } from 'vitest';
import { createLogger } from '../../main/observability/logger.ts';

const NOW = '2026-03-02T08:15:00.000Z';

const capture = () => {
  const lines: string[] = [];
  const log = createLogger({ now: () => NOW, write: (line) => lines.push(line), level: 'debug' });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown> };
};

describe('logger', () => {
  it('writes one JSON line per message with level, UTC time, message and details', () => {
    const { log, lines, last } = capture();
    log.warn('Sync is late', { connection: 'c1', minutes: 12 });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    expect(last()).toEqual({ level: 'warn', time: NOW, message: 'Sync is late', details: { connection: 'c1', minutes: 12 } });
  });

  it('leaves out what is below its level', () => {
    const lines: string[] = [];
    const log = createLogger({ now: () => NOW, write: (line) => lines.push(line) });
    log.debug('fine grain');
    log.info('coarse grain');
    expect(lines).toHaveLength(1);
  });

  it('keeps the facts of a child on every line, and a detail cannot pose as the level', () => {
    const { log, last } = capture();
    log.child({ thread: 'writer' }).info('Merged', { level: 'fatal', rows: 3 });
    expect(last()).toMatchObject({ level: 'info', details: { thread: 'writer', level: 'fatal', rows: 3 } });
  });

  it('removes a registered secret in every spelling, from messages, details, errors, causes and keys', () => {
    const { log, lines } = capture();
    const secret = 'pl4in "canary"/and more';
    log.registerSecret(secret);
    const cause = new Error(`inner ${secret}`);
    const error = Object.assign(new Error(`outer ${secret}`, { cause }), { request: { body: secret } });
    log.error(`failed with ${secret}`, {
      error,
      url: `https://a.example/x?y=${encodeURIComponent(secret)}`,
      header: Buffer.from(secret).toString('base64'),
      body: JSON.stringify({ value: secret }),
      [secret]: 1,
      many: new AggregateError([new Error(secret)], secret),
      map: new Map([['a', secret]]),
    });
    const line = lines.join('');
    expect(line).not.toContain('canary');
    expect(line).not.toContain(encodeURIComponent(secret));
    expect(line).not.toContain(Buffer.from(secret).toString('base64'));
    expect(line).toContain('[redacted]');
  });

  it.each([
    ['a bearer header', 'sent Authorization: Bearer abc.def-123', 'abc.def-123'],
    ['a basic header', 'sent Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['a JWT', 'got eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.sig', 'eyJhbGci'],
    ['a PEM block', '-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY----- kept', 'MIIEvQ'],
    ['a long hex run', `key ${'0af3'.repeat(8)} used`, '0af3'],
    ['a long base64url run', 'key kJ8fWq2_Zr5tYb7nMx1cVd4gHs6pLa9eTu3iOw0Q-Xy used', 'kJ8fWq2'],
    ['credentials in a URL', 'GET https://user:hunter22@api.example/v1', 'hunter22'],
    ['a token in a query string', 'GET /cb?state=s1&code=4%2FabcDEF', '4%2FabcDEF'],
    ['a sign-in link', 'open http://127.0.0.1:1/#sign-in=abcDEF12', 'abcDEF12'],
    ['an account number', 'account 123456789 differs', '12345'],
    ['an account number with letters', 'account Z12345678 differs', 'Z1234'],
    ['an account number with a dash', 'account 4821-5530 differs', '4821'],
  ])('removes %s from a message', (_what, message, leak) => {
    const { log, lines } = capture();
    log.info(message, { again: message });
    expect(lines.join('')).not.toContain(leak);
  });

  it('shows the last four characters of an account number, by shape and by key', () => {
    const { log, last } = capture();
    log.info('account 123456789 differs', { accountNumber: 'AB-77', account_number: 'XK4471' });
    expect(last()).toMatchObject({
      message: 'account …6789 differs',
      details: { accountNumber: '…B-77', account_number: '…4471' },
    });
  });

  it('leaves dates, times, ids and amounts alone', () => {
    const { log, last } = capture();
    const details = {
      asOf: '2026-11-20',
      at: '2026-11-20T09:30:00.000Z',
      id: '3f2a1c9e-1111-4222-8333-9abcdef01234',
      marketValue: '1234567.89',
      rows: 12345678901,
    };
    log.info('As of 2026-11-20', details);
    expect(last()).toMatchObject({ message: 'As of 2026-11-20', details });
  });

  it.each([
    'password',
    'apiKey',
    'api_key',
    'client_secret',
    'accessToken',
    'Authorization',
    'set-cookie',
    'privateKey',
    'passphrase',
  ])('removes whatever stands under %s', (key) => {
    const { log, lines } = capture();
    log.info('x', { nested: [{ [key]: 'abc' }], [key]: { deep: 'abc' } });
    expect(lines.join('')).not.toContain('abc');
  });

  it('cannot be made to start a new line or move a terminal’s cursor', () => {
    const { log, lines, last } = capture();
    log.info('first\r\n{"level":"error","message":"forged"}\u001b[2J\u2028x', { 'k\ney': 'v\nw' });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.trimEnd().includes('\n')).toBe(false);
    expect(last()['message']).toBe('first {"level":"error","message":"forged"} [2J x');
    expect(last()['details']).toEqual({ 'k ey': 'v w' });
  });

  it('survives cycles, depth, big values, odd types and members that throw', () => {
    const { log, last } = capture();
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['self'] = cycle;
    const trap = {
      get bad(): string {
        throw new Error('no');
      },
    };
    log.info('odd', {
      cycle,
      trap,
      bytes: new Uint8Array(4),
      big: 12n,
      call: () => 1,
      list: Array.from({ length: 103 }, () => 0),
      long: 'x'.repeat(9_000),
    });
    const details = last()['details'] as Record<string, unknown>;
    expect(details).toMatchObject({
      cycle: { name: 'a', self: '[circular]' },
      trap: '[unreadable]',
      bytes: '[4 bytes]',
      big: '12',
      call: '[function]',
    });
    // 100 kept + 1 line that counts the 3 left out.
    expect(details['list']).toHaveLength(101);
    expect(String(details['long']).length).toBeLessThan(8_100);
  });
});
