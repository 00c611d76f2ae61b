import { AppError, ERROR_STATUS, type ErrorBody, type ErrorCode } from '../../shared/contract/index.ts';

/** A request that HTTP itself turns away, before or beside the program. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, code: ErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
  /** Whether the cause must go to the log because the caller does not see it. */
  readonly hidden: boolean;
}

const INTERNAL =
  'Clearway met an unexpected problem. Look whether the change was made before you repeat it; quote the request id when asking for help.';

const codeOfFramework = (status: number): ErrorCode => (status === 413 ? 'too_large' : 'invalid_input');
const FRAMEWORK_MESSAGES: Readonly<Record<number, string>> = {
  413: 'The request is larger than allowed here.',
  414: 'The address is longer than allowed.',
  415: 'Send application/json.',
};

/** Whatever was thrown, as status and error body. Texts of unknown errors stay inside. */
export const answerTo = (error: unknown, requestId: string): Answer => {
  const plain = { headers: {}, hidden: false };
  if (error instanceof Refusal) {
    const { status, code, message, headers } = error;
    return { ...plain, status, headers, body: { error: { code, message, requestId } } };
  }
  if (error instanceof AppError) {
    const { code, message, details } = error;
    const known = { code, message, requestId: error.requestId ?? requestId };
    return { ...plain, status: ERROR_STATUS[code], body: { error: details === undefined ? known : { ...known, details } } };
  }
  const status: unknown = error instanceof Error ? Reflect.get(error, 'statusCode') : undefined;
  if (typeof status === 'number' && status >= 400 && status < 500) {
    const message = FRAMEWORK_MESSAGES[status] ?? 'The request cannot be read.';
    return { ...plain, status, body: { error: { code: codeOfFramework(status), message, requestId } } };
  }
  return { ...plain, status: 500, hidden: true, body: { error: { code: 'internal', message: INTERNAL, requestId } } };
};
