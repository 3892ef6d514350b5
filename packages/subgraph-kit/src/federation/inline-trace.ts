import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';

/**
 * Federated tracing: a request with the header `apollo-federation-include-trace: ftv1` is answered with how long each
 * resolver took, in `extensions.ftv1`. Messages of errors are left out of it.
 *
 * @param mayTrace - whether whoever asks may know that
 */
export function inlineTrace<Context extends object>(
  mayTrace: (context: Context) => boolean,
): ApolloServerPlugin<Context> {
  const plugin: ApolloServerPlugin<Context> = ApolloServerPluginInlineTrace();
  return {
    ...plugin,
    requestDidStart: async (request) =>
      mayTrace(request.contextValue) ? await plugin.requestDidStart?.(request) : undefined,
  };
}
