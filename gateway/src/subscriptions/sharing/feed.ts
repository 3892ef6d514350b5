import { performance } from 'node:perf_hooks';
import { follow, type Tracing } from '@tributary/platform';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { ClientSubscription, GatewayContext } from '../../context.ts';
import type { Executor } from '../../execution/executor.ts';
import type { CompiledOperation } from '../../execution/operation.ts';
import type { EventSource } from '../../execution/plan/subscription.ts';
import { toBody } from '../../operations/direct-handler.ts';
import { type ErrorFormatter, formattedOf } from '../../security/error-masking.ts';
import { noteOrigin } from '../../telemetry/error-origin.ts';
import { noteErrors, operationAttributes } from '../../telemetry/tracing/operation-attributes.ts';
import type { SubgraphAnswer } from '../../transport/answer.ts';
import { Canceller } from '../../transport/cancellation.ts';
import type { Changes } from '../../transport/sharing/changes.ts';
import { endingError } from '../errors.ts';
import type { Listener, Stop } from '../listener.ts';
import type { SubscriptionMetrics } from '../metrics.ts';
import { ResultText } from '../result-text.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { Upstreams } from '../upstream/upstreams.ts';
import { LatestStates } from './latest-states.ts';

/** What every feed works with. */
export interface FeedOptions {
  executor: Executor;
  upstreams: Upstreams;
  /** Told of events. */
  changes: Changes;
  formatError: ErrorFormatter;
  metrics: SubscriptionMetrics;
  /** Most events that may wait to be filled in. */
  maxPending: number;
  /** Null when nothing is traced. */
  tracing: Tracing | null;
}

/** A subscription, planned for the supergraph in use. */
export interface PlannedSubscription {
  /** With nothing left out. */
  whole: CompiledOperation;
  /** What the listeners may have of it. */
  operation: CompiledOperation;
}

/**
 * Plans a subscription for the supergraph in use.
 *
 * @throws GraphQLError when it does not fit that
 */
export async function planSubscription(
  executor: Executor,
  { client }: ClientSubscription,
): Promise<PlannedSubscription> {
  const { unmet: _, ...whole } = client;
  return { whole: await executor.adopt(whole), operation: await executor.adopt(client) };
}

/**
 * One subscription at a subgraph for all listeners who want the same and are told the same. Each event is filled in
 * once, and its text is shared. It ends with its last listener.
 */
export class Feed {
  readonly #subscription: ClientSubscription;
  readonly #context: GatewayContext;
  readonly #options: FeedOptions;
  readonly #listeners = new Set<Listener>();
  readonly #source: EventSource;
  readonly #upstream: Upstream;
  readonly #gone = new Canceller('nobody listens any more');
  readonly #onEnd: () => void;
  #planned: PlannedSubscription;
  #stopUpstream: Stop = () => undefined;
  #isOver = false;
  #pending = 0;
  readonly #states = new LatestStates();
  /** Done when all events up to the latest one have been handed out. */
  #handedOut: Promise<void> = Promise.resolve();

