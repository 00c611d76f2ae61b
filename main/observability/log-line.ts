import type { Output } from '../../shared/contract/index.ts';
import { LOG_LEVELS } from '../../shared/contract/logs.ts';
import type { LogLevel } from './logger.ts';

export type LogLine = Output<'logs.list'>['items'][number];
type LoggedError = LogLine['errors'][number];

const MAX_DETAILS = 12_000;
const MAX_CAUSES = 8;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;

/** An error and what caused it, outermost first. */
function chainOf(value: unknown): LoggedError[] {
  const chain: LoggedError[] = [];
  for (let error = value; isRecord(error) && chain.length < MAX_CAUSES; error = error['cause'])
    chain.push({
      name: textOf(error['name']) ?? 'Error',
      message: textOf(error['message']) ?? '',
      stack: textOf(error['stack']),
    });
  return chain;
}

/** A line of a log file by its parts; null for what is not one of ours, such as a line that a death cut short. */
export function parseLine(id: string, text: string): LogLine | null {
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(line) || typeof line['time'] !== 'string' || typeof line['message'] !== 'string') return null;
  const level = LOG_LEVELS.find((known): known is LogLevel => known === line['level']);
  if (level === undefined) return null;
  const { error, ...details } = isRecord(line['details']) ? line['details'] : {};
  const errors = chainOf(error);
  const facts = errors.length === 0 && error !== undefined ? { ...details, error } : details;
  return {
    id,
    at: line['time'],
    level,
    message: line['message'],
    requestId: textOf(details['requestId']),
    operationId: textOf(details['operationId']),
    userId: textOf(details['userId']),
    errors,
    details: Object.keys(facts).length === 0 ? '' : JSON.stringify(facts, null, 2).slice(0, MAX_DETAILS),
  };
}
