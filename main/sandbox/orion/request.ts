import type { FastifyRequest } from 'fastify';
import { tryCalendarDate, type CalendarDate } from '../../../shared/model/date.ts';

/** A request that cannot be served; the server turns it into the error reply. */
export class OrionError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Query parameters by lower-case name, without the dollar sign of OData: `$top` and `top` are one. */
export type Params = ReadonlyMap<string, string>;

export function paramsOf(request: FastifyRequest): Params {
  const params = new Map<string, string>();
  for (const [name, value] of Object.entries(request.query as Record<string, string | string[]>))
    params.set(name.replace(/^\$/, '').toLowerCase(), Array.isArray(value) ? value.join(',') : value);
  return params;
}

export const pathId = (request: FastifyRequest): number => {
  const { id } = request.params as { readonly id: string };
  if (!/^\d{1,10}$/.test(id)) throw new OrionError(400, `The id ${JSON.stringify(id)} is not a number`);
  return Number(id);
};

export const wholeNumber = (params: Params, name: string): number | null => {
  const text = params.get(name);
  if (text === undefined) return null;
  if (!/^\d{1,10}$/.test(text)) throw new OrionError(400, `${name} must be a whole number`);
  return Number(text);
};

/** Reads `yyyy-MM-dd`, a date-time, or `MM-dd-yyyy`. */
export function readDate(text: string): CalendarDate {
  const american = /^(\d{2})[-/](\d{2})[-/](\d{4})$/.exec(text);
  const date = tryCalendarDate(american ? `${american[3]}-${american[1]}-${american[2]}` : text);
  if (date === null) throw new OrionError(400, `${JSON.stringify(text)} is not a date`);
  return date;
}

export const MAX_PAGE = 50_000;
