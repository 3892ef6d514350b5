import { createConnector } from '@tributary/platform';
import { type Client, createClient } from 'graphql-sse';
import { Agent, fetch } from 'undici';
import type { GatewayContext } from '../../context.ts';
import type { Stop } from '../listener.ts';
import { checkedListener } from './checked-listener.ts';
import type { Upstream, UpstreamListener, UpstreamOptions, UpstreamRequest } from './upstream.ts';

/** Subscribes at a subgraph by GraphQL over SSE, in distinct connections mode: one request for each subscription. */
export class EventStreamUpstream implements Upstream {
  readonly #options: UpstreamOptions;
  readonly #dispatcher: Agent;

  constructor(options: UpstreamOptions) {
    this.#options = options;
    // Nothing may come for as long as nothing happens.
    this.#dispatcher = new Agent({
      headersTimeout: options.timeout,
      bodyTimeout: 0,
      connections: null,
      connect: createConnector(options.tls),
    });
  }

  subscribe(request: UpstreamRequest, context: GatewayContext, listener: UpstreamListener): Stop {
    let isOver = false;
    const client: Client = createClient({
      url: this.#options.url,
      headers: () => this.#options.headersFor(context),
      fetchFn: (url: string, init: object) => fetch(url, { ...init, dispatcher: this.#dispatcher }),
      retryAttempts: 0,
    });
    const origin = { ...this.#options, requestId: context.requestId };
    const stop = () => {
      if (isOver) return;
      isOver = true;
      client.dispose();
    };
    const sink = checkedListener(origin, listener, stop);
    client.subscribe(request, {
      next: (result) => sink.next(result),
      error: (error) => sink.error(error),
      // It completes as well when it was ended from here.
      complete: () => {
        if (!isOver) sink.complete();
      },
    });
    return stop;
  }

  close(): Promise<void> {
    return this.#dispatcher.destroy();
  }
}
