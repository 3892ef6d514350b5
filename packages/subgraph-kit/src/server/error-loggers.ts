import type { ApolloServerPlugin } from '@apollo/server';
import type { Logger } from '@tributary/platform';
import type { RequestContext } from './request-context.ts';

const loggers = new WeakMap<object, Logger>();

/** The logger of the request that an error came up in; undefined where that is not known. */
export const loggerOf = (error: unknown): Logger | undefined =>
  typeof error === 'object' && error !== null ? loggers.get(error) : undefined;

/** Notes the request of errors before Apollo Server has them formatted, where it does not say whose they are. */
export const errorLoggers: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue }) => {
      for (const error of errors) loggers.set(error, contextValue.logger);
    },
  }),
};
