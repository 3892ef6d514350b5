import { type Credentials, createConnector, type Fetch, peerTls } from '@tributary/platform';
import { Agent, fetch } from 'undici';

/**
 * How the keys at an address are asked for: as a subgraph is, where one of them publishes them; it may trust other
 * authorities than an issuer elsewhere, and ask for a certificate.
 *
 * @param subgraphs - `SUBGRAPH_URLS`
 * @returns undefined where they are asked for as anything else is
 */
export function keysFetch(
  url: URL,
  subgraphs: ReadonlyMap<string, string>,
  credentials: Credentials | null,
): Fetch | undefined {
  const isSubgraphs = [...subgraphs.values()].some((subgraph) => new URL(subgraph).origin === url.origin);
  if (!credentials || !isSubgraphs) return undefined;
  // They are asked for so seldom that no connection is kept.
  const dispatcher = new Agent({ connect: createConnector(peerTls(credentials)), pipelining: 0 });
  return (address, init) => fetch(address, { ...init, dispatcher });
}
