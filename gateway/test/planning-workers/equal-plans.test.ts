import { ApolloGateway } from '@apollo/gateway';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createLogger, Registry } from '@tributary/platform';
import fc from 'fast-check';
import { type DocumentNode, parse, specifiedRules, validate } from 'graphql';
import { deferVariables, settle } from '../../src/execution/defer/document.ts';
import { deferRules } from '../../src/execution/defer/rules.ts';
import type { VaryingFetch } from '../../src/execution/plan/varying-fetch.ts';
import { type Planner, plannerOf } from '../../src/execution/planner.ts';
import type { PlanningOptions } from '../../src/execution/planning/planning.ts';
import { createPlanningMetrics } from '../../src/execution/planning-workers/planning-metrics.ts';
import { WorkerPlanners } from '../../src/execution/planning-workers/worker-planners.ts';
import { apolloLogger } from '../../src/telemetry/apollo-logger.ts';
import { withClashingAliases } from '../differential/clashing-aliases.ts';
import { compose } from '../differential/comparison.ts';
import { OperationGenerator } from '../differential/random-operation.ts';
import { SHOP } from '../differential/shop.ts';
import { FEDERATIONS } from '../differential/supergraphs.ts';

const logger = createLogger({ name: 'test', LOG_LEVEL: 'silent', NODE_ENV: 'test' });
const OPERATIONS = 10;
const SEED = 20_261_122;

const workers = new WorkerPlanners({
  size: 1,
  limit: 60_000,
  metrics: createPlanningMetrics(new Registry()),
});
afterAll(() => workers.close());

/** A plan with its names, or the error that there is in place of it. */
async function planned(planner: Planner, document: DocumentNode, options: Partial<PlanningOptions>) {
  try {
    const { plan, names } = await planner.plan(document, {
      operationName: undefined,
      defers: false,
      overrides: [],
      ...options,
    });
    return {
      plan: JSON.parse(JSON.stringify(plan, withoutFunctions)),
      byField: new Map(names.byField),
      clientNames: new Map(names.clientNames),
    };
  } catch (error) {
    return { error: JSON.stringify(error) };
  }
}

/** Has what a plan says in functions compared by what they give. */
function withoutFunctions(this: Partial<VaryingFetch>, _name: string, value: unknown): unknown {
  if (typeof value !== 'function') return value;
  const given = (isSet: boolean) => Object.fromEntries((this.decidedBy ?? []).map((name) => [name, isSet]));
  return [this.requiresFor?.(given(true)), this.requiresFor?.(given(false))];
}

describe('a thread plans as the main thread does', () => {
  it.each([...FEDERATIONS, SHOP].map((federation) => [federation.feature, federation] as const))(
    '%s',
    async (_feature, federation) => {
      const gateway = new ApolloGateway({
        supergraphSdl: federation.supergraph ?? compose(federation),
        logger: apolloLogger(logger),
      });
      await gateway.load();
      const main = plannerOf(gateway);
      const threaded = workers.withThreads(main);
      let compared = 0;
      const operations = fc
        .gen()
        .map((draw) => new OperationGenerator(main.apiSchema, draw, true).generate());
      for (const { query } of fc.sample(operations, { numRuns: OPERATIONS, seed: SEED })) {
        const document = withClashingAliases(parse(query, { noLocation: true }), main.apiSchema).document;
        if (validate(main.apiSchema, document, [...specifiedRules, ...deferRules]).length > 0) continue;
        const whole = settle(document, undefined, null).document;
        expect(await planned(threaded, whole, {})).toEqual(await planned(main, whole, {}));
        compared++;
        if (!main.canDefer || !deferVariables(document)) continue;
        const { document: parted, labels } = settle(document, undefined, {});
        const options = { defers: labels.length > 0 };
        expect(await planned(threaded, parted, options)).toEqual(await planned(main, parted, options));
      }
      expect(compared).toBeGreaterThan(OPERATIONS / 4);
      threaded.retire();
      await gateway.stop();
    },
  );
});
