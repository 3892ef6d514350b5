import { once } from 'node:events';
import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  createSecureServer as secureHttp2,
} from 'node:http2';
import { createServer as secureHttp1 } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from '@tributary/testing';

/** What a server speaks: HTTP/2 or 1.1 over TLS, the first with or without the second, or HTTP/2 without TLS. */
export type Protocol = 'h2' | 'h2 or http/1.1' | 'http/1.1' | 'h2c';

export interface ProtocolServer {
  url: string;
  /** The HTTP version of each request so far. */
  versions: string[];
  /** How many connections were made. */
  connections(): number;
  /** Ends all connections, in the middle of what they do. */
  disconnect(): void;
  stop(): Promise<void>;
}

/** What answers; both versions of HTTP have the same shape for it. */
export type ProtocolListener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** Something on a free port in a subgraph's place that speaks one protocol. */
export async function startProtocol(
  protocol: Protocol,
  certificate: Certificate,
  listener: ProtocolListener,
): Promise<ProtocolServer> {
  const versions: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server =
    protocol === 'h2c'
      ? createServer()
      : protocol === 'http/1.1'
        ? secureHttp1(certificate)
        : secureHttp2({ ...certificate, allowHTTP1: protocol !== 'h2' });
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) => {
    versions.push(request.httpVersion);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const disconnect = () => {
    for (const socket of sockets) socket.destroy();
  };
  const { port } = server.address() as AddressInfo;
  return {
    url: `${protocol === 'h2c' ? 'http' : 'https'}://localhost:${port}/graphql`,
    versions,
    connections: () => connections,
    disconnect,
    async stop() {
      disconnect();
      await new Promise((closed) => server.close(closed));
    },
  };
}
