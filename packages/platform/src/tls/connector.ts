import { buildConnector } from 'undici';
import type { Credentials } from './credentials.ts';
import type { TlsMaterial } from './tls-files.ts';

/** Gives what a connection that is made now is made with. */
export type PeerTls = () => TlsMaterial;

/**
 * What connections to subgraphs are made with.
 *
 * @param credentials - null for the well-known authorities, and no certificate of one's own
 * @param ca - PEM text of authorities that are trusted in place of those; null for none
 */
export const peerTls =
  (credentials: Credentials | null, ca: string | null = null): PeerTls =>
  () => ({ ...credentials?.current, ...(ca !== null && { ca }) });

/**
 * Connects for undici with what is in use at the time: connections that are open stay when a certificate changes.
 *
 * @param options - further ones of undici's connector
 */
export function createConnector(
  peer: PeerTls,
  options: buildConnector.BuildOptions = {},
): buildConnector.connector {
  let made: TlsMaterial = peer();
  let connect = buildConnector({ ...options, ...made });
  return (target, callback) => {
    const wanted = peer();
    if (wanted.cert !== made.cert || wanted.key !== made.key || wanted.ca !== made.ca) {
      made = wanted;
      connect = buildConnector({ ...options, ...made });
    }
    connect(target, callback);
  };
}
