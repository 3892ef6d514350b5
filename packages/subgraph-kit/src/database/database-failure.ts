/** The database cannot be reached, has cut the connection, or gave none in time; Prisma's own codes for that. */
const PRISMA = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2037']);

/** What Prisma's driver adapters call the same. */
const ADAPTER = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']);

/**
 * PostgreSQL's: connection exceptions (08), no connection left or out of resources (53), shutting down, starting up or
 * cut by an operator (57P), and a server that has become a replica (25006).
 */
const SQLSTATE = /^(?:08\w{3}|53\w{3}|57P\d\d|25006)$/;

const SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** What `pg` and its pool say without a code. */
const MESSAGE =
  /^(?:Connection terminated|Client (?:has encountered a connection error|was closed) and is not queryable|timeout exceeded when trying to connect|Query read timeout)/;

/**
 * Whether an error of a Prisma client, of `pg` or of its pool says that the database cannot be used for the moment; the
 * same may be answered a moment later. What was being changed may have been changed, where the connection broke at its
 * commit.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, meta, cause, originalError } = error as {
    code?: unknown;
    message?: unknown;
    meta?: { driverAdapterError?: unknown };
    cause?: unknown;
    /** Of a GraphQLError. */
    originalError?: unknown;
  };
  if (typeof code === 'string' && (PRISMA.has(code) || SYSTEM.has(code) || SQLSTATE.test(code))) return true;
  if (typeof message === 'string' && MESSAGE.test(message)) return true;
  if (isAdapterAway(meta?.driverAdapterError) || isAdapterAway(error)) return true;
  return isDatabaseAway(cause) || isDatabaseAway(originalError);
}

/** @param error - a `DriverAdapterError`, whose cause is no error but describes one */
function isAdapterAway(error: unknown): boolean {
  const { kind, originalCode } =
    (error as { cause?: { kind?: unknown; originalCode?: unknown } } | null | undefined)?.cause ?? {};
  return ADAPTER.has(String(kind)) || SQLSTATE.test(String(originalCode));
}
