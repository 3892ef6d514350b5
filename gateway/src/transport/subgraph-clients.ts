import { StartupError } from '@tributary/platform';
import { LOCAL_SCHEME, type SupergraphSnapshot } from '../supergraph/snapshot.ts';
import type { PoolLoad } from './pool-load.ts';
import type { CallsState } from './resilience/calls.ts';
import { SubgraphClient, type TransportOptions } from './subgraph-client.ts';

/** The clients of a supergraph's subgraphs, made when first needed. */
export class SubgraphClients {
  readonly #overrides: ReadonlyMap<string, string>;
  readonly #snapshot: () => SupergraphSnapshot;
  readonly #optionsOf: (subgraph: string) => TransportOptions;
  readonly #clients = new Map<string, SubgraphClient>();

  /**
   * @param overrides - routing URLs by subgraph that stand above those of the supergraph
   * @param optionsOf - what the client of a subgraph is made with
   * @throws StartupError when an override is for a subgraph that is not there
   */
  constructor(
    overrides: ReadonlyMap<string, string>,
    snapshot: () => SupergraphSnapshot,
    optionsOf: (subgraph: string) => TransportOptions,
  ) {
    const unknown = [...overrides.keys()].filter((name) => !snapshot().subgraphs.has(name));
    if (unknown.length > 0) {
      throw new StartupError(
        `SUBGRAPH_URLS: the supergraph has no subgraph ${unknown.map((name) => `"${name}"`).join(', ')}`,
      );
    }
    this.#overrides = overrides;
    this.#snapshot = snapshot;
    this.#optionsOf = optionsOf;
  }

  /** The client of a subgraph; after a swap that moved the subgraph, one for its new place. */
  get(name: string): SubgraphClient {
    const url = this.#overrides.get(name) ?? this.#snapshot().subgraphs.get(name) ?? '';
    const key = `${name} ${url}`;
    let client = this.#clients.get(key);
    if (!client) {
      client = new SubgraphClient(name, url, this.#optionsOf(name));
      this.#clients.set(key, client);
    }
    return client;
  }

  /** How the calls of each subgraph go, by its name. */
  states(): Record<string, CallsState> {
    return this.#ofEach(({ state }) => state);
  }

  /** How busy the connections to each subgraph are, by its name. */
  loads(): Record<string, PoolLoad> {
    return this.#ofEach(({ load }) => load);
  }

  #ofEach<Value>(read: (client: SubgraphClient) => Value): Record<string, Value> {
    const remote = [...this.#snapshot().subgraphs].filter(([, url]) => !url.startsWith(LOCAL_SCHEME));
    return Object.fromEntries(remote.map(([name]) => [name, read(this.get(name))]));
  }
}
