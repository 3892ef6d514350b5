import { Dispatchers } from './dispatchers.ts';
import { type Post, postByUndici } from './http-post.ts';
import { ConnectionPool } from './http1/connection-pool.ts';
import type { TransportSettings } from './settings/transport-settings.ts';

/** The connections to all subgraphs; subgraphs of one server that are asked alike share them. */
export class HttpClients {
  readonly #dispatchers = new Dispatchers();
  readonly #pools = new Map<string, ConnectionPool>();

  /** What sends requests to a server. @param settings - those of the subgraph there */
  for({ protocol, origin }: URL, settings: TransportSettings): Post {
    const { connections, http2, compression, answerLimit } = settings;
    if (protocol !== 'http:' || http2 === 'h2c' || compression !== 'none') {
      const dispatcher = this.#dispatchers.for(settings);
      return (request) => postByUndici(dispatcher, request);
    }
    const key = JSON.stringify({ origin, connections, answerLimit });
    let pool = this.#pools.get(key);
    if (!pool) {
      pool = new ConnectionPool(origin, { connections, answerLimit });
      this.#pools.set(key, pool);
    }
    return (request) => pool.post(request);
  }

  /** Waits for the answers to requests that were sent, then ends all connections. */
  async close(): Promise<void> {
    await Promise.all([this.#dispatchers, ...this.#pools.values()].map((connections) => connections.close()));
  }
}
