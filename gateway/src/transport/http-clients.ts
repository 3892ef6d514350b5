import type { Credentials } from '@tributary/platform';
import { Dispatchers } from './dispatchers.ts';
import { type Post, postByUndici } from './http-post.ts';
import { ConnectionPool } from './http1/connection-pool.ts';
import type { PoolLoad } from './pool-load.ts';
import type { TransportSettings } from './settings/transport-settings.ts';

/** The connections to all subgraphs; subgraphs of one server that are asked alike share them. */
export class HttpClients {
  readonly #dispatchers: Dispatchers;
  readonly #pools = new Map<string, ConnectionPool>();

  /** @param credentials - what is shown and trusted over TLS; null for what everybody trusts */
  constructor(credentials: Credentials | null) {
    this.#dispatchers = new Dispatchers(credentials);
  }

  /** What sends requests to a server. @param settings - those of the subgraph there */
  for(url: URL, settings: TransportSettings): Post {
    const pool = this.#poolFor(url, settings);
    if (pool) return (request) => pool.post(request);
    const dispatcher = this.#dispatchers.for(settings);
    return (request) => postByUndici(dispatcher, request);
  }

  /** How busy the connections to a server are. @param settings - those of the subgraph there */
  loadOf(url: URL, settings: TransportSettings): PoolLoad {
    return this.#poolFor(url, settings)?.load ?? this.#dispatchers.loadOf(url.origin, settings);
  }

  /** Our own connections; null for what only undici can do. */
  #poolFor({ protocol, origin }: URL, settings: TransportSettings): ConnectionPool | null {
    const { connections, http2, compression, answerLimit } = settings;
    if (protocol !== 'http:' || http2 === 'h2c' || compression !== 'none') return null;
    const key = JSON.stringify({ origin, connections, answerLimit });
    let pool = this.#pools.get(key);
    if (!pool) {
      pool = new ConnectionPool(origin, { connections, answerLimit });
      this.#pools.set(key, pool);
    }
    return pool;
  }

  /** Waits for the answers to requests that were sent, then ends all connections. */
  async close(): Promise<void> {
    await Promise.all([this.#dispatchers, ...this.#pools.values()].map((connections) => connections.close()));
  }
}
