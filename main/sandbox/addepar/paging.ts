import { AddeparError } from './errors.ts';

export type Query = Readonly<Record<string, string | string[] | undefined>>;

export const one = (query: Query, name: string): string | undefined => {
  const value = query[name];
  return Array.isArray(value) ? value.at(-1) : value;
};
export const list = (query: Query, name: string): readonly string[] | null => {
  const value = one(query, name);
  return value === undefined
    ? null
    : value
        .replace(/^\[|\]$/g, '')
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
};

const DEFAULT_LIMIT = 500;
const MAX_LIMIT = 2000;

export function pageLimit(query: Query): number {
  const text = one(query, 'page[limit]');
  if (text === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new AddeparError(400, `page[limit] must be between 1 and ${MAX_LIMIT}`);
  return limit;
}

/** The cursor is the last id of the page before; clients treat it as opaque. */
export function pageAfter(query: Query): number {
  const text = one(query, 'page[after]');
  if (text === undefined) return -1;
  if (!/^\d{1,15}$/.test(text)) throw new AddeparError(400, 'page[after] is not a cursor of this list');
  return Number(text);
}

/**
 * A page of resources as JSON text. The link to the next page starts at `/v1` without `/api`, as the platform writes it.
 * `rows` must come in ascending id order and already lie after the cursor.
 */
export function pageText(path: string, query: Query, rows: Iterable<{ readonly id: number; readonly text: string }>): string {
  const limit = pageLimit(query);
  const texts: string[] = [];
  let last = 0;
  let more = false;
  for (const row of rows) {
    if (texts.length === limit) {
      more = true;
      break;
    }
    texts.push(row.text);
    last = row.id;
  }
  const kept = Object.entries(query).flatMap(([name, value]) =>
    name.startsWith('page[') || value === undefined
      ? []
      : [`${name}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : value)}`],
  );
  const next = more ? JSON.stringify(`/v1${path}?${[`page[limit]=${limit}`, `page[after]=${last}`, ...kept].join('&')}`) : 'null';
  return `{"data":[${texts.join(',')}],"included":[],"links":{"next":${next}}}`;
}
