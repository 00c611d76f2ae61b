import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AppError,
  COMMON_ERRORS,
  contract,
  errorBody,
  procedureNames,
  type AppEvent,
  type CommandName,
  type Output,
  type Procedure,
  type ProcedureName,
  type QueryName,
} from '../../shared/contract/index.ts';
import { commandInputs } from './command-inputs.ts';
import { syncsDone } from '../support/test-app.ts';
import { startDesk, type Desk } from './desk.ts';
import type { Door } from './doors.ts';
import { queryInputs } from './query-inputs.ts';
import { NOT_PROVOKED, refusals } from './refusals.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
}, 120_000);
afterAll(() => desk.stop());

const procedureOf = (name: ProcedureName): Procedure => contract[name];
const queries = procedureNames.filter((name) => contract[name].kind === 'query') as QueryName[];
const commands = procedureNames.filter((name) => contract[name].kind === 'command') as CommandName[];

/** What every door rejects a call with, door by door. */
const rejections = (doors: readonly Door[], name: ProcedureName, input: unknown): Promise<AppError[]> =>
  Promise.all(
    doors.map(({ transport, name: door }) =>
      transport.call(name, input).then(
        () => Promise.reject(new Error(`${door} answered ${name} instead of refusing it`)),
        (error: AppError) => error,
      ),
    ),
  );

/** The body of an error without its request id, which every call has of its own. */
function bodyOf(error: AppError) {
  expect(error).toBeInstanceOf(AppError);
  const { code, message, requestId, details } = error;
  const body = { code, message, requestId, ...(details ? { details } : {}) };
  expect(errorBody.safeParse({ error: body }).success).toBe(true);
  expect(requestId).toMatch(/^[\w-]{8,}$/);
  return { code, message, details };
}

const auditSeq = async (): Promise<number> => (await desk.client.call('audit.page', { limit: 1 })).items[0]?.seq ?? 0;
const auditSince = async (seq: number): Promise<Output<'audit.page'>['items']> =>
  (await desk.client.call('audit.page', { limit: 50 })).items.filter((entry) => entry.seq > seq);

const changes = (events: readonly AppEvent[]): AppEvent[] =>
  events.filter((e) => e.type === 'data_changed' && e.topics.includes('audit'));
async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`${what} did not happen within 10 seconds`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('the tables of this suite', () => {
  it('hold every procedure of the contract', () => {
    expect([...Object.keys(queryInputs), ...Object.keys(commandInputs)].toSorted()).toEqual(procedureNames.toSorted());
  });

  it('hold every declared error, provoked or with the reason why it is not', () => {
    const declared = procedureNames.flatMap((name) => procedureOf(name).errors.map((code) => `${name} ${code}`));
    expect([...Object.keys(refusals), ...Object.keys(NOT_PROVOKED)].toSorted()).toEqual(declared.toSorted());
  });
});

