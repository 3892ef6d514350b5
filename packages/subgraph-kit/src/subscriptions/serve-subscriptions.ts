import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge, type Logger } from '@tributary/platform';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import { openConnection } from './open-connection.ts';
import { createProtocol, type ProtocolOptions } from './protocol.ts';

export interface SubscriptionServerOptions extends ProtocolOptions {
  /** The server whose upgrades are answered. */
  http: HttpServer;
  logger: Logger;
}

/** Serves subscriptions. */
export interface SubscriptionServer {
  /** Takes no more connections, and closes those that are there with 1001, so that they are made elsewhere. */
  close(): Promise<void>;
}

const PATH = '/graphql';
const MAX_MESSAGE = 1_000_000; // bytes; a connection that sends more is closed with 1009
const CLOSE_TIMEOUT = 2_000; // 2 seconds for the other side to close, too
const GOING_AWAY = 1001;

/** Serves subscriptions by the `graphql-transport-ws` protocol on upgrades of `/graphql`. */
export function serveSubscriptions({
  http,
  logger,
  ...options
}: SubscriptionServerOptions): SubscriptionServer {
  const protocol = createProtocol(options);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE, handleProtocols });
  new Gauge({
    name: 'subscription_connections',
    help: 'WebSockets that are open',
    registers: [options.metrics],
    collect() {
      this.set(sockets.clients.size);
    },
  });
  let closing = false;
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (closing) return refuse(socket, '503 Service Unavailable');
    if (request.url?.split('?')[0] !== PATH) return refuse(socket, '404 Not Found');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      openConnection(protocol, webSocket, { headers: request.headers, subscriptions: 0 }, logger);
    });
  });
  return {
    async close() {
      closing = true;
      const { clients } = sockets;
      for (const client of clients) client.close(GOING_AWAY, 'Going away');
      const ended = new Promise<void>((resolve) => sockets.close(() => resolve()));
      await Promise.race([ended, sleep(CLOSE_TIMEOUT, undefined, { ref: false })]);
      for (const client of clients) client.terminate();
      await ended;
    },
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.on('error', () => undefined); // who is refused need not wait for the answer
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
