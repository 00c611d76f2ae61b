import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { buildOpenApi } from '../../main/server/openapi.ts';
import { COMMON_ERRORS, ERROR_STATUS, contract, procedureNames, type Procedure } from '../../shared/contract/index.ts';

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema?: object;
    readonly content?: object;
  }[];
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: { readonly properties?: object } } };
  };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const document = buildOpenApi('1.2.3') as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly security: unknown;
};
const operationOf = (name: string): Operation | undefined =>
  Object.values(document.paths)
    .flatMap((path) => Object.values(path))
    .find((operation) => operation.operationId === name);

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(JSON.parse(JSON.stringify(document)) as Record<string, unknown>);
    expect(result.errors ?? []).toEqual([]);
    expect([result.valid, validator.version]).toEqual([true, '3.1']);
  });

  it('holds every procedure of the contract at its method and path, once', () => {
    for (const name of procedureNames) {
      const { method, path } = contract[name].http;
      const operation = document.paths[`/api/v1${path.replace(/:(\w+)/g, '{$1}')}`]?.[method.toLowerCase()];
      expect([name, operation?.operationId]).toEqual([name, name]);
    }
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
    expect(ids.length).toBe(new Set(ids).size);
    // The contract, the stream of events and health.
    expect(ids.length).toBe(procedureNames.length + 2);
  });

  it('lists every error a procedure may answer under its status', () => {
    for (const name of procedureNames) {
      const procedure: Procedure = contract[name];
      for (const code of [...COMMON_ERRORS, ...procedure.errors]) {
        expect([name, operationOf(name)?.responses[ERROR_STATUS[code]]?.description]).toEqual([
          name,
          expect.stringContaining(code),
        ]);
      }
    }
  });

  it('describes members of path, query and body each in its place', () => {
    const page = operationOf('portfolios.conflicts');
    const places = Object.fromEntries(
      (page?.parameters ?? []).map((each) => [each.name, [each.in, each.required, each.schema === undefined ? 'json' : 'plain']]),
    );
    expect(places).toEqual({
      id: ['path', true, 'plain'],
      offset: ['query', false, 'plain'],
      limit: ['query', false, 'plain'],
      search: ['query', false, 'plain'],
      sort: ['query', false, 'json'],
      filters: ['query', false, 'json'],
    });
    const resolve = operationOf('portfolios.resolveConflict');
    expect(resolve?.parameters.map((each) => each.name)).toEqual(['id', 'conflictId']);
    expect(Object.keys(resolve?.requestBody?.content['application/json'].schema.properties ?? {})).toEqual([
      'strategy',
      'connectionId',
      'value',
      'comment',
      'expectedVersion',
    ]);
  });

  it('asks for the bearer token everywhere except health', () => {
    expect(document.security).toEqual([{ bearer: [] }]);
    const open = Object.entries(document.paths).filter(([, path]) =>
      Object.values(path).some((operation) => Object.hasOwn(operation, 'security')),
    );
    expect(open.map(([path]) => path)).toEqual(['/healthz']);
  });
});
