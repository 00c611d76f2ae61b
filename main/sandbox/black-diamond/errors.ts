import type { FastifyReply } from 'fastify';

const JSON_TYPE = 'application/json; charset=utf-8';

/** A request that cannot be served; the server turns it into the application’s error reply. */
export class BlackDiamondError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Errors of the application carry an id that support asks for. */
export const sendApplicationError = (reply: FastifyReply, status: number, message: string, correlationID: string): FastifyReply =>
  reply
    .code(status)
    .type(JSON_TYPE)
    .send(JSON.stringify({ message, code: status, correlationID }));

/** Errors of the gateway in front of it have another shape. */
export const sendGatewayError = (reply: FastifyReply, statusCode: number, message: string): FastifyReply =>
  reply.code(statusCode).type(JSON_TYPE).send(JSON.stringify({ statusCode, message }));
