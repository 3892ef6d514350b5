import type { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import pg from 'pg';

/** What pg knows of a connection, and its types leave out. */
interface Backend {
  /** Both from the server's `BackendKeyData`. */
  processID: number | null;
  secretKey: number | null;
  ssl: unknown;
}

/** pg's connection before anybody signs in on it, as far as its types leave it out. */
interface RawConnection extends EventEmitter {
  stream: Duplex;
  connect(port: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processId: number, secretKey: number): void;
}

const TIMEOUT = 2_000; // 2 seconds for the server to take it

/**
 * Asks the server to cancel the statement that runs on a connection: PostgreSQL's `CancelRequest` (Frontend/Backend
 * Protocol, "Canceling Requests in Progress"), on a connection of its own, which needs no place in the pool and no
 * signing in. The server closes that connection when it has passed the request on; what is sent to the connection
 * of the statement after that is not hit by it.
 *
 * @returns whether the server closed it; when not, the request may still arrive, and hit any later statement
 */
export function sendCancelRequest(client: pg.ClientBase): Promise<boolean> {
  const { processID, secretKey, ssl } = client as unknown as Backend;
  const { host, port } = client as pg.Client;
  if (processID === null || secretKey === null) return Promise.resolve(false);
  const connection = new pg.Connection({ ssl } as pg.ConnectionConfig) as unknown as RawConnection;
  return new Promise((resolve) => {
    let sent = false;
    const settle = (passedOn: boolean) => {
      clearTimeout(timer);
      connection.stream.destroy();
      resolve(passedOn);
    };
    const timer = setTimeout(() => settle(false), TIMEOUT);
    const cancel = () => {
      connection.cancel(processID, secretKey);
      sent = true;
    };
    connection.on('error', () => settle(false));
    connection.once('end', () => settle(sent));
    connection.once('connect', () => (ssl ? connection.requestSsl() : cancel()));
    connection.once('sslconnect', cancel);
    if (host.startsWith('/')) connection.connect(`${host}/.s.PGSQL.${port}`);
    else connection.connect(port, host);
  });
}
