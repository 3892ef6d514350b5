import { Agent, buildConnector, Client, type Dispatcher, interceptors, Pool } from 'undici';
import { multiplexed } from './multiplexed.ts';
import type { TransportSettings } from './settings/transport-settings.ts';

const CONCURRENT_STREAMS = 100; // requests at once on one connection of HTTP/2

/** The connections to the subgraphs; those that are asked alike share them. */
export class Dispatchers {
  readonly #bySettings = new Map<string, Dispatcher>();

  /** What sends the requests to a subgraph with these settings. */
  for({ connections, http2, compression, answerLimit, ca }: TransportSettings): Dispatcher {
    const settings = { connections, http2, compression, answerLimit, ca };
    const key = JSON.stringify(settings);
    let dispatcher = this.#bySettings.get(key);
    if (!dispatcher) {
      dispatcher = createDispatcher(settings);
      this.#bySettings.set(key, dispatcher);
    }
    return dispatcher;
  }

  /** Closes the connections when the requests under way are done. */
  async close(): Promise<void> {
    await Promise.all([...this.#bySettings.values()].map((dispatcher) => dispatcher.close()));
  }
}

type DispatcherSettings = Pick<
  TransportSettings,
  'connections' | 'http2' | 'compression' | 'answerLimit' | 'ca'
>;

function createDispatcher({
  connections,
  http2,
  compression,
  answerLimit,
  ca,
}: DispatcherSettings): Dispatcher {
  // Only HTTP/1.1 has undici count the bytes that come.
  const options = { connections, maxResponseSize: answerLimit };
  const trusted = ca === null ? {} : { ca };
  const agent: Dispatcher = http2
    ? new Agent({ ...options, factory: poolOf(trusted, http2 === 'h2c') }).compose(multiplexed(answerLimit))
    : new Agent({ ...options, connect: trusted });
  return compression === 'none'
    ? agent
    : agent.compose(interceptors.decompress({ maxSize: answerLimit, skipErrorResponses: false }));
}

/** Makes pools whose connections carry as many requests at once as the protocol that was negotiated allows. */
function poolOf(trusted: { ca?: string }, isUnencrypted: boolean) {
  // undici's types do not have `useH2c`: HTTP/2 without asking.
  const connectorOptions = { ...trusted, allowH2: true, useH2c: isUnencrypted };
  const connector = buildConnector(connectorOptions);
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
