import {
  COMMON_ERRORS,
  ERROR_STATUS,
  appEvent,
  contract,
  errorBody,
  procedureNames,
  type ErrorCode,
  type Procedure,
  type ProcedureName,
} from '../../shared/contract/index.ts';
import { API_PREFIX } from './api-routes.ts';
import { inputMembers, isTextMember, type Schema } from '../../shared/contract/http-request.ts';
import { pathMembers } from './request-input.ts';

type Json = Record<string, unknown>;

/** The schema without the address of its dialect, which stands once at the top of the document. */
const embedded = (schema: object): Json =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '~standard'));

const inputSchema = (procedure: Procedure): Json =>
  embedded(procedure.input.toJSONSchema({ io: 'input', unrepresentable: 'any' }));
const jsonContent = (schema: unknown): Json => ({ 'application/json': { schema } });

const withoutMembers = (schema: Json, names: readonly string[]): Json => {
  const properties = Object.fromEntries(
    Object.entries((schema['properties'] ?? {}) as Json).filter(([name]) => !names.includes(name)),
  );
  const required = ((schema['required'] ?? []) as string[]).filter((name) => !names.includes(name));
  const { required: _before, ...rest } = schema;
  return required.length > 0 ? { ...rest, properties, required } : { ...rest, properties };
};

const parameter = (name: string, place: 'path' | 'query', schema: Schema, required: boolean): Json => {
  const isPlain = isTextMember(schema) || ['integer', 'number', 'boolean'].includes(String(schema['type']));
  // Lists and objects stand in the query string as JSON.
  return { name, in: place, required, ...(isPlain ? { schema } : { content: jsonContent(schema) }) };
};

const parameters = (procedure: Procedure): Json[] => {
  const { method, path } = procedure.http;
  const inPath = pathMembers(path);
  const members = inputMembers(procedure);
  const required = new Set((inputSchema(procedure)['required'] ?? []) as string[]);
  const ofPath = inPath.map((name) => parameter(name, 'path', members.get(name) ?? { type: 'string' }, true));
  if (method === 'POST' || method === 'PUT') return ofPath;
  const rest = [...members].filter(([name]) => !inPath.includes(name));
  return [...ofPath, ...rest.map(([name, schema]) => parameter(name, 'query', schema, required.has(name)))];
};

const responses = (procedure: Procedure): Json => {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of new Set([...COMMON_ERRORS, ...procedure.errors])) {
    const status = ERROR_STATUS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const failures = [...byStatus].map(([status, codes]): [string, Json] => [
    String(status),
    { description: codes.join(', '), content: jsonContent({ $ref: '#/components/schemas/Error' }) },
  ]);
  const output = embedded(procedure.output.toJSONSchema({ io: 'output', unrepresentable: 'any' }));
  return { 200: { description: 'Answer', content: jsonContent(output) }, ...Object.fromEntries(failures) };
};

const operation = (name: ProcedureName): Json => {
  const procedure: Procedure = contract[name];
  const takesBody = procedure.http.method === 'POST' || procedure.http.method === 'PUT';
  const body = { required: true, content: jsonContent(withoutMembers(inputSchema(procedure), pathMembers(procedure.http.path))) };
  return {
    operationId: name,
    summary: procedure.summary,
    tags: [name.split('.')[0] ?? name],
    'x-least-role': procedure.access,
    ...(procedure.kind === 'command' ? { 'x-audit': procedure.audit } : {}),
    parameters: parameters(procedure),
    ...(takesBody ? { requestBody: body } : {}),
    responses: responses(procedure),
  };
};

/** The OpenAPI 3.1 document of everything below `/api/v1`, built from the contract. */
export const buildOpenApi = (version: string): Json => {
  const paths: Record<string, Json> = {};
  const add = (path: string, method: string, what: Json): void => {
    paths[path] = { ...paths[path], [method]: what };
  };
  for (const name of procedureNames) {
    const { method, path } = contract[name].http;
    add(API_PREFIX + path.replace(/:(\w+)/g, '{$1}'), method.toLowerCase(), operation(name));
  }
  add(`${API_PREFIX}/events`, 'get', {
    operationId: 'events',
    summary: 'What changes, as server-sent events; each says what to ask for again',
    tags: ['events'],
    responses: {
      200: {
        description: 'Stream of events',
        content: { 'text/event-stream': { schema: embedded(appEvent.toJSONSchema({ io: 'output', unrepresentable: 'any' })) } },
      },
      401: { description: 'unauthenticated', content: jsonContent({ $ref: '#/components/schemas/Error' }) },
      503: { description: 'busy', content: jsonContent({ $ref: '#/components/schemas/Error' }) },
    },
  });
  add('/healthz', 'get', {
    operationId: 'healthz',
    summary: 'Whether the program answers',
    tags: ['host'],
    security: [],
    responses: {
      200: {
        description: 'It does',
        content: jsonContent({ type: 'object', properties: { ok: { const: true } }, required: ['ok'] }),
      },
    },
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Clearway Reconciliation Workstation',
      version,
      description:
        'Amounts are exact decimals as text, dates are YYYY-MM-DD, times are UTC. Lists and objects in a query string are JSON.',
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: embedded(errorBody.toJSONSchema({ io: 'output', unrepresentable: 'any' })) },
    },
  };
};
