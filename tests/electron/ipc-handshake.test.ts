import { readFileSync } from 'node:fs';
import type { IpcMainEvent, WebContents } from 'electron';
import { describe, expect, it } from 'vitest';
import { CONNECT_CHANNEL, PORT_CHANNEL, refusalOf } from '../../main/electron/ipc-handshake.ts';

const own = { id: 1 } as WebContents;
const page = { origin: 'app://workstation', url: 'app://workstation/conflicts', parent: null };
const request = (frame: object | null, sender: WebContents = own) =>
  ({ sender, senderFrame: frame }) as Pick<IpcMainEvent, 'sender' | 'senderFrame'>;

describe('refusalOf', () => {
  it('lets the main frame of the own window in', () => {
    expect(refusalOf(request(page), own)).toBeNull();
  });

  it.each([
    ['a frame that is gone', request(null)],
    ['another window', request(page, { id: 2 } as WebContents)],
    ['a frame within the page', request({ ...page, parent: page })],
    ['a foreign origin', request({ ...page, origin: 'https://app.attacker.example', url: 'https://app.attacker.example/' })],
    ['an opaque origin', request({ ...page, origin: 'null' })],
    ['an address that does not fit the origin', request({ ...page, url: 'data:text/html,x' })],
  ])('refuses %s', (_who, event) => {
    expect(refusalOf(event, own)).toEqual(expect.any(String));
  });
});

describe('the preload', () => {
  const source = readFileSync('preload/index.ts', 'utf8');

  it('uses the channels of the main process', () => {
    expect(source).toContain(`'${CONNECT_CHANNEL}'`);
    expect(source).toContain(`'${PORT_CHANNEL}'`);
  });

  it('imports electron and nothing else, and exposes one function', () => {
    expect([...source.matchAll(/from '([^']+)'/g)].map((match) => match[1])).toEqual(['electron']);
    const exposed = /exposeInMainWorld\('clearwayDesktop', \{([\s\S]*?)\n\}\)/.exec(source)?.[1] ?? '';
    expect([...exposed.matchAll(/^ {2}(\w+):/gm)].map((match) => match[1])).toEqual(['connect']);
  });
});
