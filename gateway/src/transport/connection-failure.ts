/** The connection was refused: nobody listens, and nothing was sent. */
export const isRefused = (error: unknown): boolean => codeOf(error) === 'ECONNREFUSED';

/** The connection broke before an answer came: the subgraph may or may not have done what it was asked. */
export const isBroken = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(codeOf(error));

/** The way to the subgraph is not there, or broke. Who it leads to may not be trusted: that is another thing. */
export const isConnectionFailure = (error: unknown): boolean => CONNECTION_FAILURES.has(codeOf(error));

const CONNECTION_FAILURES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['EAI_AGAIN', 'ENOTFOUND', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'],
]);

/** The code by which Node, undici and zlib name an error. */
export const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code);
