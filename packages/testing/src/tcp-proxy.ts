import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';

/** What a proxy does to connections, those that are open and those to come. */
export type NetworkFault =
  /** Nothing comes through, either way, not even that the other side has closed; connections are accepted. */
  { kind: 'hole' };

/** A way to a server that a test can block, as when the server or the network is gone. */
export interface TcpProxy {
  /** The server's address, by way of the proxy. */
  url: string;
  /** Has a fault take the place of the one before. @param fault - null for none */
  inject(fault: NetworkFault | null): void;
  /** Cuts all connections; new ones are refused. */
  block(): Promise<void>;
  /** Lets connections through again, at the same address. */
  unblock(): Promise<void>;
}

/**
 * Opens a way to a server.
 *
 * @param target - address of the server, with its port: `postgresql://…`, `http://…`
 */
export async function openTcpProxy(target: string): Promise<TcpProxy> {
  const url = new URL(target);
  const [host, port] = [url.hostname, Number(url.port)];
  const sockets = new Set<Socket>();
  let fault: NetworkFault | null = null;
  const server = createServer((client) => {
    const upstream = createConnection({ host, port });
    for (const [socket, other] of [[client, upstream] as const, [upstream, client] as const]) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
    if (fault) for (const socket of [client, upstream]) socket.pause();
  });
  await listen(server, 0);
  const own = (server.address() as AddressInfo).port;
  url.hostname = '127.0.0.1';
  url.port = String(own);
  return {
    url: url.href,
    inject(next) {
      fault = next;
      for (const socket of sockets) next ? socket.pause() : socket.resume();
    },
    block: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    unblock: () => listen(server, own),
  };
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
