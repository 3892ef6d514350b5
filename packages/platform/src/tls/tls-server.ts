import type { Server } from 'node:http';
import type { TlsOptions, Server as TlsServer } from 'node:tls';
import type { Credentials } from './credentials.ts';
import type { TlsMaterial } from './tls-files.ts';

const HANDSHAKE_TIMEOUT = 10_000; // 10 seconds

/** How a server ends TLS. With authorities, only who shows a certificate of theirs gets a connection. */
export const tlsServerOptions = ({ current }: Credentials): TlsOptions => ({
  ...contextOf(current),
  handshakeTimeout: HANDSHAKE_TIMEOUT,
  requestCert: current.ca !== undefined,
  rejectUnauthorized: current.ca !== undefined,
});

/** Has a server make new connections with what the files have become; those that are open stay. */
export function followCredentials(server: Server, credentials: Credentials): void {
  credentials.onChange((material) => (server as unknown as TlsServer).setSecureContext(contextOf(material)));
}

const contextOf = ({ cert, key, ca }: TlsMaterial): TlsOptions => ({
  minVersion: 'TLSv1.2',
  ...(cert !== undefined && { cert }),
  ...(key !== undefined && { key }),
  ...(ca !== undefined && { ca }),
});
