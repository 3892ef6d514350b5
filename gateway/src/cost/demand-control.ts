import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import { refusal } from '../errors/gateway-error.ts';
import { EXPLAIN_HEADER, type ObserveRun } from '../execution/executor-options.ts';
import type { CompiledOperation } from '../execution/operation.ts';
import type { JsonObject } from '../execution/plan/objects.ts';
import type { OperationCheck } from '../operations/operation-checks.ts';
import { compileActualCost } from './actual-cost.ts';
import type { CostEstimator } from './cost-estimator.ts';
import type { CostMetrics } from './cost-metrics.ts';
import type { Occasion } from './part.ts';
import type { CostSettings } from './settings.ts';
import { variableValues } from './variable-values.ts';

/** What a developer is told of an operation's cost. */
interface ToldCost {
  limit: number;
  estimated?: number;
  /** Absent when nothing was fetched. */
  actual?: number;
}

/** Refuses operations that would cost too much, and measures what the others cost. */
export interface DemandControl {
  check: OperationCheck;
  observe: ObserveRun;
  /** Tells developers of costs in the answer's extensions. */
  plugin: ApolloServerPlugin<GatewayContext>;
}

/** What demand control is made from. */
export interface DemandControlOptions {
  settings: CostSettings;
  estimator: CostEstimator;
  metrics: CostMetrics;
  /** Whether clients may ask what an operation costs. */
  tells: boolean;
}

/** Makes the demand control of a gateway. */
export function createDemandControl({
  settings,
  estimator,
  metrics,
  tells,
}: DemandControlOptions): DemandControl {
  const { limit, mode } = settings;
  /** By the contexts of requests that ask. */
  const told = new WeakMap<object, ToldCost>();
  const counters = new WeakMap<CompiledOperation, Map<string, ActualCost>>();

  return {
    check(asked) {
      const { cost, problem } = estimator.estimate(asked);
      const { operation, context } = asked;
      metrics.observeEstimated(operation.operation, cost);
      const report = told.get(context);
      if (report) report.estimated = cost;
      if (cost > limit) {
        metrics.countExpensive(mode === 'enforce' ? 'refused' : 'run');
        if (mode === 'enforce') throw tooExpensive(cost, limit);
      }
      if (problem !== null && mode === 'enforce') throw notEstimated(problem);
      return undefined;
    },

    observe({ operation, data, conditions, variables }, context) {
      let byConditions = counters.get(operation);
      if (!byConditions) {
        byConditions = new Map();
        counters.set(operation, byConditions);
      }
      const key = Object.values(conditions).map(Number).join('');
      let count = byConditions.get(key);
      if (!count) {
        const directives = estimator.directivesOf(operation.schema);
        count = compileActualCost(operation.answerSource(conditions), directives);
        byConditions.set(key, count);
      }
      const variable = variableValues(operation.operation, variables);
      const cost = count(data, { variable, problem: null });
      metrics.observeActual(operation.operation.operation, cost);
      const report = told.get(context);
      if (report) report.actual = cost;
    },

    plugin: {
      async requestDidStart({ request, contextValue }) {
        if (!tells || request.http?.headers.get(EXPLAIN_HEADER) !== '1') return;
        const cost: ToldCost = { limit };
        told.set(contextValue, cost);
        return {
          async willSendResponse({ response: { body } }) {
            const result = body.kind === 'single' ? body.singleResult : body.initialResult;
            result.extensions = { ...result.extensions, cost };
          },
        };
      },
    },
  };
}

type ActualCost = (data: JsonObject, occasion: Occasion) => number;

/** The codes are those of Apollo Router, whose clients may know them. */
const tooExpensive = (estimated: number, limit: number): GraphQLError =>
  refusal('COST_ESTIMATED_TOO_EXPENSIVE', {
    message: `The operation may cost ${estimated}, and ${limit} is allowed: ask for shorter lists or less of each item (cost.limit).`,
    extensions: { cost: { estimated, limit } },
  });

const notEstimated = (problem: string): GraphQLError =>
  refusal('COST_QUERY_PARSE_FAILURE', { message: `What the operation costs cannot be told: ${problem}` });
