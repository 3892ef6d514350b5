import { performance } from 'node:perf_hooks';
import {
  type CallerSigner,
  IDENTITY_HEADER,
  type Logger,
  REQUEST_DEADLINE_HEADER,
  REQUEST_START_HEADER,
  requestStart,
  traceIdsOf,
} from '@tributary/platform';
import type { GatewayContext } from '../context.ts';
import type { GatewayMetrics } from '../telemetry/gateway-metrics.ts';
import { REQUEST_ID_HEADER } from '../telemetry/request-id.ts';
import { readAnswer, type SubgraphAnswer } from './answer.ts';
import { isTooLarge, isUndecodable } from './answer-failure.ts';
import { type Cancellation, CancelledError } from './cancellation.ts';
import { DeadlineError } from './deadline.ts';
import { type HttpAnswer, type Post, TimeoutError } from './http-post.ts';
import { noteShared, tracedPost } from './http-trace.ts';
import { NO_LOAD, type PoolLoad } from './pool-load.ts';
import { Calls, type CallsState, CircuitOpenError, deadlineText } from './resilience/calls.ts';
import { untilConnected } from './resilience/until-connected.ts';
import type { TransportSettings } from './settings/transport-settings.ts';
import type { Changes } from './sharing/changes.ts';
import { fetchKey } from './sharing/fetch-key.ts';
import { FetchesInFlight, type SharedAnswer } from './sharing/fetches-in-flight.ts';
import { SubgraphError, type SubgraphFailure } from './subgraph-error.ts';
import { bodyOf, type SubgraphRequest } from './subgraph-request.ts';
import { followFetch } from './trace-fetch.ts';

/** What a client of a subgraph is made with. */
export interface TransportOptions
  extends Pick<TransportSettings, 'timeout' | 'retries' | 'breaker' | 'compression' | 'shareFetches'> {
  /** Sends requests to the server of a URL. */
  postTo(url: URL): Post;
  /** Tells how busy the connections to the server of a URL are. */
  loadOf(url: URL): PoolLoad;
  /** Null when the subgraphs are not told who is asking. */
  sign: CallerSigner | null;
  /** Changes through any client. */
  changes: Changes;
  /** Milliseconds during which a refused connection is tried again, beside `retries`. */
  connectRetry: number;
  metrics: GatewayMetrics;
  logger: Logger;
}

/** Asks one subgraph over HTTP. */
export class SubgraphClient {
  readonly name: string;
  /** Where the subgraph serves GraphQL; null when the supergraph has no URL that is one. */
  readonly url: URL | null;
  readonly #post: Post | null;
  readonly #options: TransportOptions;
  readonly #calls: Calls;
  /** Milliseconds, as a header has them. */
  readonly #timeout: string;
  readonly #inFlight = new FetchesInFlight<HttpAnswer>();

