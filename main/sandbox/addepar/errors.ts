import type { FastifyReply } from 'fastify';

export const MEDIA_TYPE = 'application/vnd.api+json';

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** A request that cannot be served; the server turns it into the error reply. */
export class AddeparError extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

export const sendError = (reply: FastifyReply, status: number, detail: string): FastifyReply =>
  reply
    .code(status)
    .type(MEDIA_TYPE)
    .send(JSON.stringify({ errors: [{ status: String(status), title: TITLES[status] ?? 'Error', detail }] }));