describe('every query answers in the form of the contract and the same through each door', () => {
  it.for(queries)('%s', async (name) => {
    const input = queryInputs[name](desk.facts);
    const answers = await Promise.all(desk.admin.all.map(({ transport }) => transport.call(name, input)));
    expect(procedureOf(name).output.parse(answers[0])).toEqual(answers[0]);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

describe('every command works through each door, is audited as the contract says, and is announced through each', () => {
  it.for(commands.flatMap((name) => [0, 1, 2].map((door) => [name, (['direct', 'IPC', 'HTTP'] as const)[door] ?? ''] as const)))(
    '%s over %s',
    async ([name, doorName]) => {
      const door = desk.admin.all.find((d) => d.name === doorName);
      const { input: prepare, after } = commandInputs[name] as {
        input: (desk: Desk, tag: string) => unknown;
        after?: (...args: unknown[]) => Promise<unknown>;
      };
      const input = await prepare(desk, doorName.toLowerCase());
      const seq = await auditSeq();
      // What came before this call is done with once each door has been heard of it.
      for (const { events } of desk.admin.all) events.length = 0;
      const output = await door?.transport.call(name, input);
      const entries = await auditSince(seq);
      const procedure = contract[name];
      expect(procedure.output.parse(output)).toEqual(output);
      if ('event' in procedure.audit) {
        expect(entries.map(({ event, actor }) => ({ event, actor }))).toEqual([
          { event: procedure.audit.event, actor: 'Tester' },
        ]);
        for (const { name: hearing, events } of desk.admin.all)
          await until(`data_changed through ${hearing}`, () => changes(events).length > 0);
      } else expect(entries).toEqual([]);
      await after?.(desk, output, input);
    },
  );

  it('and the audit trail of all of them is unbroken', async () => {
    expect(await desk.client.call('audit.verify', {})).toMatchObject({ ok: true, firstBad: null });
  });
});

describe('every door refuses with the same body', () => {
  it.for(procedureNames)('%s: a member nobody knows', async (name) => {
    const errors = await rejections(desk.admin.all, name, { surplus: 'x' });
    const bodies = errors.map(bodyOf);
    for (const { code, details } of bodies) {
      expect(code).toBe('invalid_input');
      expect(JSON.stringify(details)).toContain('surplus');
    }
  });

  it.for([
    ['holdings.page', { limit: 0 }],
    ['holdings.page', { sort: [{ column: 'nothing', direction: 'asc' }] }],
    ['conflicts.page', { filters: [{ column: 'field', operator: 'like', value: 'x' }] }],
    ['conflicts.resolve', { selection: { ids: [] }, decision: { strategy: 'CLEARWAY_WINS' } }],
    ['conflicts.resolve', { selection: { ids: ['1'] }, decision: { strategy: 'COIN_FLIP' } }],
    ['holdings.edit', { id: '1', field: 'price', value: '1.50', expected: null, reason: 'x' }],
    ['holdings.edit', { id: '1', field: 'price', value: 1.5, expected: null, reason: 'x' }],
    ['holdings.get', { id: '../../etc' }],
    ['search.everything', { text: '' }],
    ['reconciliation.start', { asOf: '2026-02-30' }],
    ['connections.update', { id: '1', survivorshipRank: 1.5 }],
  ] as const)('%s with %j: invalid input, naming the same places', async ([name, input]) => {
    const [direct, ...others] = (await rejections(desk.admin.all, name, input)).map(bodyOf);
    expect(direct).toMatchObject({ code: 'invalid_input', details: { issues: [{}] } });
    for (const other of others) expect(other).toEqual(direct);
  });

  it('what only an analyst or administrator may do, when a viewer asks, before looking at the input', async () => {
    for (const name of procedureNames) {
      const { access } = procedureOf(name);
      if (access === 'viewer') continue;
      const [direct, ...others] = (await rejections(desk.viewer.all, name, { id: '1', conflictId: '1' })).map(bodyOf);
      expect(direct).toEqual({
        code: 'forbidden',
        message: `This needs the role ${access}; you are signed in as viewer.`,
        details: undefined,
      });
      for (const other of others) expect(other).toEqual(direct);
    }
  });

  it('none of which leaves a trace in the audit trail', async () => {
    const seq = await auditSeq();
    await rejections(desk.viewer.all, 'sync.all', {});
    await rejections(desk.admin.all, 'conflicts.comment', { id: '999999', text: 'x' });
    await rejections(desk.admin.all, 'settings.update', {});
    expect(await auditSince(seq)).toEqual([]);
  });

  it('a procedure that does not exist', async () => {
    const errors = await rejections(desk.admin.all.slice(0, 2), 'no.such' as ProcedureName, {});
    for (const error of errors) expect(bodyOf(error).code).toBe('not_found');
  });
});

describe('taking up a sync again', () => {
  it('that is under way is refused, since two passes would stage the same operation', async () => {
    const { operationId } = await desk.client.call('connections.sync', { id: desk.facts.connections.black_diamond });
    try {
      await expect(desk.client.call('sync.retry', { id: operationId })).rejects.toMatchObject({ code: 'already_running' });
    } finally {
      await syncsDone(desk.client);
    }
  });
});

describe('every error a procedure declares', () => {
  it.for(Object.entries(refusals))('%s', async ([key, prepare]) => {
    const [name, code] = key.split(' ') as [ProcedureName, string];
    const { input, after } = await prepare(desk);
    const [direct, ...others] = (await rejections(desk.admin.all, name, input)).map(bodyOf);
    await after?.();
    expect(direct?.code).toBe(code);
    expect(COMMON_ERRORS).not.toContain(code);
    expect(direct?.message).toMatch(/^[A-Z].*\.$/s);
    for (const other of others) expect(other).toEqual(direct);
  });
});
