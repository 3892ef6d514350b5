import type { ApolloGateway } from '@apollo/gateway';
import { prettyFormatQueryPlan } from '@apollo/query-planner';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { SubgraphAnswer } from '../transport/answer.ts';
import { type CacheHint, cacheHintOf } from '../transport/cache-hint.ts';
import type { FetchRequest } from './execution.ts';
import type { CompiledOperation, OperationResult } from './operation.ts';
import { OperationCache } from './operation-cache.ts';
import { plannerOf } from './planner.ts';

/** What the executor is made with. */
export interface ExecutorOptions {
  /** Asks a subgraph on behalf of a request. */
  send(request: FetchRequest, context: GatewayContext): Promise<SubgraphAnswer>;
  /** About how many bytes of compiled operations are kept. */
  cacheBytes: number;
  /** Whether clients may ask for query plans. */
  exposePlans: boolean;
}

/** One run of an operation. */
export interface Run {
  variables: Readonly<Record<string, unknown>>;
  context: GatewayContext;
  /** Told how long each part of the answer may be kept. */
  restrict(hint: CacheHint): void;
}

/** The header by which a client asks for the query plan of its operation, as `@apollo/gateway` has it. */
export const PLAN_HEADER = 'apollo-query-plan-experimental';

/** What Apollo Server takes for a gateway. */
type Gateway = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
type ApolloExecutor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;
type RequestContext = Parameters<ApolloExecutor>[0];
type ExecutionResult = Awaited<ReturnType<ApolloExecutor>>;

/**
 * Runs operations in place of `ApolloGateway`, which goes on to load and swap supergraphs and to plan.
 *
 * An operation runs to its end on the supergraph it began with.
 */
export class Executor {
  readonly #gateway: ApolloGateway;
  readonly #options: ExecutorOptions;
  readonly #bySchema = new WeakMap<GraphQLSchema, OperationCache>();
  #latest: OperationCache | undefined;

  /** @param gateway - not loaded yet */
  constructor(gateway: ApolloGateway, options: ExecutorOptions) {
    this.#gateway = gateway;
    this.#options = options;
    gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
      const previous = this.#latest;
      const operations = new OperationCache(plannerOf(gateway), options.cacheBytes);
      this.#latest = operations;
      this.#bySchema.set(apiSchema, operations);
      if (previous) void operations.warm(previous, () => this.#latest === operations);
    });
  }

  /** The gateway as Apollo Server takes it, with this executor. */
  forApolloServer(): Gateway {
    const gateway = this.#gateway;
    return {
      load: async (loading) => {
        await gateway.load(loading);
        return { executor: (requestContext) => this.#execute(requestContext) };
      },
      onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
      stop: () => gateway.stop(),
    };
  }

  /** An operation of the supergraph in use by its text; undefined when it has not been compiled yet. */
  find(source: string, operationName: string | undefined): CompiledOperation | undefined {
    return this.#latest?.find(source, operationName);
  }

  /** Runs an operation; its variables have been checked. */
  run(operation: CompiledOperation, { variables, context, restrict }: Run): Promise<OperationResult> {
    const isQuery = operation.operation.operation === 'query';
    return operation.run(variables, async (fetch) => {
      const answer = await this.#options.send(fetch, context);
      restrict(isQuery ? cacheHintOf(answer.cacheControl) : { maxAge: 0 });
      return answer;
    });
  }

  async #execute(requestContext: RequestContext): Promise<ExecutionResult> {
    const { request, document, source, schema, overallCachePolicy } = requestContext;
    const operations = this.#bySchema.get(schema);
    if (!operations) throw new Error('the operation is for a supergraph that was never loaded');
    const operation = operations.get({ source, document, operationName: request.operationName });
    const variables = request.variables ?? {};
    const errors = operation.errorsIn(variables);
    if (errors) return { errors };
    const result = await this.run(operation, {
      variables,
      context: requestContext.context as GatewayContext,
      restrict: (hint) => overallCachePolicy?.restrict(hint),
    });
    const isPlanWanted = this.#options.exposePlans && request.http?.headers.get(PLAN_HEADER);
    return toExecutionResult(result, isPlanWanted ? operation : null);
  }
}

function toExecutionResult(
  { data, errors, invalid }: OperationResult,
  explained: CompiledOperation | null,
): ExecutionResult {
  const extensions = {
    ...(invalid.length > 0 && errors.length === 0 && { valueCompletion: invalid }),
    ...(explained?.plan.node && { __queryPlanExperimental: prettyFormatQueryPlan(explained.plan) }),
  };
  return {
    ...(errors.length > 0 && { errors }),
    data: JSON.parse(data),
    ...(Object.keys(extensions).length > 0 && { extensions }),
  };
}
