import { performance } from 'node:perf_hooks';
import type { ApolloGateway } from '@apollo/gateway';
import { prettyFormatQueryPlan } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { createFieldRequirements } from '../authorization/field-requirements.ts';
import { type Permission, permissionFor } from '../authorization/permission.ts';
import { readProtection } from '../authorization/protection.ts';
import { asRefusal } from '../authorization/unauthorized.ts';
import type { GatewayContext } from '../context.ts';
import { type CacheHint, cacheHintOf } from '../transport/cache-hint.ts';
import { clientOperation } from './apollo/client-operation.ts';
import { toExecutionResult } from './apollo/execution-result.ts';
import type { ExecutionResult, Gateway, RequestContext, SchemaListener } from './apollo/gateway.ts';
import type { FetchCache, SubgraphSender } from './execution.ts';
import { EXPLAIN_HEADER, type ExecutorOptions, PLAN_HEADER, type Run } from './executor-options.ts';
import { Trace } from './explain/trace.ts';
import { andThen, type MaybePromise } from './maybe-promise.ts';
import type { CompiledOperation } from './operation.ts';
import { type ClientOperation, OperationCache } from './operation-cache.ts';
import type { DeferredResult, OperationResult, RunOptions } from './operation-run.ts';
import { getPlanned } from './planned-operation.ts';
import { type Planner, plannerOf } from './planner.ts';

type Texts = readonly string[];

/** How long a new supergraph is kept waiting for its plans. */
const LONGEST_WARMING = 10_000; // 10 seconds

/**
 * Runs operations in place of `ApolloGateway`, which goes on to load and swap supergraphs and to plan.
 *
 * An operation runs to its end on the supergraph it began with.
 */
export class Executor {
  readonly #gateway: ApolloGateway;
  readonly #options: ExecutorOptions;
  readonly #bySchema = new WeakMap<GraphQLSchema, OperationCache>();
  /** By the context of a request, what its answer has still to come. */
  readonly #later = new WeakMap<object, DeferredResult>();
  readonly #onSwitch = new Set<SchemaListener>();
  #latest: OperationCache | undefined;
  /** Of a supergraph that has been loaded, and has not taken over yet. */
  #next: OperationCache | undefined;

