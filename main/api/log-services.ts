import type { Output } from '../../shared/contract/index.ts';
import type { LogQuestion } from '../observability/log-reader.ts';
import type { Services } from './handler.ts';

/** Answers from the log files, which another thread reads. */
export const createLogServices = (ask: (question: LogQuestion) => Promise<Output<'logs.list'>>): Services => ({
  'logs.list': (question) => ask(question),
});
