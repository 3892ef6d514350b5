import {
  createCallerSigner,
  createConnector,
  currentSpan,
  currentTrace,
  IDENTITY_HEADER,
  type Identity,
  inSpan,
  type PeerTls,
} from '@tributary/platform';
import { Agent, request } from 'undici';
import { ServiceError } from './service-error.ts';

/** What one service asks of another. */
export interface ServiceRequest {
  /** Name of the subgraph to ask. */
  subgraph: string;
  /** One GraphQL operation. */
  query: string;
  variables?: Readonly<Record<string, unknown>>;
  /** On whose behalf; left out when the service asks for itself. */
  identity?: Identity | null;
  /** The request that it is part of, for the logs of both. */
  requestId?: string;
}

/** Asks other services, signed with the name of this one. */
export interface ServiceClient {
  /**
   * @returns the answer's `data`
   * @throws ServiceError when there is no answer in time, or one with errors
   */
  call<Data>(request: ServiceRequest): Promise<Data>;
  /** Ends the connections. */
  close(): Promise<void>;
}

export interface ServiceClientOptions {
  /** Name of the service that asks. */
  name: string;
  /** `INTERNAL_SECRET`; without one nothing is signed, and the others refuse. */
  secret: string | undefined;
  /** `DATA_REGION`; those of another refuse. @default any answers */
  region?: string | undefined;
  /** GraphQL addresses by subgraph name; looked up at each call. */
  urls: ReadonlyMap<string, string>;
  /** What connections over TLS are made with. @default what everybody trusts, and no certificate */
  tls?: PeerTls;
  /** Milliseconds for one answer. @default 2000 */
  timeout?: number;
}

const DEFAULT_TIMEOUT = 2_000; // 2 seconds: two calls in a row fit into the time that a gateway waits

export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { name, secret, region, urls, tls = () => ({}), timeout = DEFAULT_TIMEOUT } = options;
  const agent = new Agent({ connections: 64, connect: createConnector(tls) });
  const sign = secret === undefined ? null : createCallerSigner(secret, region);

  async function post({ subgraph, query, variables, identity = null, requestId }: ServiceRequest) {
    const url = urls.get(subgraph);
    if (url === undefined) throw new ServiceError('unavailable', subgraph, 'SUBGRAPH_URLS does not name it');
    try {
      const { statusCode, body } = await request(url, {
        method: 'POST',
        dispatcher: agent,
        signal: AbortSignal.timeout(timeout),
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json;q=0.9',
          ...(requestId !== undefined && { 'x-request-id': requestId }),
          ...currentTrace()?.headers,
          ...(sign && { [IDENTITY_HEADER]: await sign({ identity, service: name, clientAddress: null }) }),
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await body.text();
      if (statusCode >= 500) throw new ServiceError('unavailable', subgraph, `HTTP ${statusCode}`);
      return JSON.parse(text) as { data?: unknown; errors?: { extensions?: { code?: unknown } }[] };
    } catch (error) {
      throw error instanceof ServiceError ? error : failureOf(error, subgraph);
    }
  }

  async function call<Data>(serviceRequest: ServiceRequest): Promise<Data> {
    const { data, errors } = await post(serviceRequest);
    if (errors || data === undefined || data === null) {
      const codes = errors?.map(({ extensions }) => String(extensions?.code)).join(', ');
      throw new ServiceError('refused', serviceRequest.subgraph, codes ?? 'an answer without data');
    }
    return data as Data;
  }

  return {
    call<Data>(serviceRequest: ServiceRequest): Promise<Data> {
      if (!currentSpan()) return call(serviceRequest);
      const { subgraph } = serviceRequest;
      const attributes = { 'http.request.method': 'POST', 'tributary.subgraph': subgraph };
      return inSpan(`ask ${subgraph}`, { kind: 'client', attributes }, () => call<Data>(serviceRequest));
    },
    close: () => agent.close(),
  };
}

function failureOf(error: unknown, subgraph: string): ServiceError {
  if ((error as { name?: unknown } | null)?.name === 'TimeoutError')
    return new ServiceError('timeout', subgraph, 'no answer in time', error);
  if (error instanceof SyntaxError)
    return new ServiceError('refused', subgraph, 'an answer that is not JSON');
  return new ServiceError(
    'unavailable',
    subgraph,
    error instanceof Error ? error.message : String(error),
    error,
  );
}
