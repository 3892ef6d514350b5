import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@tributary/platform';
import { handleProtocols, type Server as ProtocolServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { pick } from '../../context.ts';
import type { CookieOwners } from '../../cookies/cookie-owners.ts';
import { connectionCookies } from '../../cookies/request-cookies.ts';
import type { ErrorCode } from '../../errors/registry.ts';
import { RETRY_AFTER } from '../../overload/refusal.ts';
import type { CorsPolicy } from '../../security/cors/settings.ts';
import { rawAnswer } from '../../server/client-errors.ts';
import { clientNameOf } from '../../telemetry/client-name.ts';
import type { ClientLimits } from '../client-limits.ts';
import type { OpenClients } from '../open-clients.ts';
import { CLOSE } from './close-codes.ts';
import { Connection, type ConnectionOptions, type Upgrade } from './connection.ts';
import { handBack } from './hand-back.ts';
import { rightsOf } from './upgrade-origin.ts';

/** What WebSockets are served with. */
export interface WebSocketOptions extends ConnectionOptions {
  /** The path that WebSockets are at. */
  path: string;
  protocol: ProtocolServer<Connection>;
  clients: OpenClients;
  limits: ClientLimits;
  cookieOwners: CookieOwners;
  /** What pages of other origins may do; null for nothing. */
  cors: CorsPolicy | null;
  addressOf(request: IncomingMessage): string;
  /** The host that a client asked for. */
  hostOf(request: IncomingMessage): string | undefined;
  /** Whether a new connection is refused, because there is too much to do. */
  refusesConnection(): boolean;
  /** Largest message of a client's, in bytes; a larger one closes the connection with 1009. */
  maxMessage: number;
}

/** Serves WebSockets on an HTTP server. */
export function serveWebSockets(server: Server, options: WebSocketOptions): void {
  const { path, clients, limits, metrics, maxMessage, cors, hostOf, refusesConnection } = options;
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: maxMessage,
    perMessageDeflate: false,
    handleProtocols,
    // A `complete` has to be dealt with before a `subscribe` that came with it and has the same id.
    allowSynchronousEvents: false,
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { mayConnect, mayCarryCookies } = rightsOf(request.headers.origin, hostOf(request), cors);
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      handBack(server, request, socket, head);
    } else if (request.url?.split('?')[0] !== path) {
      refuse(socket, 'NOT_FOUND');
    } else if (clients.isClosing) {
      refuse(socket, 'SERVICE_UNAVAILABLE');
    } else if (!mayConnect) {
      metrics.dropped('origin');
      refuse(socket, 'ORIGIN_NOT_ALLOWED');
    } else if (refusesConnection()) {
      refuse(socket, 'OVERLOADED', { 'Retry-After': RETRY_AFTER });
    } else {
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        const upgrade = upgradeOf(request, mayCarryCookies, options);
        const leave = limits.admit(upgrade.address);
        if (leave) {
          webSocket.once('close', leave);
          open(webSocket, socket, upgrade, options);
        } else {
          metrics.dropped('connections');
          new Connection(webSocket, socket, upgrade, options).close(CLOSE.tooManyConnections);
        }
      });
    }
  });
}

function open(socket: WebSocket, stream: Duplex, upgrade: Upgrade, options: WebSocketOptions): void {
  const { protocol, clients, metrics, logger } = options;
  const connection = new Connection(socket, stream, upgrade, options);
  const leave = clients.add(connection);
  metrics.opened('websocket');
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => connection.send(text),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (receive) => {
        socket.on('message', (data) => {
          receive(String(data)).catch((error: unknown) => fail(connection, error, logger));
        });
      },
    },
    connection,
  );
  socket.once('close', (code, reason) => {
    leave();
    metrics.closed('websocket');
    closed(code, String(reason)).catch((error: unknown) => fail(connection, error, logger));
  });
}

/** How the protocol's library tells of a message that only servers send: it throws, and leaves the socket open. */
const UNEXPECTED = /^Unexpected message of type/;

function fail(connection: Connection, err: unknown, logger: Logger): void {
  const isClients = err instanceof Error && UNEXPECTED.test(err.message);
  if (!isClients) logger.error({ err }, 'a message on a WebSocket could not be dealt with');
  connection.close(isClients ? CLOSE.unexpected : CLOSE.fault);
}

function upgradeOf(
  request: IncomingMessage,
  mayCarryCookies: boolean,
  { addressOf, cookieOwners, propagatedNames }: WebSocketOptions,
): Upgrade {
  const { headers } = request;
  return {
    address: addressOf(request),
    client: clientNameOf(headers),
    authorization: headers.authorization,
    propagated: pick(headers, propagatedNames),
    cookies: connectionCookies(cookieOwners, mayCarryCookies ? headers.cookie : undefined),
  };
}

/** @param headers - of the answer, beside those of any error */
function refuse(socket: Duplex, code: ErrorCode, headers: Readonly<Record<string, string>> = {}): void {
  socket.once('error', () => socket.destroy());
  socket.end(rawAnswer(code, { headers }));
}
