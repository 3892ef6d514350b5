import type { ApolloServerPlugin } from '@apollo/server';
import { LRUCache } from 'lru-cache';
import type { GatewayContext } from '../context.ts';

/** Most characters of queries that are remembered; those used longest ago go first. */
const MOST = 4_000_000;

/**
 * The texts of persisted queries by their hashes. A text is what its hash says under every supergraph, so a swap changes
 * nothing here; whether it is an operation of the present one is asked of the executor.
 */
export class KnownQueries {
  readonly #texts = new LRUCache<string, string>({
    maxSize: MOST,
    sizeCalculation: (text, hash) => text.length + hash.length,
  });

  /** The text with a hash, when Apollo Server answered it here before. */
  find(hash: string): string | undefined {
    return this.#texts.get(hash);
  }

  /** Remembers the persisted queries that Apollo Server has found to be valid operations with the right hash. */
  readonly plugin: ApolloServerPlugin<GatewayContext> = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ request, queryHash, source }) => {
        if (request.extensions?.persistedQuery) this.#texts.set(queryHash, source);
      },
    }),
  };
}
