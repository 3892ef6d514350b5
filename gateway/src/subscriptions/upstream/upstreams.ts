import { type Credentials, type Logger, peerTls } from '@tributary/platform';
import type { GraphQLError } from 'graphql';
import type { GatewayContext } from '../../context.ts';
import { gatewayError } from '../../errors/gateway-error.ts';
import type { TransportSettings } from '../../transport/settings/transport-settings.ts';
import type { SubgraphClients } from '../../transport/subgraph-clients.ts';
import { EventStreamUpstream } from './event-stream-upstream.ts';
import type { Upstream } from './upstream.ts';
import { WebSocketUpstream } from './websocket-upstream.ts';

/** How a subgraph serves subscriptions, and how long it has for a connection. */
type SettingsOf = (subgraph: string) => Pick<TransportSettings, 'subscriptions' | 'timeout' | 'ca'>;

/** The upstreams of a supergraph's subgraphs, made when first needed. */
export class Upstreams {
  readonly #settingsOf: SettingsOf;
  readonly #clients: SubgraphClients;
  readonly #credentials: Credentials | null;
  readonly #logger: Logger;
  readonly #upstreams = new Map<string, Upstream>();

  /**
   * @param settingsOf - of a subgraph of which nothing is said, subscriptions are by `graphql-ws` at its routing URL
   * @param credentials - what is shown and trusted over TLS; null for what everybody trusts
   */
  constructor(
    settingsOf: SettingsOf,
    clients: SubgraphClients,
    credentials: Credentials | null,
    logger: Logger,
  ) {
    this.#settingsOf = settingsOf;
    this.#clients = clients;
    this.#credentials = credentials;
    this.#logger = logger;
  }

  /** Gives all connections up, after the last subscription. */
  async close(): Promise<void> {
    await Promise.all([...this.#upstreams.values()].map((upstream) => upstream.close()));
  }

  /** @throws GraphQLError when the subgraph serves none, Error when the supergraph has no URL of it */
  get(subgraph: string): Upstream {
    const { subscriptions, timeout, ca } = this.#settingsOf(subgraph);
    const { protocol, url: given } = subscriptions ?? { protocol: 'graphql-ws', url: null };
    if (protocol === 'none') throw noSubscriptions(subgraph);
    const found = given ?? this.#clients.get(subgraph).url?.href;
    if (found === undefined) throw new Error(`the supergraph has no routing URL for "${subgraph}"`);
    const url = found.replace(/^(?:ws|http)/, protocol === 'sse' ? 'http' : 'ws');
    const key = `${subgraph} ${protocol} ${url}`;
    let upstream = this.#upstreams.get(key);
    if (!upstream) {
      const headersFor = (context: GatewayContext) => this.#clients.get(subgraph).headersFor(context);
      const tls = peerTls(this.#credentials, ca);
      const options = { subgraph, url, timeout, headersFor, tls, logger: this.#logger };
      upstream = protocol === 'sse' ? new EventStreamUpstream(options) : new WebSocketUpstream(options);
      this.#upstreams.set(key, upstream);
    }
    return upstream;
  }
}

const noSubscriptions = (subgraph: string): GraphQLError =>
  gatewayError('SUBSCRIPTIONS_NOT_SERVED', { values: { subgraph } });
