import type { FastifyReply } from 'fastify';
import type { FaultOrder } from './fault.ts';

const HTML =
  '<!doctype html><html><head><title>Scheduled maintenance</title></head><body><h1>Scheduled maintenance</h1></body></html>';

const page = (reply: FastifyReply, status: number): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(HTML);
const words = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply.code(status).type('application/json; charset=utf-8').send(JSON.stringify({ message }));

/** Answers instead of the platform where the fault is a whole reply that every platform words alike; else null. */
export function refuseInstead(order: FaultOrder, reply: FastifyReply): FastifyReply | null {
  switch (order.fault) {
    case 'html':
      return page(reply, 200);
    case 'html_error':
      return page(reply, 502);
    case 'forbidden':
      return words(reply, 403, 'This user may not do that');
    case 'not_found':
      return words(reply, 404, 'There is no such thing');
    case 'gone':
      return words(reply, 410, 'It is no longer kept');
    case 'empty_401':
      return reply.code(401).send();
    case 'empty_body':
      return reply.code(200).type('application/json; charset=utf-8').send('');
    case 'redirect':
      return reply.code(302).header('location', 'http://127.0.0.1:9/').send();
    default:
      return null;
  }
}
