import { performance } from 'node:perf_hooks';
import {
  type CallerSigner,
  IDENTITY_HEADER,
  type Logger,
  REQUEST_START_HEADER,
  requestStart,
} from '@tributary/platform';
import type { GatewayContext } from '../context.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { REQUEST_ID_HEADER } from '../telemetry/request-id.ts';
import { readAnswer, type SubgraphAnswer } from './answer.ts';
import { isTooLarge, isUndecodable } from './answer-failure.ts';
import { type Cancellation, pause } from './cancellation.ts';
import { isBroken, isRefused } from './connection-failure.ts';
import { type HttpAnswer, type Post, TimeoutError } from './http-post.ts';
import { type HttpTrace, noteShared, tracedPost } from './http-trace.ts';
import type { TransportSettings } from './settings/transport-settings.ts';
import type { Changes } from './sharing/changes.ts';
import { fetchKey } from './sharing/fetch-key.ts';
import { FetchesInFlight } from './sharing/fetches-in-flight.ts';
import { SubgraphError, type SubgraphFailure } from './subgraph-error.ts';
import { bodyOf, type SubgraphRequest } from './subgraph-request.ts';

/** What a client of a subgraph is made with. */
export interface TransportOptions
  extends Pick<TransportSettings, 'timeout' | 'compression' | 'shareFetches'> {
  /** Sends requests to the server of a URL. */
  postTo(url: URL): Post;
  /** Null when the subgraphs are not told who is asking. */
  sign: CallerSigner | null;
  /** Changes through any client. */
  changes: Changes;
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
  /** Where the subgraph serves GraphQL; null when the supergraph has no URL that is one. */
  readonly url: URL | null;
  readonly #post: Post | null;
  readonly #options: TransportOptions;
  readonly #inFlight = new FetchesInFlight<HttpAnswer>();

  /** @param url - where the subgraph serves GraphQL */
  constructor(name: string, url: string, options: TransportOptions) {
    this.name = name;
    this.url = URL.canParse(url) ? new URL(url) : null;
    this.#post = this.url && options.postTo(this.url);
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
    for (let interval = FIRST_PAUSE; ; interval = Math.min(interval * 2, LONGEST_PAUSE)) {
      try {
        return await this.#fetch(operation, context);
      } catch (error) {
        const repeatable = isRefused(error) || (operation.safe && isBroken(error));
        if (!repeatable || performance.now() + interval > giveUpAt) throw error;
        await pause(interval, operation.safe ? context.clientGone : null);
      }
    }
  }

  async #fetch(operation: SubgraphRequest, context: GatewayContext): Promise<SubgraphAnswer> {
    const { safe, entities, trace } = operation;
    const body = bodyOf(operation);
    const { statusCode, headers, text } = safe
      ? await this.#ask(body, context, trace)
      : await this.#change(body, context, trace);
    if (statusCode >= 500 || statusCode === 429) throw new HttpFailure('unavailable', statusCode);
    const encoding = headers['content-encoding'];
    if (encoding !== undefined) {
      throw new HttpFailure(
        'invalid_encoding',
        statusCode,
        new Error(`Content-Encoding "${encoding}" was not asked for`),
      );
    }
    const contentType = String(headers['content-type']);
    const isGraphQL = contentType.startsWith('application/graphql-response+json');
    if (!isGraphQL && statusCode >= 300) throw new HttpFailure('invalid_response', statusCode);

    const answer = this.#read(text, statusCode, entities);
    const setsCookies = context.cookies.collect(this.name, headers['set-cookie']);
    return {
      ...answer,
      cacheControl: setsCookies ? 'no-store' : [headers['cache-control'] ?? []].flat().join(', '),
      age: Number(headers.age ?? 0) || 0,
    };
  }

  /** Sends a query, or waits for an equal one that is under way. */
  async #ask(body: string, context: GatewayContext, trace: HttpTrace | undefined): Promise<HttpAnswer> {
    const { shareFetches, changes, sign, metrics } = this.#options;
    const send = (cancelled: Cancellation) => this.#send(body, context, cancelled, trace);
    if (!shareFetches || context.isFresh) return send(context.clientGone);
    const key = fetchKey(body, {
      context,
      cookie: context.cookies.of(this.name),
      isSigned: sign !== null,
      changes: changes.count,
    });
    const { answer, isShared } = await this.#inFlight.fetch(key, body, context.clientGone, send);
    if (!isShared) return answer;
    // A cookie is for the one client that asked.
    if (answer.headers['set-cookie'] !== undefined) return send(context.clientGone);
    metrics.countSharedFetch(this.name);
    if (trace) noteShared(trace, answer);
    return answer;
  }

  /** Sends what may change something; it has to run to its end. */
  async #change(body: string, context: GatewayContext, trace: HttpTrace | undefined): Promise<HttpAnswer> {
    const { changes } = this.#options;
    changes.note();
    try {
      return await this.#send(body, context, null, trace);
    } finally {
      changes.note();
    }
  }

  async #send(
    body: string,
    context: GatewayContext,
    cancelled: Cancellation | null,
    trace: HttpTrace | undefined,
  ): Promise<HttpAnswer> {
    if (!this.url || !this.#post) throw new Error('the supergraph has no routing URL for it');
    const { origin, pathname, search } = this.url;
    const { compression } = this.#options;
    const post = trace ? tracedPost(trace, this.#post) : this.#post;
    return post({
      origin,
      path: pathname + search,
      headers: {
        ...(await this.headersFor(context)),
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(compression !== 'none' && { 'accept-encoding': compression }),
      },
      body,
      timeout: this.#options.timeout,
      cancelled,
    });
  }

  /** The headers that tell a subgraph who asks, and what for. */
  async headersFor(context: GatewayContext): Promise<Record<string, string>> {
    const { sign } = this.#options;
    const { identity, clientAddress, cookies } = context;
    const cookie = cookies.of(this.name);
    return {
      ...context.propagated,
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
  if (isTooLarge(error)) return 'too_large';
  if (isUndecodable(error)) return 'invalid_encoding';
  return error instanceof TimeoutError ? 'timeout' : 'unavailable';
}
