import { Refusal } from './refusal.ts';

const MAX_DEPTH = 32;
const POISON = new Set(['__proto__', 'constructor', 'prototype']);

/** Whether a name could reach an object’s prototype. */
export const isPoison = (name: string): boolean => POISON.has(name);

export type JsonObject = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws when a name anywhere in the value could reach a prototype, or when it is nested deeper than 32. */
const checkNames = (root: unknown): void => {
  const waiting: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) throw new Refusal(400, 'invalid_input', 'The request is nested too deeply.');
    const isList = Array.isArray(value);
    for (const [name, member] of Object.entries(value)) {
      if (!isList && isPoison(name)) throw new Refusal(400, 'invalid_input', `A member may not be called ${name}.`);
      waiting.push({ value: member, depth: depth + 1 });
    }
  }
};

/** Reads one JSON text of a request. Throws a Refusal that names `what` when it is not valid. */
export const readJson = (text: string, what: string): unknown => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'invalid_input', `${what} is not valid JSON.`);
  }
  checkNames(value);
  return value;
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a request body: one JSON object in UTF-8; an empty body is an empty object. */
export const readBody = (bytes: Uint8Array): JsonObject => {
  if (bytes.length === 0) return {};
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new Refusal(400, 'invalid_input', 'The body is not valid UTF-8.');
  }
  const value = readJson(text, 'The body');
  if (!isObject(value)) throw new Refusal(400, 'invalid_input', 'The body must be a JSON object.');
  return value;
};
