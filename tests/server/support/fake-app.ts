import {
  AppError,
  contract,
  isProcedureName,
  type AppEvent,
  type Procedure,
  type ProcedureName,
} from '../../../shared/contract/index.ts';
import type { CallContext, HostedApp } from '../../../main/server/host-app.ts';

export interface Call {
  readonly name: ProcedureName;
  readonly input: unknown;
  readonly context: CallContext;
}

export interface FakeApp extends HostedApp {
  readonly calls: Call[];
  readonly answers: Parameters<HostedApp['metrics']['answered']>[0][];
  emit(event: AppEvent): void;
  /** What the next calls of a procedure do instead of answering an empty object. */
  answer(name: ProcedureName, how: (input: unknown, context: CallContext) => unknown): void;
}

/** A program that parses input like the real one, remembers every call, and answers what a test told it to. */
export const createFakeApp = (): FakeApp => {
  const calls: Call[] = [];
  const counted: FakeApp['answers'] = [];
  const answers = new Map<ProcedureName, (input: unknown, context: CallContext) => unknown>();
  const listeners = new Set<(event: AppEvent) => void>();
  return {
    calls,
    answers: counted,
    metrics: {
      answered: (answer) => void counted.push(answer),
      text: () => Promise.resolve('# no figures\n'),
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
    },
    emit: (event) => listeners.forEach((listener) => listener(event)),
    answer: (name, how) => void answers.set(name, how),
    receiveWebhook: () => Promise.resolve('refused'),
    start: async () => undefined,
    stop: async () => undefined,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    dispatch: async (name, input, context) => {
      if (!isProcedureName(name)) throw new AppError('not_found', 'No such procedure', { requestId: context.requestId });
      const procedure: Procedure = contract[name];
      const parsed = procedure.input.safeParse(input);
      if (!parsed.success) {
        throw new AppError(
          'invalid_input',
          parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
          {
            requestId: context.requestId,
          },
        );
      }
      calls.push({ name, input: parsed.data, context });
      return (await answers.get(name)?.(parsed.data, context)) ?? {};
    },
  };
};
