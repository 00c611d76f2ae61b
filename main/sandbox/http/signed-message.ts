import { createHmac } from 'node:crypto';

export interface MessageOrder {
  /** Where it goes. */
  readonly url: string;
  /** As the receiver showed it: `whsec_` and base64. */
  readonly secret: string;
  readonly id: string;
  readonly atSeconds: number;
  readonly body: string;
}

/** Sends one message signed by the Standard Webhooks scheme; answers the status. */
export async function sendSignedMessage({ url, secret, id, atSeconds, body }: MessageOrder): Promise<number> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${atSeconds}.${body}`, 'utf8').digest('base64');
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(atSeconds),
      'webhook-signature': `v1,${signature}`,
    },
    body,
    redirect: 'error',
  });
  return answer.status;
}
