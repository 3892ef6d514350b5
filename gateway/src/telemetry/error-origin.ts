import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.ts';

const requestIds = new WeakMap<object, string>();

/** Notes which request an error came up in. */
export function noteOrigin(error: unknown, requestId: string): void {
  if (typeof error === 'object' && error !== null) requestIds.set(error, requestId);
}

/** Does work for a request, and notes the error that it fails with. */
export async function withOrigin<T>(requestId: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    noteOrigin(error, requestId);
    throw error;
  }
}

/** The id of the request that an error came up in. */
export const originOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null ? requestIds.get(error) : undefined;

/**
 * Notes the request of errors before Apollo Server has them formatted, where it does not say whose they are. An
 * `AsyncLocalStorage` would know, and make every promise of the process dearer: a tenth of the gateway's time.
 */
export const errorOrigins: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, contextValue }) => {
      for (const error of errors) noteOrigin(error, contextValue.requestId);
    },
  }),
};
