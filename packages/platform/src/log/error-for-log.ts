/** How far down causes are told. */
const DEEPEST = 5;

/** An error as a log line has it. */
export interface LoggedError {
  type: string;
  message: string;
  stack?: string;
  code?: unknown;
  cause?: LoggedError;
  errors?: LoggedError[];
}

/**
 * What of an error is written: what it says of itself. All else that libraries put on errors is left out, since that is
 * data: PostgreSQL quotes the row that was in the way (`detail`), HTTP clients the request with its headers.
 */
export function errorForLog(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { message, stack, cause } = error;
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  const isDeeper = depth < DEEPEST;
  return {
    type: error.constructor.name,
    message,
    ...(stack !== undefined && { stack }),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(isDeeper && cause !== undefined && { cause: errorForLog(cause, depth + 1) }),
    ...(isDeeper &&
      Array.isArray(errors) && { errors: errors.map((one: unknown) => errorForLog(one, depth + 1)) }),
  };
}
