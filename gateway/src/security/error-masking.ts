import type { Logger } from '@tributary/platform';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { type GatewaySettings, introspects } from '../config.ts';
import { messageOf } from '../errors/gateway-error.ts';
import type { ErrorCode } from '../errors/registry.ts';
import { originOf } from '../telemetry/error-origin.ts';

const INTERNAL = 'INTERNAL_SERVER_ERROR' satisfies ErrorCode;
const UNPLANNABLE = 'QUERY_PLANNING_FAILED' satisfies ErrorCode;

/** Extensions that tell how a service works inside; they never leave the gateway, whoever wrote them. */
const PRIVATE_EXTENSIONS = new Set(['stacktrace', 'exception', 'debug', 'http', 'response', 'serviceName']);

/** The extensions of an error without those that only its operator should see. */
export const publicExtensions = (extensions: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(extensions).filter(([name]) => !PRIVATE_EXTENSIONS.has(name)));

/** Makes an error of an answer of what went wrong. */
export type ErrorFormatter = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;

/** graphql-js names fields, types and values that are there, beside the one that is not. */
const SUGGESTION = / ?Did you mean .+\?$/s;

/**
 * Apollo Server's `formatError`: an error that somebody meant to show keeps its message and code; any other
 * becomes `INTERNAL_SERVER_ERROR` with the request's id, and is described in the log. So is why an operation cannot be
 * planned, which tells of the subgraphs: clients have it as `extensions.reason`, and not in production.
 *
 * Where clients are not told the schema, suggestions are taken out of messages about operations and variables. Apollo
 * Server leaves those about the values of variables in.
 */
export function createErrorFormatter(
  logger: Logger,
  settings: Pick<GatewaySettings, 'INTROSPECTION' | 'NODE_ENV'>,
): ErrorFormatter {
  const hidesSchema = !introspects(settings);
  const tellsReasons = settings.NODE_ENV !== 'production';
  return (formatted, error) => {
    const extensions = publicExtensions(formatted.extensions ?? {});
    if (extensions.code === UNPLANNABLE && extensions.subgraph === undefined) {
      const requestId = originOf(error);
      const reason = error instanceof GraphQLError ? error.originalError : undefined;
      logger.error({ err: reason ?? error, requestId }, 'an operation could not be planned');
      const told = tellsReasons && reason ? { reason: reason.message } : {};
      return { ...formatted, extensions: { ...extensions, ...told, ...(requestId && { requestId }) } };
    }
    if (extensions.code !== INTERNAL) {
      // What a subgraph says to its clients is its own.
      const message =
        hidesSchema && extensions.subgraph === undefined
          ? formatted.message.replace(SUGGESTION, '')
          : formatted.message;
      return { ...formatted, message, extensions };
    }

    const requestId = originOf(error);
    logger.error({ err: error, path: formatted.path, requestId }, 'an error was masked');
    return {
      message: messageOf(INTERNAL),
      ...(formatted.path && { path: formatted.path }),
      extensions: {
        code: INTERNAL,
        ...(extensions.subgraph !== undefined && { subgraph: extensions.subgraph }),
        ...(requestId && { requestId }),
      },
    };
  };
}

/** As Apollo Server hands an error to its `formatError`. */
export const formattedOf = (error: GraphQLError): GraphQLFormattedError => ({
  ...error.toJSON(),
  extensions: { code: INTERNAL, ...error.extensions },
});
