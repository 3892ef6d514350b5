import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { type Link, openLink } from './link.ts';
import type { NetworkFault } from './network-fault.ts';

/** A way to a server that a test can make bad or block, as when the server or the network is. */
export interface TcpProxy {
  /** The server's address, by way of the proxy. */
  readonly url: string;
  /** Clients that are connected now. */
  readonly connections: number;
  /** Has a fault take the place of the one before, also on open connections. @param fault - null for none */
  inject(fault: NetworkFault | null): void;
  /** Cuts all connections; new ones are refused. */
  block(): Promise<void>;
  /** Lets connections through again, at the same address. */
  unblock(): Promise<void>;
}

export interface TcpProxyOptions {
  /** Draws the jitter: fractions from 0 up to but without 1. @default Math.random */
  random?: () => number;
}

/**
 * Opens a way to a server. It ends with `block`.
 *
 * @param target - address of the server, with its port: `postgresql://…`, `http://…`
 */
export async function openTcpProxy(
  target: string,
  { random = Math.random }: TcpProxyOptions = {},
): Promise<TcpProxy> {
  const url = new URL(target);
  const to = { host: url.hostname, port: Number(url.port) };
  const links = new Set<Link>();
  let fault: NetworkFault | null = null;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const link = openLink(client, to, random);
    links.add(link);
    client.once('close', () => links.delete(link));
    link.inject(fault);
  });
  await listen(server, 0);
  const own = (server.address() as AddressInfo).port;
  url.hostname = '127.0.0.1';
  url.port = String(own);
  return {
    url: url.href,
    get connections() {
      return links.size;
    },
    inject(next) {
      fault = next;
      for (const link of links) link.inject(next);
    },
    block: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const link of links) link.destroy();
      }),
    unblock: () => listen(server, own),
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}
