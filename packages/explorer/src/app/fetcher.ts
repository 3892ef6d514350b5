import { createGraphiQLFetcher, type Fetcher } from '@graphiql/toolkit';
import type { ExplorerConfig } from '../config.ts';

/**
 * Sends queries and mutations over HTTP, and subscriptions over a WebSocket (graphql-transport-ws) that is opened
 * for the subscription and closed after it. The headers editor's content goes along with either: as HTTP
 * headers, and as the parameters of `connection_init`.
 */
export function createFetcher({ endpoint, subscriptionEndpoint }: ExplorerConfig): Fetcher {
  return createGraphiQLFetcher({
    url: new URL(endpoint, window.location.href).href,
    subscriptionUrl: webSocketUrl(subscriptionEndpoint),
  });
}

/** An absolute `ws(s)` URL, with TLS when the page or the endpoint has it. */
function webSocketUrl(endpoint: string): string {
  const url = new URL(endpoint, window.location.href);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  return url.href;
}
