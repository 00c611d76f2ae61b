import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createDispatcher, type DispatcherParts } from '../../main/api/dispatcher.ts';
import type { CallContext, ServiceContext } from '../../main/api/handler.ts';
import { createAlertDestinationServices, type AlertDestinationParts } from '../../main/api/alert-destination-services.ts';
import { createBackupServices, type BackupParts } from '../../main/api/backup-services.ts';
import { createAuditServices, type AuditAnchors } from '../../main/api/audit-anchors.ts';
import { createDiagnosticServices, type DiagnosticServiceParts } from '../../main/api/diagnostic-services.ts';
import { createImportServices, type ImportServiceParts } from '../../main/api/import-services.ts';
import { createLogServices } from '../../main/api/log-services.ts';
import { createSecretServices, type SecretServiceParts } from '../../main/api/secret-services.ts';
import { createWebhookServices, type WebhookServiceParts } from '../../main/api/webhook-services.ts';
import { createServices, type ServiceParts } from '../../main/api/services.ts';
import { reads, writes } from '../../main/registry.ts';
import type { JobCaller } from '../../main/store/job-thread.ts';
import {
  AppError,
  COMMON_ERRORS,
  contract,
  ERROR_STATUS,
  procedureNames,
  ROLES,
  type AppEvent,
  type Procedure,
  type ProcedureName,
  type Role,
} from '../../shared/contract/index.ts';

const context = (role: Role = 'admin'): CallContext => ({ requestId: 'req-7', actor: { id: 'a', name: 'Analyst', role } });
const table: Readonly<Record<ProcedureName, Procedure>> = contract;

