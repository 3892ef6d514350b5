import { type Operation, operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { withDirectiveArguments } from './directive-arguments.ts';
import { withoutLiteralConditions } from './literal-conditions.ts';
import { mendPartialTypes } from './partial-types.ts';
import { UnplannableError, UnresolvableError } from './planning-errors.ts';
import { withoutImpossibleFragments } from './possible-fragments.ts';
import { type MendedGraph, mendQueryGraph } from './query-graph.ts';
import { assignRequiredFields } from './required-fields.ts';
import { fieldNamesOf } from './required-names.ts';
import { FetchedNames, ResponseNames } from './response-names.ts';
import { fetchedRootField } from './root-fields.ts';
import { withTypeConditions } from './type-conditions.ts';

/** An operation's plan. */
export interface PlannedOperation {
  plan: QueryPlan;
  names: FetchedNames;
}

/** Plans operations with Apollo's planner, and mends what it does wrong. */
export class OperationPlanner {
  readonly #planner: QueryPlanner;
  readonly #apiSchema: Schema;
  readonly #apiTypes: GraphQLSchema;
  readonly #graph: MendedGraph;
  readonly #reserved: ReadonlySet<string>;

  /**
   * @param planner - not used for plans yet; its query graph is changed
   * @throws Error when it is of a version that keeps what is changed elsewhere
   */
  constructor(planner: QueryPlanner, apiSchema: Schema) {
    this.#planner = planner;
    this.#apiSchema = apiSchema;
    this.#apiTypes = apiSchema.toGraphQLJSSchema();
    this.#graph = mendQueryGraph(planner);
    mendPartialTypes(planner.supergraph.schema);
    this.#reserved = new Set([
      '__typename',
      ...fieldNamesOf(planner.supergraph.schema),
      ...this.#graph.requiredNames.keys(),
    ]);
  }

  /**
   * @param overrides - labels of progressive `@override`s that are in effect. @default none is
   * @throws UnplannableError, UnresolvableError, or GraphQLError for an operation that is not valid
   */
  plan(
    document: DocumentNode,
    operationName: string | undefined,
    overrides: readonly string[] = [],
  ): PlannedOperation {
    return this.complete(this.build(document, operationName, overrides));
  }

  /**
   * Does what takes time of it. Its result can be sent to another thread, and be completed there by a planner for the same
   * supergraph.
   *
   * @throws as `plan`
   */
  build(
    document: DocumentNode,
    operationName: string | undefined,
    overrides: readonly string[],
  ): PlannedOperation {
    const names = new ResponseNames(document, (name) => this.#reserved.has(name));
    const renamed = withDirectiveArguments(withoutLiteralConditions(names.rename(document)), this.#apiTypes);
    const possible = withoutImpossibleFragments(renamed, this.#apiTypes);
    const operation = operationFromDocument(
      this.#apiSchema,
      withTypeConditions(possible, this.#apiTypes),
      operationName === undefined ? {} : { operationName },
    );
    const plan = this.#buildPlan(operation, overrides);
    // The planner leaves out what no subgraph has; of nothing else an answer would be made up.
    const unplanned = plan.node ? undefined : fetchedRootField(document, operationName);
    if (unplanned) throw new UnresolvableError(`no subgraph has what is in ${unplanned.name.value}`);
    return {
      plan,
      names: new FetchedNames(names.byField, new Map([...this.#graph.requiredNames, ...names.clientNames])),
    };
  }

  /** Adds what a plan says in functions. */
  complete<Built extends PlannedOperation>(built: Built): Built {
    return { ...built, plan: assignRequiredFields(built.plan, this.#graph, this.#isObjectType) };
  }

  /** Whether objects of a type say that they are of this type in every subgraph. */
  readonly #isObjectType = (type: string): boolean =>
    this.#planner.supergraph.schema.type(type)?.kind === 'ObjectType';

  #buildPlan(operation: Operation, overrides: readonly string[]): QueryPlan {
    const overrideConditions = new Map(overrides.map((label) => [label, true]));
    try {
      return this.#planner.buildQueryPlan(operation, { overrideConditions });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UnplannableError(reason, { cause: error });
    }
  }
}
