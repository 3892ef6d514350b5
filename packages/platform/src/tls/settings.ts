import { z } from 'zod';

const file = (what: string) => z.string().optional().describe(what);

/** How a service ends TLS itself. */
export const serverTlsSettings = {
  TLS_CERT_FILE: file(
    'PEM file of the certificate that `PORT` is served with over TLS, and of those between it and its authority; read again when it changes. Unset: no TLS, see [docs/tls.md](docs/tls.md)',
  ),
  TLS_KEY_FILE: file('PEM file of the private key of `TLS_CERT_FILE`'),
  TLS_CLIENT_CA_FILE: file(
    'PEM file of the authorities that must have signed the certificates of clients (mutual TLS); without such a certificate nobody is let in at `PORT`. Unset: none is asked for',
  ),
};

/** How a service asks subgraphs over TLS. */
export const subgraphTlsSettings = {
  SUBGRAPH_CA_FILE: file(
    'PEM file of the authorities that are trusted for `https` addresses of subgraphs, in place of the well-known ones; read again when it changes',
  ),
  SUBGRAPH_CERT_FILE: file(
    'PEM file of the certificate that is shown to subgraphs that ask for one (mutual TLS); read again when it changes',
  ),
  SUBGRAPH_KEY_FILE: file('PEM file of the private key of `SUBGRAPH_CERT_FILE`'),
};

/** How a service ends TLS itself, after it was read. */
export interface ServerTlsSettings {
  TLS_CERT_FILE?: string | undefined;
  TLS_KEY_FILE?: string | undefined;
  TLS_CLIENT_CA_FILE?: string | undefined;
}

/** How a service asks subgraphs over TLS, after it was read. */
export interface SubgraphTlsSettings {
  SUBGRAPH_CA_FILE?: string | undefined;
  SUBGRAPH_CERT_FILE?: string | undefined;
  SUBGRAPH_KEY_FILE?: string | undefined;
}
