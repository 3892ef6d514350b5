import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CallerSigner,
  IDENTITY_HEADER,
  type Logger,
  REQUEST_START_HEADER,
  requestStart,
} from '@tributary/platform';
import type { Dispatcher } from 'undici';
import type { GatewayContext } from '../context.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { REQUEST_ID_HEADER } from '../telemetry/request-id.ts';
import { readAnswer, type SubgraphAnswer } from './answer.ts';
import { isBroken, isRefused } from './connection-failure.ts';
import { post, TimeoutError } from './http-post.ts';
import { SubgraphError, type SubgraphFailure } from './subgraph-error.ts';
import { bodyOf, type SubgraphRequest } from './subgraph-request.ts';

/** What every client of a subgraph shares. */
export interface TransportOptions {
  /** Keeps the connections. */
  dispatcher: Dispatcher;
  /** Null when the subgraphs are not told who is asking. */
  sign: CallerSigner | null;
  /** Milliseconds for one answer. */
  timeout: number;
  /** Milliseconds during which a refused connection is tried again. */
  connectRetry: number;
  metrics: GatewayMetrics;
  logger: Logger;
}

const FIRST_PAUSE = 25; // ms before the second try; each pause is twice the one before
const LONGEST_PAUSE = 500; // ms

/** Asks one subgraph over HTTP. */
export class SubgraphClient {
  readonly name: string;
  /** Null when the supergraph has none that is one. */
  readonly #url: URL | null;
  readonly #options: TransportOptions;

  /** @param url - where the subgraph serves GraphQL */
  constructor(name: string, url: string, options: TransportOptions) {
    this.name = name;
    this.#url = URL.canParse(url) ? new URL(url) : null;
    this.#options = options;
  }

  /**
   * Sends an operation, signed with who is asking.
   *
   * @throws SubgraphError when there is no answer that can be used; errors in the subgraph's answer are returned
   */
  async send(operation: SubgraphRequest, context: GatewayContext): Promise<SubgraphAnswer> {
    const { metrics, logger } = this.#options;
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1_000;
    try {
      const answer = await this.#tryUntilConnected(operation, context);
      metrics.observeSubgraph(this.name, 'ok', seconds());
      return answer;
    } catch (error) {
      const failure = operation.safe && context.clientGone.aborted ? 'cancelled' : failureOf(error);
      metrics.observeSubgraph(this.name, failure, seconds());
      if (failure !== 'cancelled') {
        logger.warn(
          { err: error, subgraph: this.name, requestId: context.requestId },
          `subgraph request failed: ${failure}`,
        );
      }
      throw new SubgraphError(failure, this.name, error);
    }
  }

  async #tryUntilConnected(operation: SubgraphRequest, context: GatewayContext): Promise<SubgraphAnswer> {
    const giveUpAt = performance.now() + this.#options.connectRetry;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        return await this.#post(operation, context);
      } catch (error) {
        const repeatable = isRefused(error) || (operation.safe && isBroken(error));
        if (!repeatable || performance.now() + pause > giveUpAt) throw error;
        await sleep(pause, undefined, operation.safe ? { signal: context.clientGone } : {});
      }
    }
  }

  async #post(operation: SubgraphRequest, context: GatewayContext): Promise<SubgraphAnswer> {
    const { safe, entities } = operation;
    const { dispatcher, timeout } = this.#options;
    if (!this.#url) throw new Error('the supergraph has no routing URL for it');
    const { origin, pathname, search } = this.#url;
    const { statusCode, headers, text } = await post(dispatcher, {
      origin,
      path: pathname + search,
      headers: await this.#headersFor(context),
      body: bodyOf(operation),
      timeout,
      cancelled: safe ? context.clientGone : null,
    });
    if (statusCode >= 500 || statusCode === 429) throw new HttpFailure('unavailable', statusCode);
    const contentType = String(headers['content-type']);
    const isGraphQL = contentType.startsWith('application/graphql-response+json');
    if (!isGraphQL && statusCode >= 300) throw new HttpFailure('invalid_response', statusCode);

    const answer = this.#read(text, statusCode, entities);
    const setsCookies = context.cookies.collect(this.name, headers['set-cookie']);
    return {
      ...answer,
      cacheControl: setsCookies ? 'no-store' : [headers['cache-control'] ?? []].flat().join(', '),
    };
  }

  async #headersFor(context: GatewayContext): Promise<Record<string, string>> {
    const { sign } = this.#options;
    const { identity, clientAddress, cookies } = context;
    const cookie = cookies.of(this.name);
    return {
      ...context.propagated,
      'content-type': 'application/json',
      accept: 'application/graphql-response+json, application/json;q=0.9',
      [REQUEST_ID_HEADER]: context.requestId,
      [REQUEST_START_HEADER]: requestStart(context.receivedAt),
      ...(cookie !== undefined && { cookie }),
      ...(sign && { [IDENTITY_HEADER]: await sign({ identity, service: null, clientAddress }) }),
    };
  }

  #read(text: string, status: number, entities: number | undefined) {
    try {
      return readAnswer(text, this.name, entities);
    } catch (cause) {
      throw new HttpFailure('invalid_response', status, cause);
    }
  }
}

/** An HTTP answer that came, and cannot be used. Only its status is told, even to the log: a body may hold secrets. */
class HttpFailure extends Error {
  readonly failure: SubgraphFailure;

  constructor(failure: SubgraphFailure, status: number, cause?: unknown) {
    super(
      `HTTP ${status}${cause instanceof Error && !(cause instanceof SyntaxError) ? `: ${cause.message}` : ''}`,
    );
    this.failure = failure;
  }
}

function failureOf(error: unknown): SubgraphFailure {
  if (error instanceof HttpFailure) return error.failure;
  return error instanceof TimeoutError ? 'timeout' : 'unavailable';
}
