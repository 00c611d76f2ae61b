import { contract, type Procedure, type ProcedureName } from './index.ts';

export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
}

export type Schema = Readonly<Record<string, unknown>>;
const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Members of a procedure’s input with their JSON schemas, as a caller may send them. */
export const inputMembers = (procedure: Procedure): ReadonlyMap<string, Schema> => {
  const { properties } = procedure.input.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as { properties?: unknown };
  if (!isSchema(properties)) return new Map();
  return new Map(Object.entries(properties).map(([name, schema]) => [name, isSchema(schema) ? schema : {}]));
};

/** Whether a member stands in a query string as its own text; every other stands there as JSON. */
export const isTextMember = (schema: Schema): boolean => schema['type'] === 'string';

const textMembers = new Map<ProcedureName, ReadonlySet<string>>();
const textMembersOf = (name: ProcedureName): ReadonlySet<string> => {
  const known = textMembers.get(name);
  if (known !== undefined) return known;
  const found = new Set([...inputMembers(contract[name])].flatMap(([member, schema]) => (isTextMember(schema) ? [member] : [])));
  textMembers.set(name, found);
  return found;
};

/** One call of the HTTP door as method, path below the host, and JSON body; `main/server` reads it back. */
export const toRequest = (name: ProcedureName, input: unknown): PlainRequest => {
  const { method, path } = contract[name].http;
  const rest = new Map(Object.entries(Object(input) as Record<string, unknown>).filter(([, value]) => value !== undefined));
  const filled = path.replace(/:(\w+)/g, (_whole, member: string) => {
    const value = rest.get(member);
    rest.delete(member);
    return encodeURIComponent(String(value));
  });
  if (method === 'POST' || method === 'PUT')
    return { method, path: `/api/v1${filled}`, body: JSON.stringify(Object.fromEntries(rest)) };
  const isText = textMembersOf(name);
  const query = [...rest].map(([member, value]) => {
    const text = isText.has(member) && typeof value === 'string' ? value : JSON.stringify(value);
    return `${encodeURIComponent(member)}=${encodeURIComponent(text)}`;
  });
  return { method, path: `/api/v1${filled}${query.length === 0 ? '' : `?${query.join('&')}`}`, body: null };
};
