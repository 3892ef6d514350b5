import type { QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { Execution, type SubgraphSender } from './execution.ts';
import { introspect } from './introspection.ts';
import { compilePlan } from './plan/compile-plan.ts';
import type { JsonObject } from './plan/objects.ts';
import type { Step } from './plan/steps.ts';
import { joinEntityOperations, joinedId, type SubgraphOperation } from './plan/subgraph-operation.ts';
import { conditionsIn } from './response/selections.ts';
import { compileAnswer } from './response/write-answer.ts';
import { Writing } from './response/writing.ts';

/** What an operation is compiled from. */
export interface OperationSource {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  plan: QueryPlan;
  /** What clients see. */
  apiSchema: GraphQLSchema;
  /** What the subgraphs have, all together. */
  supergraphSchema: GraphQLSchema;
}

/** What came of an operation. */
export interface OperationResult {
  /** JSON. */
  data: string;
  /** What subgraphs reported, and requests to them that failed. */
  errors: GraphQLError[];
  /** What was wrong in data that subgraphs sent without an error. */
  invalid: GraphQLError[];
}

type WriteAnswer = (data: JsonObject, writing: Writing) => string;

/** An operation that is planned and compiled, for one supergraph: it can be run any number of times at once. */
export class CompiledOperation {
  readonly plan: QueryPlan;
  readonly operation: OperationDefinitionNode;
  readonly #schema: GraphQLSchema;
  readonly #fragments: readonly FragmentDefinitionNode[];
  readonly #steps: Step | null;
  /** The variables that decide about parts of the operation, with their defaults. */
  readonly #conditions: ReadonlyMap<string, boolean>;
  /** By the values of those variables. */
  readonly #writers = new Map<string, WriteAnswer>();
  readonly #joined = new Map<string, SubgraphOperation>();

  /** @throws Error when the plan cannot be run */
  constructor({ plan, operation, document, apiSchema, supergraphSchema }: OperationSource) {
    if (plan.node?.kind === 'Subscription') throw new Error('a subscription cannot be run as a query');
    let fetches = 0;
    const context = { schema: supergraphSchema, kind: operation.operation, nextId: () => String(fetches++) };
    this.plan = plan;
    this.operation = operation;
    this.#schema = apiSchema;
    this.#steps = plan.node ? compilePlan(plan.node, context) : null;
    this.#conditions = conditionsIn(document, operation);
    this.#fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  }

  /** Why variables do not fit their definitions; undefined when they do. */
  errorsIn(variables: Readonly<Record<string, unknown>>): readonly GraphQLError[] | undefined {
    const { variableDefinitions = [] } = this.operation;
    if (variableDefinitions.length === 0) return undefined;
    return getVariableValues(this.#schema, variableDefinitions, variables).errors;
  }

  /**
   * Runs the operation.
   *
   * @param variables - the client's, which fit their definitions
   */
  async run(variables: Readonly<Record<string, unknown>>, send: SubgraphSender): Promise<OperationResult> {
    const conditions = Object.fromEntries(
      [...this.#conditions].map(([name, value]) => [name, (variables[name] as boolean | undefined) ?? value]),
    );
    const join = (operations: readonly SubgraphOperation[]) => this.#join(operations);
    const execution = new Execution({ variables, conditions, send, join });
    if (this.#steps) await execution.run(this.#steps);
    const writing = new Writing(
      (field) => introspect(this.#schema, this.operation, this.#fragments, field, variables),
      execution.isShared,
    );
    const data = this.#writerFor(conditions)(execution.data, writing);
    return { data, errors: execution.errors, invalid: writing.errors };
  }

  #writerFor(conditions: Readonly<Record<string, boolean>>): WriteAnswer {
    const key = Object.values(conditions).map(Number).join('');
    let write = this.#writers.get(key);
    if (!write) {
      const { operation, selectionSet } = this.operation;
      const root = this.#schema.getRootType(operation);
      if (!root) throw new Error(`the schema has no ${operation}`);
      const fragments = new Map(this.#fragments.map((fragment) => [fragment.name.value, fragment]));
      write = compileAnswer({ schema: this.#schema, fragments, conditions }, root, selectionSet);
      this.#writers.set(key, write);
    }
    return write;
  }

  #join(operations: readonly SubgraphOperation[]): SubgraphOperation {
    const id = joinedId(operations);
    let joined = this.#joined.get(id);
    if (!joined) {
      joined = joinEntityOperations(operations);
      this.#joined.set(id, joined);
    }
    return joined;
  }
}
