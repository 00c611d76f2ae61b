import { contract, type Procedure, type ProcedureName } from '../../shared/contract/index.ts';

export interface PlainRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string | null;
}

const textMembers = new Map<ProcedureName, ReadonlySet<string>>();

/** Members that stand in a query string as their own text; every other stands there as JSON. */
const textMembersOf = (name: ProcedureName): ReadonlySet<string> => {
  const known = textMembers.get(name);
  if (known !== undefined) return known;
  const procedure: Procedure = contract[name];
  const { properties = {} } = procedure.input.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as {
    readonly properties?: Readonly<Record<string, { readonly type?: unknown }>>;
  };
  const found = new Set(Object.entries(properties).flatMap(([member, schema]) => (schema.type === 'string' ? [member] : [])));
  textMembers.set(name, found);
  return found;
};

/** One call as method, path below the host, and JSON body. */
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
