import type { FastifyInstance, HTTPMethods } from 'fastify';
import { Refusal } from './refusal.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];

/** Answers 405 on every method of these addresses that is not among those used, and says which are. */
export const refuseUnusedMethods = (server: FastifyInstance, used: ReadonlyMap<string, ReadonlySet<HTTPMethods>>): void => {
  for (const [url, methods] of used) {
    const handler = async (): Promise<never> => {
      throw new Refusal(405, 'invalid_input', 'This method is not used at this address.', { allow: [...methods].join(', ') });
    };
    server.route({ method: METHODS.filter((method) => !methods.has(method)), url, handler });
  }
};