  /**
   * @param context - of any of the listeners
   * @param onEnd - called once
   * @throws Error when the supergraph in use has no URL of the subgraph
   */
  constructor(
    subscription: ClientSubscription,
    planned: PlannedSubscription,
    context: GatewayContext,
    options: FeedOptions,
    onEnd: () => void,
  ) {
    this.#subscription = subscription;
    this.#context = {
      ...context,
      // Its span has ended; each event has a trace of its own.
      trace: null,
      clientAddress: '',
      // No answer is left to set one on, and the request has not to be kept for it.
      cookies: { ...context.cookies, collect: () => false },
      clientGone: this.#gone,
    };
    this.#options = options;
    this.#onEnd = onEnd;
    this.#planned = planned;
    this.#source = sourceOf(planned.operation);
    this.#upstream = options.upstreams.get(this.#source.subgraph);
  }

  /** Adds a listener. With the first one the feed begins; later ones are told the state that it is in. */
  add(listener: Listener): Stop {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) this.#start();
    else for (const result of this.#states.all()) listener.next(result);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#finish();
    };
  }

  /** Goes over to the supergraph in use; it ends when it does not fit, or would have to subscribe elsewhere. */
  async adopt(): Promise<void> {
    const { executor, upstreams } = this.#options;
    try {
      const planned = await planSubscription(executor, this.#subscription);
      // While it was planned the next supergraph may have come, which has it planned anew.
      if (this.#isOver || !executor.isCurrent(planned.operation)) return;
      const { subgraph, query } = sourceOf(planned.operation);
      this.#planned = planned;
      const isSame = subgraph === this.#source.subgraph && query === this.#source.query;
      if (isSame && this.#upstream === upstreams.get(subgraph)) return;
    } catch {
      // Told below: whatever the reason, the subscription cannot go on.
    }
    this.end([endingError('SUBSCRIPTION_OUTDATED').toJSON()]);
  }

  /** Ends it for all listeners. */
  end(errors?: readonly GraphQLFormattedError[]): void {
    const listeners = [...this.#listeners];
    this.#finish();
    for (const listener of listeners) listener.end(errors);
  }

  #start(): void {
    const { metrics } = this.#options;
    const { subgraph, query, operationName, variables } = this.#source;
    const given = this.#subscription.variables;
    const request = {
      query,
      ...(operationName !== undefined && { operationName }),
      variables: Object.fromEntries(
        variables.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
      ),
    };
    metrics.upstreamOpened(subgraph);
    this.#stopUpstream = this.#upstream.subscribe(request, this.#context, {
      next: (event) => this.#receive(event),
      end: (errors) => this.#endAfterEvents(errors?.map((error) => this.#seen(error, error))),
      fail: (error) => this.#endAfterEvents([this.#format(error)]),
    });
    if (this.#isOver) this.#stopUpstream();
  }

  #receive(event: SubgraphAnswer): void {
    const { changes, metrics, maxPending } = this.#options;
    if (this.#isOver) return;
    changes.note();
    metrics.eventReceived(this.#source.subgraph);
    if (this.#pending >= maxPending) {
      metrics.dropped('overrun');
      this.end([endingError('SUBSCRIPTION_OVERRUN').toJSON()]);
      return;
    }
    this.#pending++;
    const result = this.#fillIn(event);
    this.#handedOut = this.#handedOut.then(async () => {
      try {
        this.#handOut(await result, event.stateKey);
      } catch (error) {
        this.end([this.#format(error as GraphQLError)]);
      }
      this.#pending--;
    });
    // Awaited above, after the events before; until then a failure is not unheard.
    result.catch(() => undefined);
  }

  #fillIn(event: SubgraphAnswer): Promise<ResultText> {
    const context = { ...this.#context, receivedAt: new Date() };
    const { tracing } = this.#options;
    if (!tracing) return this.#fillInTraced(event, context);
    const { operation, client } = this.#planned.operation;
    const trace = tracing.begin('subscription event', {
      kind: 'consumer',
      parent: event.trace,
      attributes: operationAttributes(operation, client.source),
    });
    const fillIn = () => this.#fillInTraced(event, { ...context, trace });
    return trace.span ? follow(trace.span, fillIn) : fillIn();
  }

  async #fillInTraced(event: SubgraphAnswer, context: GatewayContext): Promise<ResultText> {
    const { executor, metrics } = this.#options;
    const start = performance.now();
    const planned = this.#planned;
    const { operation } = planned;
    await this.#checkAuthorization(planned, context);
    const result = await executor.run(operation, {
      variables: this.#subscription.variables,
      context,
      restrict: () => undefined,
      event,
    });
    if (context.trace?.span) noteErrors(context.trace.span, result.errors);
    metrics.filledIn((performance.now() - start) / 1_000);
    return new ResultText(toBody(result, (error) => this.#format(error)).toString());
  }

  /**
   * Policies may decide otherwise than when the subscription began, and a new supergraph may ask for more; what was
   * subscribed to at the subgraph does not fit then.
   *
   * @throws GraphQLError when the listeners may have more or less than the operation gives
   */
  async #checkAuthorization(
    { whole, operation }: PlannedSubscription,
    context: GatewayContext,
  ): Promise<void> {
    if (!whole.requirements) return;
    const unmet = await this.#options.executor.unmet(whole, context);
    const { unmet: leftOut = [] } = operation.client;
    if (unmet.length === leftOut.length && unmet.every((text) => leftOut.includes(text))) return;
    throw endingError('AUTHORIZATION_CHANGED');
  }

  #handOut(result: ResultText, stateKey: string | undefined): void {
    if (this.#isOver) return;
    if (stateKey !== undefined) this.#states.keep(stateKey, result);
    this.#options.metrics.eventsSent(this.#listeners.size);
    for (const listener of this.#listeners) listener.next(result);
  }

  #endAfterEvents(errors?: readonly GraphQLFormattedError[]): void {
    this.#handedOut = this.#handedOut.then(() => this.end(errors));
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listeners.clear();
    this.#options.metrics.upstreamClosed(this.#source.subgraph);
    this.#onEnd();
    this.#gone.cancel();
    this.#stopUpstream();
  }

  #format(error: GraphQLError): GraphQLFormattedError {
    return this.#seen(formattedOf(error), error);
  }

  /** An error as clients see it; its id in the log is that of the subscription. */
  #seen(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
    noteOrigin(error, this.#context.requestId);
    return this.#options.formatError(formatted, error);
  }
}

function sourceOf({ source }: CompiledOperation): EventSource {
  if (!source) throw new Error('the operation is not a subscription');
  return source;
}
