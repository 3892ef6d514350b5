import type { Logger } from '@tributary/platform';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { originOf } from '../telemetry/error-origin.ts';

/** Extensions that tell how a service works inside; they never leave the gateway, whoever wrote them. */
const PRIVATE_EXTENSIONS = new Set(['stacktrace', 'exception', 'debug', 'http', 'response', 'serviceName']);

/** The extensions of an error without those that only its operator should see. */
export const publicExtensions = (extensions: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(extensions).filter(([name]) => !PRIVATE_EXTENSIONS.has(name)));

/** Makes an error of an answer of what went wrong. */
export type ErrorFormatter = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/**
 * Apollo Server's `formatError`: an error that somebody meant to show keeps its message and code; any other
 * becomes `INTERNAL_SERVER_ERROR` with the request's id, and is described in the log.
 */
export function createErrorFormatter(logger: Logger): ErrorFormatter {
  return (formatted, error) => {
    const extensions = publicExtensions(formatted.extensions ?? {});
    if (extensions.code !== 'INTERNAL_SERVER_ERROR') return { ...formatted, extensions };

    const requestId = originOf(error);
    logger.error({ err: error, path: formatted.path, requestId }, 'an error was masked');
    return {
      message: 'Internal server error',
      ...(formatted.path && { path: formatted.path }),
      extensions: {
        code: 'INTERNAL_SERVER_ERROR',
        ...(extensions.subgraph !== undefined && { subgraph: extensions.subgraph }),
        ...(requestId && { requestId }),
      },
    };
  };
}

/** As Apollo Server hands an error to its `formatError`. */
export const formattedOf = (error: GraphQLError): GraphQLFormattedError => ({
  ...error.toJSON(),
  extensions: { code: 'INTERNAL_SERVER_ERROR', ...error.extensions },
});
