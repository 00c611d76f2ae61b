import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { ReceivedMessage } from './signed-with.ts';

/** What the receiver answers: a status, with headers and text if it likes. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

/** A program of somebody else on this machine that takes messages, answering as it is told. */
export async function startReceiver(answers: readonly Answer[] = []) {
  const messages: ReceivedMessage[] = [];
  const queue = [...answers];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      messages.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') });
      const { status, headers, text } = queue.shift() ?? { status: 204 };
      response.writeHead(status, headers).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { messages, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks` };
}
