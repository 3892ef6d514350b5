import { type Credentials, createConnector, type PeerTls, peerTls } from '@tributary/platform';
import { Agent, type buildConnector, Client, type Dispatcher, interceptors, Pool } from 'undici';
import { multiplexed } from './multiplexed.ts';
import { NO_LOAD, type PoolLoad } from './pool-load.ts';
import type { TransportSettings } from './settings/transport-settings.ts';

const CONCURRENT_STREAMS = 100; // requests at once on one connection of HTTP/2

interface Connections {
  /** Undici's own: it knows its connections. */
  agent: Agent;
  /** The agent, with what stands before it. */
  dispatcher: Dispatcher;
}

/** The connections to the subgraphs; those that are asked alike share them. */
export class Dispatchers {
  readonly #credentials: Credentials | null;
  readonly #bySettings = new Map<string, Connections>();

  /** @param credentials - what is shown and trusted over TLS; null for what everybody trusts */
  constructor(credentials: Credentials | null) {
    this.#credentials = credentials;
  }

  /** What sends the requests to a subgraph with these settings. */
  for(settings: TransportSettings): Dispatcher {
    return this.#connectionsFor(settings).dispatcher;
  }

  /** How busy the connections to a server are. @param origin - `https://host:port` */
  loadOf(origin: string, settings: TransportSettings): PoolLoad {
    const stats = this.#connectionsFor(settings).agent.stats[origin];
    if (!stats) return NO_LOAD;
    // One connection alone is no pool.
    const [open, free] =
      'free' in stats ? [stats.connected, stats.free] : [Number(stats.connected), stats.running > 0 ? 0 : 1];
    const idle = Math.min(open, free);
    return { busy: open - idle, idle, waiting: stats.pending };
  }

  #connectionsFor({ connections, http2, compression, answerLimit, ca }: TransportSettings): Connections {
    const settings = { connections, http2, compression, answerLimit, ca };
    const key = JSON.stringify(settings);
    let known = this.#bySettings.get(key);
    if (!known) {
      known = connect(settings, peerTls(this.#credentials, ca));
      this.#bySettings.set(key, known);
    }
    return known;
  }

  /** Closes the connections when the requests under way are done. */
  async close(): Promise<void> {
    await Promise.all([...this.#bySettings.values()].map(({ dispatcher }) => dispatcher.close()));
  }
}

type DispatcherSettings = Pick<TransportSettings, 'connections' | 'http2' | 'compression' | 'answerLimit'>;

function connect(
  { connections, http2, compression, answerLimit }: DispatcherSettings,
  peer: PeerTls,
): Connections {
  // Only HTTP/1.1 has undici count the bytes that come.
  const options = { connections, maxResponseSize: answerLimit };
  const agent = http2
    ? new Agent({ ...options, factory: poolOf(peer, http2 === 'h2c') })
    : new Agent({ ...options, connect: createConnector(peer) });
  const composed: Dispatcher = http2 ? agent.compose(multiplexed(answerLimit)) : agent;
  const dispatcher =
    compression === 'none'
      ? composed
      : composed.compose(interceptors.decompress({ maxSize: answerLimit, skipErrorResponses: false }));
  return { agent, dispatcher };
}

/** Makes pools whose connections carry as many requests at once as the protocol that was negotiated allows. */
function poolOf(peer: PeerTls, isUnencrypted: boolean) {
  // undici's types do not have `useH2c`: HTTP/2 without asking.
  const connectorOptions = { allowH2: true, useH2c: isUnencrypted };
  const connector: buildConnector.connector = createConnector(peer, connectorOptions);
  const clientOf = (url: URL, options: Client.Options): Client => {
    const client: Client = new Client(url, {
      ...options,
      allowH2: true,
      connect: (target, callback) =>
        connector(target, (...[error, socket]) => {
          const isHttp2 = socket && 'alpnProtocol' in socket && socket.alpnProtocol === 'h2';
          client.pipelining = isHttp2 ? CONCURRENT_STREAMS : 1;
          if (error) callback(error, null);
          else callback(null, socket);
        }),
    });
    return client;
  };
  return (origin: string | URL, options: Pool.Options): Dispatcher =>
    new Pool(origin, { ...options, factory: clientOf });
}
