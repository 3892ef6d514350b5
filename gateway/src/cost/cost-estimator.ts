import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { AskedOperation } from '../operations/operation-checks.ts';
import { type CostDirectives, readCostDirectives } from './cost-directives.ts';
import { compileEstimate } from './estimate.ts';
import { evaluate, type Occasion, type Part } from './part.ts';
import { variableValues } from './variable-values.ts';

/** What an operation is expected to cost. */
export interface Estimate {
  cost: number;
  /** Why the schema does not let it be told; null when it does. */
  problem: string | null;
}

/** What is known of a supergraph. */
interface Known {
  directives: () => CostDirectives;
  /** An operation can be one of several supergraphs. */
  operations: WeakMap<OperationDefinitionNode, Part>;
}

/** Estimates what operations cost, before they are run. What does not depend on variables is worked out once. */
export class CostEstimator {
  readonly #listSize: number;
  readonly #known = new WeakMap<GraphQLSchema, Known>();

  /** @param listSize - items of a list of whose size nothing is said */
  constructor(listSize: number) {
    this.#listSize = listSize;
  }

  /** Makes a supergraph known. @param schema - what clients see of it */
  adopt(schema: GraphQLSchema, supergraphSdl: string): void {
    let directives: CostDirectives | undefined;
    this.#known.set(schema, {
      directives: () => {
        directives ??= readCostDirectives(supergraphSdl);
        return directives;
      },
      operations: new WeakMap(),
    });
  }

  /** What the supergraph with a schema says of costs. @throws Error when it was not made known */
  directivesOf(schema: GraphQLSchema): CostDirectives {
    return this.#of(schema).directives();
  }

  /** Estimates what a valid operation costs; its variables may not fit. */
  estimate({ schema, document, operation, variables }: AskedOperation): Estimate {
    const { operations } = this.#of(schema);
    let cost = operations.get(operation);
    if (cost === undefined) {
      const directives = this.directivesOf(schema);
      cost = compileEstimate(document, operation, { schema, directives, listSize: this.#listSize });
      operations.set(operation, cost);
    }
    if (typeof cost === 'number') return { cost, problem: null };
    const occasion: Occasion = { variable: variableValues(operation, variables), problem: null };
    return { cost: evaluate(cost, occasion), problem: occasion.problem };
  }

  #of(schema: GraphQLSchema): Known {
    const known = this.#known.get(schema);
    if (!known) throw new Error('the operation is for a supergraph whose costs were never read');
    return known;
  }
}
