/** An operation to start from, shown to whoever opens the explorer for the first time. */
export interface ExplorerExample {
  /** A GraphQL document; comments in it are kept. */
  query: string;
  variables?: Record<string, unknown>;
  /** HTTP request headers by name, e.g. `{ authorization: 'Bearer …' }`. Visible to everybody who opens the page. */
  headers?: Record<string, string>;
}

/** What the page tells the application in it, as JSON. */
export interface ExplorerConfig {
  title: string;
  /** Where operations are posted to: a path, or an absolute `http(s)` URL. */
  endpoint: string;
  /** Where subscriptions connect to (graphql-transport-ws): a path, or an absolute `ws(s)` or `http(s)` URL. */
  subscriptionEndpoint: string;
  example?: ExplorerExample;
  /** How to ask how an operation runs; absent when the endpoint does not tell. */
  explain?: ExplainConfig;
}

/** Where it is shown how an operation runs. */
export interface ExplainConfig {
  /** Path of the page that shows it. */
  page: string;
  /** Path of the explorer's page. */
  explorer: string;
  /** The request header that asks for `extensions.explain`; its value is `1`. */
  header: string;
}

/** The `id` of the element that carries the configuration. */
export const CONFIG_ELEMENT_ID = 'explorer-config';

/** The `id` of the element that the application is drawn into. */
export const ROOT_ELEMENT_ID = 'explorer';
