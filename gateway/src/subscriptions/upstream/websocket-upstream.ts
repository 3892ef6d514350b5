import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { GatewayContext } from '../../context.ts';
import type { Stop } from '../listener.ts';
import { authorizationKey } from '../sharing/authorization-key.ts';
import { checkedListener, type ProtocolSink } from './checked-listener.ts';
import type { Upstream, UpstreamListener, UpstreamOptions, UpstreamRequest } from './upstream.ts';

const PING = 12_000; // ms between pings
const PONG_TIMEOUT = 5_000; // ms
const MAX_MESSAGE = 16_000_000; // bytes

/** One connection, and what runs on it. */
interface Connection {
  client: Client;
  /** What is told of the connection's end. */
  running: Set<{ sink: ProtocolSink; stop: Stop }>;
}

/**
 * Subscribes at a subgraph by `graphql-transport-ws`. There is one connection for each authorization, opened for its
 * first subscription and closed after its last; who asks is told in the headers of the upgrade, and once more in the
 * payload of `connection_init`, for subgraphs behind a proxy that drops headers.
 */
export class WebSocketUpstream implements Upstream {
  readonly #options: UpstreamOptions;
  readonly #connections = new Map<string, Connection>();

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  subscribe(request: UpstreamRequest, context: GatewayContext, listener: UpstreamListener): Stop {
    const key = authorizationKey(context);
    let connection = this.#connections.get(key);
    if (!connection) {
      connection = this.#connect(key, context);
      this.#connections.set(key, connection);
    }
    const { client, running } = connection;
    const origin = { ...this.#options, requestId: context.requestId };
    let stopAtSubgraph: Stop = () => undefined;
    const leave = () => {
      running.delete(entry);
      if (running.size === 0) this.#forget(key, client);
    };
    // Later: the client counts a subscription as ended twice that is stopped and completed in one turn, and then closes
    // the connection under the others.
    const stop = () => {
      leave();
      setImmediate(() => stopAtSubgraph());
    };
    const sink = checkedListener(origin, listener, stop);
    const entry = { sink, stop: () => stopAtSubgraph() };
    running.add(entry);
    stopAtSubgraph = client.subscribe(request, {
      next: (result) => sink.next(result),
      error: (error) => {
        leave();
        sink.error(error);
      },
      complete: () => {
        leave();
        sink.complete();
      },
    });
    return stop;
  }

  async close(): Promise<void> {
    for (const { client } of this.#connections.values()) client.terminate();
  }

  #connect(key: string, context: GatewayContext): Connection {
    const { url, timeout, headersFor, tls } = this.#options;
    const running: Connection['running'] = new Set();
    let headers: Record<string, string> = {};
    let pongTimer: NodeJS.Timeout | undefined;
    const client = createClient({
      async url() {
        headers = await headersFor(context);
        return url;
      },
      connectionParams: () => ({ headers }),
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocols: string[]) {
          super(address, protocols, {
            ...tls(),
            headers,
            handshakeTimeout: timeout,
            maxPayload: MAX_MESSAGE,
            perMessageDeflate: false,
          });
        }
      },
      connectionAckWaitTimeout: timeout,
      retryAttempts: 0,
      keepAlive: PING,
      on: {
        ping: (received) => {
          if (received) return;
          pongTimer = setTimeout(() => client.terminate(), PONG_TIMEOUT);
          pongTimer.unref();
        },
        pong: (received) => {
          if (received) clearTimeout(pongTimer);
        },
        // The client subscribes anew by itself when a connection was closed as usual; nobody would know of the gap.
        closed: (event) => {
          clearTimeout(pongTimer);
          this.#forget(key, client);
          for (const { sink, stop } of running) {
            stop();
            sink.error(event);
          }
          running.clear();
        },
      },
    });
    return { client, running };
  }

  #forget(key: string, client: Client): void {
    if (this.#connections.get(key)?.client === client) this.#connections.delete(key);
  }
}