interface Asked {
  readonly where: 'read' | 'write';
  readonly caller: JobCaller;
  readonly name: string;
  readonly input: unknown;
}
function dispatcher(
  change: {
    answer?: (name: string, input: unknown) => unknown;
    services?: Readonly<Record<string, (input: unknown) => unknown>>;
    writes?: readonly string[];
  } = {},
) {
  const asked: Asked[] = [];
  const events: AppEvent[] = [];
  const logged: Readonly<Record<string, unknown>>[] = [];
  const ask = (where: Asked['where']) => (caller: JobCaller, name: string, input: unknown) => {
    asked.push({ where, caller, name, input });
    return Promise.resolve().then(() => change.answer?.(name, input));
  };
  const dispatch = createDispatcher({
    services: (change.services ?? {}) as DispatcherParts['services'],
    writes: new Set(change.writes ?? Object.keys(writes)),
    read: ask('read'),
    write: ask('write'),
    emit: (event) => events.push(event),
    log: { error: (_message, details) => logged.push(details) },
  });
  return { dispatch, asked, events, logged };
}
const failure = async (call: Promise<unknown>): Promise<AppError> => {
  const error = await call.then(
    () => null,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

/** Inputs whose rules a JSON schema does not hold. */
const BEYOND_SCHEMA: Readonly<Partial<Record<ProcedureName, object>>> = {
  'connections.previewSchedule': {
    syncEveryMinutes: 60,
    timetable: { cron: null, zone: 'UTC', quietFrom: null, quietTo: null },
  },
  'alerts.updateRule': {
    rule: 'sync_failed',
    enabled: true,
    threshold: 3,
    severity: 'high',
    bySystem: true,
    byWebhook: true,
    expectedVersion: 1,
  },
};

/** An input that fits a procedure: made from its own JSON schema, with the least that is required. */
function fitting(name: ProcedureName): unknown {
  const known = BEYOND_SCHEMA[name];
  if (known) return known;
  const schema = z.toJSONSchema(table[name].input, { io: 'input', unrepresentable: 'any' });
  return example(schema);
}
function example(schema: Readonly<Record<string, unknown>>): unknown {
  if (schema['enum']) return (schema['enum'] as unknown[])[0];
  if (schema['const'] !== undefined) return schema['const'];
  const options = (schema['anyOf'] ?? schema['oneOf']) as Record<string, unknown>[] | undefined;
  if (options) return example(options[0] ?? {});
  if (schema['type'] === 'object') {
    const properties = (schema['properties'] ?? {}) as Record<string, Record<string, unknown>>;
    return Object.fromEntries(((schema['required'] ?? []) as string[]).map((key) => [key, example(properties[key] ?? {})]));
  }
  if (schema['type'] === 'array')
    return Array.from({ length: Number(schema['minItems'] ?? 0) }, () =>
      example((schema['items'] ?? {}) as Record<string, unknown>),
    );
  if (schema['type'] === 'integer' || schema['type'] === 'number') return Number(schema['minimum'] ?? 1) || 1;
  if (schema['type'] === 'boolean') return true;
  if (schema['type'] === 'null') return null;
  if (schema['format'] === 'date-time') return '2036-11-20T09:00:00.000Z';
  return schema['format'] === 'uri' ? 'https://platform.example' : schema['contentEncoding'] === 'base64' ? 'AAAA' : '1';
}
const inputs = procedureNames.map((name) => [name, fitting(name)] as const);

test('every procedure has one place that answers it', () => {
  // Building them asks nothing of their parts.
  const services = {
    ...createServices({} as ServiceParts),
    ...createImportServices({} as ImportServiceParts),
    ...createSecretServices({} as SecretServiceParts),
    ...createWebhookServices({} as WebhookServiceParts),
    ...createAuditServices({} as AuditAnchors),
    ...createBackupServices({} as BackupParts),
    ...createAlertDestinationServices({} as AlertDestinationParts),
    ...createLogServices(() => Promise.reject(new Error('Nobody asks.'))),
    ...createDiagnosticServices({} as DiagnosticServiceParts),
  };
  const unanswered = procedureNames.filter((name) => !(name in reads) && !(name in writes) && !(name in services));
  expect(unanswered).toEqual([]);
  expect(procedureNames.filter((name) => name in reads && name in writes)).toEqual([]);
});

describe('access', () => {
  test.each(procedureNames.flatMap((name) => ROLES.map((role) => [name, role] as const)))('%s as %s', async (name, role) => {
    const { dispatch, asked, events } = dispatcher();
    const allowed = ROLES.indexOf(role) >= ROLES.indexOf(table[name].access);
    const error = await failure(dispatch(name, { member: 'that no procedure has' }, context(role)));
    // Who may call gets as far as the input, which is refused; who may not learns nothing about it.
    expect(error.code).toBe(allowed ? 'invalid_input' : 'forbidden');
    expect([asked, events]).toEqual([[], []]);
  });

  test('every role below is refused for what changes anything', () => {
    const open = procedureNames.filter((name) => table[name].kind === 'command' && table[name].access === 'viewer');
    expect(open).toEqual([]);
  });
});

describe('input', () => {
  test.each(inputs)('of %s: a member it does not know is refused', async (name, input) => {
    const { dispatch, asked } = dispatcher();
    const error = await failure(dispatch(name, { ...(input as object), surplus: 1 }, context()));
    expect([error.code, error.requestId, asked]).toEqual(['invalid_input', 'req-7', []]);
  });

  test.each(['text', 3, [], true])('that is no object is refused: %j', async (input) => {
    const { dispatch } = dispatcher();
    expect((await failure(dispatch('connections.list', input, context()))).code).toBe('invalid_input');
  });

  test('that is missing counts as empty, and defaults are filled in', async () => {
    const { dispatch, asked } = dispatcher({ answer: () => ({ items: [] }) });
    await dispatch('batches.list', undefined, context());
    expect(asked[0]).toMatchObject({ where: 'read', name: 'batches.list', input: { limit: 50 } });
  });

  test.each(['nothing.here', '__proto__', 'constructor', 'toString'])(
    'for %s, which is no procedure, finds nothing',
    async (name) => {
      const { dispatch } = dispatcher();
      expect((await failure(dispatch(name as ProcedureName, {}, context()))).code).toBe('not_found');
    },
  );
});

describe('audit', () => {
  const commands = inputs.filter(([name]) => table[name].kind === 'command');

  test.each(commands)('%s leaves its event in the trail, or the contract says why not', async (name, input) => {
    const { audit } = table[name] as Extract<Procedure, { kind: 'command' }>;
    const { dispatch, asked, events } = dispatcher({ answer: () => ({}) });
    await dispatch(name, input, context()).catch((error: unknown) => {
      if ((error as AppError).code === 'invalid_input') throw error;
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.caller).toEqual({ actor: 'Analyst', requestId: 'req-7', auditEvent: 'event' in audit ? audit.event : null });
    expect(events.map((e) => e.type)).toEqual('event' in audit ? ['data_changed'] : []);
  });

  test('queries leave nothing', async () => {
    for (const [name, input] of inputs.filter(([n]) => table[n].kind === 'query')) {
      const { dispatch, asked } = dispatcher();
      await dispatch(name, input, context()).catch(() => undefined);
      expect([name, asked.map((a) => a.caller.auditEvent)]).toEqual([name, [null]]);
    }
  });

  test('of a service is written after it succeeded, without secrets and file contents', async () => {
    const { dispatch, asked } = dispatcher({ services: { 'connections.initiate': () => Promise.resolve({ id: '5' }) } });
    const input = {
      platform: 'orion',
      name: 'Orion',
      baseUrl: 'https://api.orion.example',
      settings: {},
      credentials: { clientSecret: 'sesame' },
    };
    await dispatch('connections.initiate', input, context());
    expect(asked).toMatchObject([
      {
        where: 'write',
        name: 'audit/note',
        caller: { auditEvent: 'connection_added' },
        input: { subject: 'connections.initiate', output: { id: '5' } },
      },
    ]);
    expect(JSON.stringify(asked)).not.toContain('sesame');
  });

  test('of a service goes with the write it is about, and is not written twice', async () => {
    const services = {
      'connections.disconnect': async (_input: unknown, { write }: ServiceContext) => {
        await write('connection/disconnect', 1);
        return { signOut: 'not_offered', message: '' };
      },
    };
    const { dispatch, asked } = dispatcher({ services: services as never, answer: () => ({}) });
    await dispatch('connections.disconnect', { id: '1' }, context());
    expect(asked).toMatchObject([
      { where: 'write', name: 'connection/disconnect', caller: { auditEvent: 'connection_disconnected', requestId: 'req-7' } },
    ]);
  });

  test('of a service that failed is not written', async () => {
    const { dispatch, asked, events } = dispatcher({
      services: { 'connections.initiate': () => Promise.reject(new AppError('duplicate', 'There is one already.')) },
    });
    const input = { platform: 'orion', name: 'Orion', baseUrl: 'https://api.orion.example', settings: {}, credentials: {} };
    expect((await failure(dispatch('connections.initiate', input, context()))).code).toBe('duplicate');
    expect([asked, events]).toEqual([[], []]);
  });
});

describe('failures', () => {
  const failing = (error: unknown) =>
    dispatcher({
      answer: () => {
        throw error;
      },
    });

  test.each(Object.keys(ERROR_STATUS) as (keyof typeof ERROR_STATUS)[])(
    '%s comes through where it is declared or common, and is internal elsewhere',
    async (code) => {
      for (const name of ['batches.undo', 'conflicts.page'] as const) {
        const { dispatch, logged } = failing(new AppError(code, 'What happened.', { details: { n: 1 } }));
        const error = await failure(dispatch(name, name === 'batches.undo' ? { id: '1' } : {}, context()));
        const known = table[name].errors.includes(code) || COMMON_ERRORS.includes(code) || code === 'not_found';
        expect([name, error.code, error.requestId]).toEqual([name, known ? code : 'internal', 'req-7']);
        expect(logged).toHaveLength(known ? 0 : 1);
        if (known) expect([error.message, error.details]).toEqual(['What happened.', { n: 1 }]);
      }
    },
  );

  test('nobody expected are logged with their cause and told without it', async () => {
    const cause = new Error('table holdings has no column named colour');
    const { dispatch, logged } = failing(cause);
    const error = await failure(dispatch('batches.undo', { id: '1' }, context()));
    expect(error.message).toBe(
      'Something went wrong inside the program. Nothing was changed by this call. Quote req-7 to support.',
    );
    expect(logged).toEqual([{ procedure: 'batches.undo', requestId: 'req-7', error: cause }]);
  });

  test('after a change was made do not claim that nothing changed', async () => {
    const { dispatch, logged } = dispatcher({ answer: () => ({ batchId: 5 }) });
    const error = await failure(dispatch('batches.undo', { id: '1' }, context()));
    expect(error.message).toContain('The change was made, but its result cannot be shown.');
    expect(logged).toHaveLength(1);
  });

  test('of a service on its way do not claim it either', async () => {
    const { dispatch } = dispatcher({ services: { 'connections.disconnect': () => Promise.reject(new TypeError('x')) } });
    expect((await failure(dispatch('connections.disconnect', { id: '1' }, context()))).message).toContain(
      'Check what stands now before you try again.',
    );
  });
});

describe('output', () => {
  test('that does not fit the contract is an internal failure', async () => {
    const { dispatch } = dispatcher({ answer: () => ({ items: [{ id: 1 }] }) });
    expect((await failure(dispatch('connections.list', {}, context()))).code).toBe('internal');
  });

  test('carries no member that the contract does not name', async () => {
    const { dispatch } = dispatcher({ answer: () => ({ batchId: '2', restored: 1, blocked: [], secret: 'sesame' }) });
    expect(await dispatch('batches.undo', { id: '1' }, context())).toEqual({ batchId: '2', restored: 1, blocked: [] });
  });
});
