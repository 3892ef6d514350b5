/** The connection was refused: nobody listens, and nothing was sent. */
export const isRefused = (error: unknown): boolean => codeOf(error) === 'ECONNREFUSED';

/** The connection broke before an answer came: the subgraph may or may not have done what it was asked. */
export const isBroken = (error: unknown): boolean =>
  ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(codeOf(error));

/** The code by which Node, undici and zlib name an error. */
export const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code);
