import { LOG_LEVELS } from '../../../shared/contract/logs.ts';
import type { CallInput } from '../../../shared/contract/index.ts';

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Spans of time that a person looks back over, in hours. */
export const SPANS = { any: null, hour: 1, day: 24, week: 168 } as const;
export type Span = keyof typeof SPANS;

/** Which lines are asked for; it stands in the address. */
export interface LogQuestion {
  readonly level: LogLevel;
  readonly span: Span;
  readonly text: string;
  readonly operation: string | null;
  readonly request: string | null;
  readonly user: string | null;
}

const HOUR = 3_600_000;
const isLevel = (text: string | null): text is LogLevel => (LOG_LEVELS as readonly (string | null)[]).includes(text);
const isSpan = (text: string | null): text is Span => text !== null && Object.hasOwn(SPANS, text);

/** All lines of one operation or call are wanted when a link names one; otherwise what is not fine-grained. */
export const questionOf = (search: URLSearchParams): LogQuestion => {
  const [level, span] = [search.get('level'), search.get('span')];
  const [operation, request] = [search.get('operation') || null, search.get('request') || null];
  return {
    level: isLevel(level) ? level : operation === null && request === null ? 'info' : 'debug',
    span: isSpan(span) ? span : 'any',
    text: search.get('text') ?? '',
    operation,
    request,
    user: search.get('user') || null,
  };
};

/** The question in the words of the contract; `now` in milliseconds. */
export const callInput = ({ level, span, text, operation, request, user }: LogQuestion, now: number): CallInput<'logs.list'> => {
  const hours = SPANS[span];
  return {
    level,
    text: text.slice(0, 200),
    ...(hours === null ? {} : { from: new Date(now - hours * HOUR).toISOString() }),
    ...(operation === null ? {} : { operation: operation.slice(0, 64) }),
    ...(request === null ? {} : { request: request.slice(0, 64) }),
    ...(user === null ? {} : { user: user.slice(0, 200) }),
  };
};
