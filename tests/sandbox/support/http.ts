import { expect } from 'vitest';
import { exactJson } from './exact-json.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;
  /** The body as JSON with numbers as text. */
  json<T>(): T;
}

/** Sends a request and reads the whole reply. Redirects are not followed. */
export async function send(url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString('utf8');
  return { status: response.status, headers: response.headers, bytes, text, json: <T>() => exactJson<T>(text) };
}

/** The same, for calls that a test needs to succeed. */
export async function sendOk(url: string, init: RequestInit = {}): Promise<Reply> {
  const reply = await send(url, init);
  expect(reply.status, reply.text.slice(0, 200)).toBeLessThan(300);
  return reply;
}
