import { inputMembers, isTextMember, type Schema } from '../../shared/contract/http-request.ts';
import type { Procedure } from '../../shared/contract/index.ts';
import { isPoison, readJson, type JsonObject } from './json-body.ts';
import { Refusal } from './refusal.ts';

/** Names of the path members of `/a/:id/b`. */
export const pathMembers = (path: string): string[] => [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');

const readQuery = (url: string, members: ReadonlyMap<string, Schema>): Record<string, unknown> => {
  const at = url.indexOf('?');
  const input: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (at < 0) return input;
  for (const part of url.slice(at + 1).split('&')) {
    if (part === '') continue;
    const [name, text] = decodePair(part);
    if (isPoison(name)) throw new Refusal(400, 'invalid_input', `A member may not be called ${name}.`);
    if (Object.hasOwn(input, name)) throw new Refusal(400, 'invalid_input', `${name} is given more than once.`);
    const schema = members.get(name);
    // A member nobody knows stays as it is; the schema of the procedure refuses it by name.
    input[name] = schema === undefined || isTextMember(schema) ? text : readJson(text, name);
  }
  return input;
};

const decodePair = (part: string): [string, string] => {
  const at = part.indexOf('=');
  const name = at < 0 ? part : part.slice(0, at);
  const text = at < 0 ? '' : part.slice(at + 1);
  try {
    return [decodeURIComponent(name.replaceAll('+', ' ')), decodeURIComponent(text.replaceAll('+', ' '))];
  } catch {
    throw new Refusal(400, 'invalid_input', 'The query string has a broken percent sign.');
  }
};

export interface RequestParts {
  readonly url: string;
  readonly params: Readonly<Record<string, string>>;
  /** Undefined for GET and DELETE. */
  readonly body: JsonObject | undefined;
}

export type ReadInput = (parts: RequestParts) => unknown;

/** Puts the input of one procedure together from path, query string or body. Throws a Refusal when they contradict each other. */
export const createReadInput = (procedure: Procedure): ReadInput => {
  const inPath = pathMembers(procedure.http.path);
  const members = new Map([...inputMembers(procedure)].filter(([name]) => !inPath.includes(name)));
  return ({ url, params, body }) => {
    if (body !== undefined && url.includes('?'))
      throw new Refusal(400, 'invalid_input', 'This request takes no query string; send its members in the body.');
    const given: Readonly<Record<string, unknown>> = body ?? readQuery(url, members);
    const input: Record<string, unknown> = { ...given };
    for (const name of inPath) {
      if (Object.hasOwn(input, name))
        throw new Refusal(400, 'invalid_input', `${name} stands in the path and may not be given again.`);
      input[name] = params[name];
    }
    return input;
  };
};
