import { randomUUID } from 'node:crypto';
import { unwrapResolverError } from '@apollo/server/errors';
import type { Logger } from '@tributary/platform';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { currentCancellation } from '../cancellation/cancellation.ts';
import { isDatabaseAway } from '../database/database-failure.ts';
import { unavailable } from '../errors.ts';
import { loggerOf } from './error-loggers.ts';

/**
 * Decides what a client learns of an error: one that was thrown as a GraphQLError is meant for them; what fails after the
 * request was cancelled is told to be that; a database that is away for the moment is `SERVICE_UNAVAILABLE`, to try again;
 * anything else is a fault. These two go to the log in full, and to the client as a number to ask about.
 */
export const createErrorFormatter =
  (service: Logger) =>
  (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const logger = loggerOf(error) ?? service;
    const cause = unwrapResolverError(error);
    if (cause instanceof GraphQLError && formatted.extensions?.code !== 'INTERNAL_SERVER_ERROR') {
      const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
      return { ...formatted, extensions };
    }
    // A statement that was cancelled fails, and so does what asked for it: nothing is broken.
    const ended = currentCancellation()?.signal.reason as unknown;
    if (ended instanceof GraphQLError) {
      const { message, extensions } = ended;
      return { message, ...(formatted.path && { path: formatted.path }), extensions };
    }
    const incident = randomUUID();
    const place = {
      ...(formatted.path && { path: formatted.path }),
      ...(formatted.locations && { locations: formatted.locations }),
    };
    if (isDatabaseAway(cause)) {
      logger.warn({ err: cause, incident, path: formatted.path }, 'the database cannot be used');
      const { message, extensions } = unavailable();
      return { message, ...place, extensions: { ...extensions, incident } };
    }
    logger.error({ err: cause, incident, path: formatted.path }, 'a resolver failed');
    return {
      message: 'Internal server error',
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', incident },
    };
  };
