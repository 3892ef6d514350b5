import type { Logger, PeerTls } from '@tributary/platform';
import type { GatewayContext } from '../../context.ts';
import type { SubgraphAnswer } from '../../transport/answer.ts';
import type { SubgraphError } from '../../transport/subgraph-error.ts';
import type { Stop } from '../listener.ts';

/** A subscription for a subgraph. */
export interface UpstreamRequest {
  query: string;
  operationName?: string;
  variables: Record<string, unknown>;
}

/** Takes what a subgraph sends. */
export interface UpstreamListener {
  /** One event, checked, without what is private to the subgraph. */
  next(event: SubgraphAnswer): void;
  /** The subgraph ended the subscription, or refused it with these errors. */
  end(errors?: NonNullable<SubgraphAnswer['errors']>): void;
  /** The subgraph is gone, or sent what is no event. */
  fail(error: SubgraphError): void;
}

/** Subscribes at one subgraph. Nothing is tried again: who listens is to know that events were missed. */
export interface Upstream {
  subscribe(request: UpstreamRequest, context: GatewayContext, listener: UpstreamListener): Stop;
  /** Gives its connections up. Nothing may be subscribed any more. */
  close(): Promise<void>;
}

/** What the upstream of one subgraph is made with. */
export interface UpstreamOptions {
  subgraph: string;
  url: string;
  /** Milliseconds for a connection, its acknowledgement, and the first byte of an answer. */
  timeout: number;
  /** The headers that tell who asks. */
  headersFor(context: GatewayContext): Promise<Record<string, string>>;
  /** What a connection over TLS is made with. */
  tls: PeerTls;
  logger: Logger;
}