  /** @param gateway - not loaded yet */
  constructor(gateway: ApolloGateway, options: ExecutorOptions) {
    this.#gateway = gateway;
    this.#options = options;
    gateway.onSchemaLoadOrUpdate(() => {
      this.#next?.retire();
      this.#next = this.#cacheFor(options.planWith(plannerOf(gateway)));
      if (!this.#latest) this.#switchTo(this.#next);
    });
  }

  /** The gateway as Apollo Server takes it, with this executor. */
  forApolloServer(): Gateway {
    const gateway = this.#gateway;
    return {
      load: async (loading) => {
        await gateway.load(loading);
        await this.#latest?.ready();
        return { executor: (requestContext) => this.#execute(requestContext) };
      },
      onSchemaLoadOrUpdate: (listener) => this.onSwitch(listener),
      stop: () => gateway.stop(),
    };
  }

  /** Tells a listener of each supergraph that is in use from then on. @returns ends it */
  onSwitch(listener: SchemaListener): () => void {
    this.#onSwitch.add(listener);
    return () => void this.#onSwitch.delete(listener);
  }

  /**
   * Has the supergraph that the gateway loaded last take over from the one in use, in one step. Before that, what was run
   * most is planned for it, so that the first requests after it do not wait; until then they run on the one in use.
   *
   * @param use - called when it takes over
   * @param isWanted - asked now and then; when it is not, nothing is taken over
   * @throws Error when the gateway could not load it
   */
  async takeOver(use: () => void, isWanted: () => boolean): Promise<void> {
    const [latest, next] = [this.#latest, this.#next];
    if (!latest || !next) throw new Error('it could not be loaded, see the log');
    await next.ready();
    const lastMoment = performance.now() + LONGEST_WARMING;
    await next.warm(latest, () => isWanted() && performance.now() < lastMoment);
    if (!isWanted()) return;
    use();
    this.#switchTo(next);
    // What was new while it was warmed, and what there was no time for.
    void next.warm(latest, () => isWanted() && this.#latest === next);
  }

  #cacheFor(planner: Planner): OperationCache {
    const { caching, cacheBytes, overrides, metrics } = this.#options;
    const protection = readProtection(planner.supergraphSdl);
    return new OperationCache(planner, {
      maxBytes: cacheBytes,
      labelling: caching?.labellingFor(planner) ?? null,
      fieldRequirements: protection && createFieldRequirements(planner.apiSchema, protection),
      decide: overrides,
      metrics,
    });
  }

  #switchTo(operations: OperationCache): void {
    this.#next = undefined;
    this.#latest?.retire();
    this.#latest = operations;
    this.#bySchema.set(operations.apiSchema, operations);
    const { apiSchema, supergraphSdl: coreSupergraphSdl } = operations;
    for (const listener of this.#onSwitch) listener({ apiSchema, coreSupergraphSdl });
  }

  /** An operation of the supergraph in use by its text; undefined when it has not been compiled yet. */
  find(source: string, operationName: string | undefined): CompiledOperation | undefined {
    const found = this.#latest?.find(source, operationName);
    if (found) this.#options.metrics.count('hit');
    return found;
  }

  /** How many operations are compiled for the supergraph in use. */
  get operationCount(): number {
    return this.#latest?.size ?? 0;
  }

  /** Whether a request asks for more than its answer, which goes into the answer's extensions. */
  isInspected(headers: Readonly<Record<string, unknown>>): boolean {
    const { exposePlans } = this.#options;
    return exposePlans && (headers[PLAN_HEADER] ?? headers[EXPLAIN_HEADER]) !== undefined;
  }

  /**
   * An operation compiled for the supergraph in use, whichever it was valid for.
   *
   * @returns a promise only when it has to be planned first, in another thread
   * @throws GraphQLError when it is not valid for this one, or cannot be planned
   */
  adopt(client: ClientOperation): MaybePromise<CompiledOperation> {
    if (!this.#latest) throw new Error('no supergraph has been loaded');
    return this.#latest.adopt(client);
  }

  /** Whether an operation was compiled for the supergraph in use. */
  isCurrent({ schema }: CompiledOperation): boolean {
    return schema === this.#latest?.apiSchema;
  }

  /**
   * The requirements of an operation that who asks does not meet.
   *
   * @returns their texts; a promise only when policies have to be asked
   */
  unmet({ requirements }: CompiledOperation, context: GatewayContext): MaybePromise<Texts> {
    return requirements ? this.#options.authorization.unmet(requirements, context) : [];
  }

  /**
   * What of an operation is run for who asks: all of it, or what is left without that which they may not see. It is planned
   * with the progressive `@override`s that are in effect for them.
   *
   * @param operation - with nothing left out
   * @param variables - the client's, which fit their definitions
   * @throws GraphQLError when what is left cannot be planned
   */
  permit(
    operation: CompiledOperation,
    variables: Readonly<Record<string, unknown>>,
    context: GatewayContext,
  ): MaybePromise<Permission> {
    const operations = this.#operationsOf(operation.schema);
    const override = (permitted: CompiledOperation): MaybePromise<Permission> =>
      andThen(operations.overridden(permitted, context), (overridden) => ({ operation: overridden }));
    if (!operation.requirements) return override(operation);
    const { mode } = this.#options.authorization;
    const decide = (texts: Texts): MaybePromise<Permission> => {
      const permission = permissionFor({ whole: operation, variables, unmet: texts }, mode, () =>
        operations.get({ ...operation.client, unmet: texts }),
      );
      return andThen(permission, (permitted) =>
        permitted.operation ? override(permitted.operation) : permitted,
      );
    };
    return andThen(this.unmet(operation, context), decide);
  }

  /** Runs an operation in which nothing is deferred; its variables have been checked. */
  run(operation: CompiledOperation, run: Run): Promise<OperationResult> {
    return this.#runCached(operation, run, (send, cache) =>
      operation.run(run.variables, send, { ...run, cache, observe: this.#observerFor(run) }),
    );
  }

  /**
   * Takes what an answer has still to come, when parts of it are deferred.
   *
   * @param context - of the request, as Apollo Server has it
   */
  takeLater(context: GatewayContext): Pick<DeferredResult, 'hasNext' | 'later'> | undefined {
    const later = this.#later.get(context);
    this.#later.delete(context);
    return later;
  }

  async #runCached<Result>(
    operation: CompiledOperation,
    run: Run,
    start: (send: SubgraphSender, cache: FetchCache | null) => Promise<Result>,
  ): Promise<Result> {
    const { caching } = this.#options;
    const send = this.#senderFor(operation, run);
    if (!caching) return start(send, null);
    const cache = await caching.begin(operation, run);
    try {
      return await start(send, cache);
    } finally {
      await caching.end(operation, run);
    }
  }

  #observerFor({ context }: Run): RunOptions['observe'] {
    const { observe } = this.#options;
    return observe && ((fetched) => observe(fetched, context));
  }

  #senderFor({ operation }: CompiledOperation, { context, restrict }: Run): SubgraphSender {
    const { caching } = this.#options;
    const isQuery = operation.operation === 'query';
    return async (fetch) => {
      const answer = await this.#options.send(fetch, context);
      const hint = caching ? caching.hintOf(answer, fetch.subgraph) : cacheHintOf(answer.cacheControl);
      restrict(isQuery ? hint : { maxAge: 0 });
      return answer;
    };
  }

  #operationsOf(schema: GraphQLSchema): OperationCache {
    const operations = this.#bySchema.get(schema);
    if (!operations) throw new Error('the operation is for a supergraph that was never loaded');
    return operations;
  }

  async #execute(requestContext: RequestContext): Promise<ExecutionResult> {
    const { request, schema, overallCachePolicy } = requestContext;
    const { exposePlans, metrics } = this.#options;
    const headers = exposePlans ? request.http?.headers : undefined;
    const trace = headers?.get(EXPLAIN_HEADER) === '1' ? new Trace() : null;
    const operations = this.#operationsOf(schema);
    const { client, errors: wrong } = clientOperation(requestContext);
    if (wrong) return { errors: wrong };
    const remembered = operations.has(client);
    metrics.count(remembered ? 'hit' : 'miss');
    const context = requestContext.context as GatewayContext;
    const whole = await getPlanned(operations, client, context.trace?.span);
    const variables = request.variables ?? {};
    const errors = whole.errorsIn(variables);
    if (errors) return { errors };
    const { operation, errors: refusals } = await this.permit(whole, variables, context);
    if (!operation) return { errors: refusals };
    if (whole.source) {
      if (!operation.source) return { errors: operation.unauthorized(variables).map(asRefusal) };
      if (!context.acceptSubscription) throw new Error('a subscription cannot be run as a query');
      context.acceptSubscription({ client: operation.client, variables });
      return { data: null };
    }
    // Apollo Server writes the time as it is, and the header knows whole seconds only.
    const restrict = ({ maxAge, scope }: CacheHint) =>
      overallCachePolicy?.restrict({ maxAge: Math.floor(maxAge), ...(scope && { scope }) });
    // What a policy says is true for now, and for who asked.
    if (whole.dependsOnPolicies) restrict({ maxAge: 0 });
    const result = await this.#runFor(operation, { variables, context, restrict, trace });
    return toExecutionResult(result, {
      ...(operation.plan.node &&
        headers?.get(PLAN_HEADER) && { __queryPlanExperimental: prettyFormatQueryPlan(operation.plan) }),
      ...(trace && { explain: trace.explain(operation, remembered) }),
    });
  }

  /** Runs an operation until there is what is answered first, and keeps what comes later. */
  async #runFor(operation: CompiledOperation, run: Run): Promise<OperationResult> {
    if (!operation.isDeferring) return this.run(operation, run);
    const result = await this.#runCached(operation, run, (send, cache) =>
      operation.runDeferring(run.variables, send, { ...run, cache, observe: this.#observerFor(run) }),
    );
    this.#later.set(run.context, result);
    return result;
  }
}
