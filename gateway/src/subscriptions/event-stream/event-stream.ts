import type { ServerResponse } from 'node:http';
import type { GraphQLFormattedError } from 'graphql';
import type { Listener } from '../listener.ts';
import type { SubscriptionMetrics } from '../metrics.ts';
import type { OpenClient } from '../open-clients.ts';
import { ResultText } from '../result-text.ts';

const COMMENT = ':\n\n';
const COMPLETE = 'event: complete\ndata:\n\n';

/**
 * One operation's results as an event stream: GraphQL over SSE, distinct connections mode
 * (https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md).
 */
export class EventStream implements Listener, OpenClient {
  readonly #response: ServerResponse;
  readonly #maxBuffered: number;
  readonly #metrics: SubscriptionMetrics;

  /** @param maxBuffered - most bytes that may wait for the client to read them */
  constructor(response: ServerResponse, maxBuffered: number, metrics: SubscriptionMetrics) {
    this.#response = response;
    this.#maxBuffered = maxBuffered;
    this.#metrics = metrics;
  }

  get bufferedBytes(): number {
    return this.#response.writableLength;
  }

  next(result: ResultText): void {
    this.#write(result.event);
  }

  /** The protocol has no event for errors: they are the last result. */
  end(errors?: readonly GraphQLFormattedError[]): void {
    if (errors) this.next(new ResultText(JSON.stringify({ errors })));
    if (!this.#response.writableEnded) this.#response.end(COMPLETE);
  }

  /** Writes a comment, which keeps proxies from thinking that nobody is there. */
  check(): void {
    this.#write(COMMENT);
  }

  /** Ends the stream without completing the operation, so that the client comes back. */
  goAway(): void {
    this.#response.end();
    this.#response.socket?.destroySoon();
  }

  #write(text: Buffer | string): void {
    const response = this.#response;
    if (response.writableEnded || response.destroyed) return;
    if (response.writableLength > 0 && response.writableLength + text.length > this.#maxBuffered) {
      this.#metrics.dropped('slow');
      response.destroy();
      return;
    }
    response.write(text);
  }
}
