import { z } from 'zod';

/** Every error the program answers with, and its HTTP status. */
export const ERROR_STATUS = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict_changed: 409,
  already_running: 409,
  already_undone: 409,
  later_decisions: 409,
  not_possible: 409,
  duplicate: 409,
  too_large: 413,
  unreadable_file: 422,
  nothing_selected: 422,
  needs_sign_in: 422,
  suspicious_shrink: 409,
  other_firm: 409,
  platform_refused: 502,
  platform_unreachable: 502,
  timed_out: 504,
  busy: 503,
  storage_full: 507,
  cancelled: 499,
  internal: 500,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** Any procedure may answer these without declaring them. */
export const COMMON_ERRORS: readonly ErrorCode[] = [
  'invalid_input',
  'unauthenticated',
  'forbidden',
  'busy',
  'storage_full',
  'internal',
];

export const errorBody = z.object({
  error: z.object({
    code: z.enum(Object.keys(ERROR_STATUS) as [ErrorCode, ...ErrorCode[]]),
    /** Plain English: what happened and what to do. */
    message: z.string(),
    /** Stands in the log beside the cause. */
    requestId: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorBody = z.infer<typeof errorBody>;

/** A failure the caller is meant to see. Anything else that is thrown becomes `internal`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly requestId: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: Readonly<Record<string, unknown>>; cause?: unknown; requestId?: string } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
    this.requestId = options.requestId;
  }
}
