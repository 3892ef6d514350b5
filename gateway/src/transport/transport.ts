import { createCallerSigner, type Logger } from '@tributary/platform';
import type { GatewaySettings } from '../config.ts';
import type { GatewayFile } from '../gateway-file.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import type { HttpClients } from './http-clients.ts';
import type { Changes } from './sharing/changes.ts';
import type { TransportOptions } from './subgraph-client.ts';

/** What the way to the subgraphs is made from. */
export interface TransportParts {
  settings: GatewaySettings;
  file: GatewayFile;
  http: HttpClients;
  /** Changes through any client. */
  changes: Changes;
  metrics: GatewayMetrics;
  logger: Logger;
}

/** Prepares the making of clients: gives the options for each subgraph. */
export function createTransport({
  settings,
  file,
  http,
  changes,
  metrics,
  logger,
}: TransportParts): (subgraph: string) => TransportOptions {
  const { INTERNAL_SECRET, DATA_REGION, SUBGRAPH_CONNECT_RETRY_MS } = settings;
  const shared = {
    sign: INTERNAL_SECRET === undefined ? null : createCallerSigner(INTERNAL_SECRET, DATA_REGION),
    connectRetry: SUBGRAPH_CONNECT_RETRY_MS,
    changes,
    metrics,
    logger,
  };
  return (subgraph) => {
    const transport = file.transportOf(subgraph);
    const { timeout, retries, breaker, compression, shareFetches } = transport;
    const postTo = (url: URL) => http.for(url, transport);
    const loadOf = (url: URL) => http.loadOf(url, transport);
    return { ...shared, postTo, loadOf, timeout, retries, breaker, compression, shareFetches };
  };
}