  /** @param url - where the subgraph serves GraphQL */
  constructor(name: string, url: string, options: TransportOptions) {
    this.name = name;
    this.url = URL.canParse(url) ? new URL(url) : null;
    this.#post = this.url && options.postTo(this.url);
    this.#options = options;
    this.#timeout = String(options.timeout);
    const { metrics, logger } = options;
    this.#calls = new Calls({
      ...options,
      onRetry: () => metrics.countRetry(name),
      onBudgetExhausted: () => metrics.countExhaustedBudget(name),
      // Probes in between would fill the log for as long as the subgraph is down.
      onBreakerChange(state, before) {
        if (before === 'closed') logger.warn({ subgraph: name }, 'subgraph fails: its circuit breaker opens');
        if (state === 'closed')
          logger.info({ subgraph: name }, 'subgraph works again: its circuit breaker closes');
      },
    });
  }

  /** How busy the connections to its server are. */
  get load(): PoolLoad {
    return this.url ? this.#options.loadOf(this.url) : NO_LOAD;
  }

  /** How the last calls went. */
  get state(): CallsState {
    return this.#calls.state;
  }

  /**
   * Sends an operation, signed with who is asking.
   *
   * @throws SubgraphError when there is no answer that can be used; errors in the subgraph's answer are returned
   */
  send(operation: SubgraphRequest, context: GatewayContext): Promise<SubgraphAnswer> {
    const span = context.trace?.span;
    return span
      ? followFetch(span, this, operation, (request) => this.#sendMeasured(request, context))
      : this.#sendMeasured(operation, context);
  }

  async #sendMeasured(operation: SubgraphRequest, context: GatewayContext): Promise<SubgraphAnswer> {
    const { metrics, logger } = this.#options;
    const start = performance.now();
    const seconds = () => (performance.now() - start) / 1_000;
    try {
      this.#calls.refuse();
      const answer = await this.#fetch(operation, context);
      metrics.observeSubgraph(this.name, 'ok', seconds());
      return answer;
    } catch (error) {
      const isGivenUp = operation.safe && context.clientGone.aborted;
      const failure = failureOf(isGivenUp ? context.clientGone.reason : error);
      metrics.observeSubgraph(this.name, failure, seconds());
      // Of who goes away nobody has to know, and what an open breaker refuses would fill the log.
      if (failure !== 'cancelled' && failure !== 'circuit_open') {
        logger.warn(
          {
            err: error,
            subgraph: this.name,
            requestId: context.requestId,
            ...traceIdsOf(context.trace?.span),
          },
          `subgraph request failed: ${failure}`,
        );
      }
      throw new SubgraphError(failure, this.name, error);
    }
  }

  async #fetch(operation: SubgraphRequest, context: GatewayContext): Promise<SubgraphAnswer> {
    const { safe, entities } = operation;
    const { answer: sent, isShared } = safe
      ? await this.#ask(operation, context)
      : { answer: await this.#change(operation, context), isShared: false };
    const { statusCode, headers, text } = sent;
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
      ...(isShared && { isShared }),
    };
  }

  /** Sends a query, or waits for an equal one that is under way. */
  async #ask(operation: SubgraphRequest, context: GatewayContext): Promise<SharedAnswer<HttpAnswer>> {
    const { shareFetches, changes, sign, metrics } = this.#options;
    const body = bodyOf(operation);
    let isOwn = false;
    const alone = async () => ({ answer: await send(context.clientGone), isShared: false });
    const send = (cancelled: Cancellation) => {
      isOwn = true;
      return this.#send(operation, body, context, cancelled);
    };
    if (!shareFetches || context.isFresh) return alone();
    const key = fetchKey(body, {
      context,
      cookie: context.cookies.of(this.name),
      isSigned: sign !== null,
      changes: changes.count,
    });
    let shared: SharedAnswer<HttpAnswer>;
    try {
      shared = await this.#inFlight.fetch(key, body, context.clientGone, send);
    } catch (error) {
      const isOverForOther = error instanceof DeadlineError && !isOwn && !context.clientGone.aborted;
      if (!isOverForOther) throw error;
      // Who asked for it had less time than this one has.
      return alone();
    }
    const { answer, isShared } = shared;
    if (!isShared) return shared;
    // A cookie is for the one client that asked.
    if (answer.headers['set-cookie'] !== undefined) return alone();
    metrics.countSharedFetch(this.name);
    if (operation.trace) noteShared(operation.trace, answer);
    return shared;
  }

  /** Sends what may change something; it goes on when the client is gone. */
  async #change(operation: SubgraphRequest, context: GatewayContext): Promise<HttpAnswer> {
    const { changes } = this.#options;
    changes.note();
    try {
      return await this.#send(operation, bodyOf(operation), context, context.clientGone.expiry ?? null);
    } finally {
      changes.note();
    }
  }

  async #send(
    { safe, trace, traceHeaders }: SubgraphRequest,
    body: string,
    context: GatewayContext,
    cancelled: Cancellation | null,
  ): Promise<HttpAnswer> {
    if (!this.url || !this.#post) throw new Error('the supergraph has no routing URL for it');
    const { origin, pathname, search } = this.url;
    const { compression, connectRetry, timeout } = this.#options;
    const deadline = context.clientGone.expiry?.at;
    const post = trace ? tracedPost(trace, this.#post) : this.#post;
    return await this.#calls.send(connectRetry > 0 ? untilConnected(post, connectRetry, safe) : post, {
      origin,
      path: pathname + search,
      headers: {
        ...(await this.headersFor(context)),
        ...traceHeaders,
        [REQUEST_DEADLINE_HEADER]: this.#timeFor(deadline),
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...(compression !== 'none' && { 'accept-encoding': compression }),
      },
      body,
      cancelled,
      safe,
      timeout,
      deadline,
    });
  }

  /** How long the subgraph has. @param deadline - the client's own, by `performance.now()` */
  #timeFor(deadline: number | undefined): string {
    if (deadline === undefined) return this.#timeout;
    return deadlineText(Math.min(this.#options.timeout, deadline - performance.now()));
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
      ...context.trace?.headers,
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
  if (error instanceof CancelledError) return 'cancelled';
  if (error instanceof DeadlineError) return 'deadline';
  if (error instanceof CircuitOpenError) return 'circuit_open';
  if (error instanceof HttpFailure) return error.failure;
  if (isTooLarge(error)) return 'too_large';
  if (isUndecodable(error)) return 'invalid_encoding';
  return error instanceof TimeoutError ? 'timeout' : 'unavailable';
}
