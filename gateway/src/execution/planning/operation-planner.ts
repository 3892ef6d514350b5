import { type Operation, operationFromDocument, type Schema } from '@apollo/federation-internals';
import type { QueryPlan, QueryPlanner } from '@apollo/query-planner';
import type { DocumentNode, FieldNode, GraphQLError, GraphQLSchema } from 'graphql';
import { gatewayError } from '../../errors/gateway-error.ts';
import { withDirectiveArguments } from './directive-arguments.ts';
import { withoutLiteralConditions } from './literal-conditions.ts';
import { mendPartialTypes } from './partial-types.ts';
import { withoutImpossibleFragments } from './possible-fragments.ts';
import { type MendedGraph, mendQueryGraph } from './query-graph.ts';
import { assignRequiredFields } from './required-fields.ts';
import { fieldNamesOf } from './required-names.ts';
import { ResponseNames } from './response-names.ts';
import { fetchedRootField } from './root-fields.ts';
import { withTypeConditions } from './type-conditions.ts';

/** What fields are called in what is fetched. */
export interface FetchedNames {
  /** The name that a field of the client's operation is fetched under. */
  of(field: FieldNode): string;
  /** What clients call the fields that are fetched under other names, by those names. */
  readonly clientNames: ReadonlyMap<string, string>;
}

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
   * @throws GraphQLError when the operation cannot be planned
   */
  plan(
    document: DocumentNode,
    operationName: string | undefined,
    overrides: readonly string[] = [],
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
    const unplanned = plan.node ? undefined : fetchedRootField(document, operationName);
    if (unplanned) throw notResolvable(unplanned);
    return {
      plan: assignRequiredFields(plan, this.#graph, this.#isObjectType),
      names: {
        of: (field) => names.of(field),
        clientNames: new Map([...this.#graph.requiredNames, ...names.clientNames]),
      },
    };
  }

  /** Whether objects of a type say that they are of this type in every subgraph. */
  readonly #isObjectType = (type: string): boolean =>
    this.#planner.supergraph.schema.type(type)?.kind === 'ObjectType';

  #buildPlan(operation: Operation, overrides: readonly string[]): QueryPlan {
    const overrideConditions = new Map(overrides.map((label) => [label, true]));
    try {
      return this.#planner.buildQueryPlan(operation, { overrideConditions });
    } catch (error) {
      throw notPlannable(error);
    }
  }
}

/**
 * The planner fails in many ways, some of them faults of its own, and throws errors of any kind. What they say is not for
 * clients.
 */
const notPlannable = (error: unknown): GraphQLError =>
  gatewayError('QUERY_PLANNING_FAILED', {
    originalError: error instanceof Error ? error : new Error(String(error)),
  });

/** The planner leaves out what no subgraph has; of nothing else an answer would be made up. */
const notResolvable = (field: FieldNode): GraphQLError => {
  const name = (field.alias ?? field.name).value;
  return gatewayError('UNRESOLVABLE_SELECTION', {
    values: { field: field.name.value },
    nodes: [field],
    path: [name],
  });
};
