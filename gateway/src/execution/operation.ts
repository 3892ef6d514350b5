import { performance } from 'node:perf_hooks';
import type { FetchNode, QueryPlan } from '@apollo/query-planner';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  isObjectType,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
import type { Denial } from '../authorization/denial.ts';
import type { OperationParts, OperationRequirements } from '../authorization/operation-requirements.ts';
import { createUnauthorized, type Unauthorized } from '../authorization/unauthorized.ts';
import type { LastAnswer } from '../caching/labels/fetch-labels.ts';
import type { Labelling } from '../caching/labels/labelling.ts';
import { conditionsIn, keyOfConditions } from './conditions.ts';
import { DeferredRun } from './defer/deferred-run.ts';
import { laterParts, withEnd } from './defer/later-parts.ts';
import { Execution, type ExecutionInput, type FetchCache, type SubgraphSender } from './execution.ts';
import type { Trace } from './explain/trace.ts';
import { fragmentsIn } from './fragments.ts';
import { introspect } from './introspection.ts';
import type { ClientOperation } from './operation-cache.ts';
import type { AnswerSource, DeferredResult, OperationResult, RunOptions } from './operation-run.ts';
import { type CompiledPlan, compileDeferring } from './plan/deferred-plan.ts';
import type { JsonObject } from './plan/objects.ts';
import { joinEntityOperations, joinedId, type SubgraphOperation } from './plan/subgraph-operation.ts';
import { type EventSource, eventPlan, first, sourceOf } from './plan/subscription.ts';
import type { PlannedOperation } from './planning/operation-planner.ts';
import type { FetchedNames } from './planning/response-names.ts';
import { compileAnswer } from './response/write-answer.ts';
import { type Place, Writing } from './response/writing.ts';
import { type CheckVariables, variablesCheck } from './variables.ts';

/** What an operation is compiled from. */
export interface OperationSource extends PlannedOperation {
  /** What it was compiled for. */
  client: ClientOperation;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** Milliseconds that planning took. */
  planning: number;
  /** What clients see. */
  apiSchema: GraphQLSchema;
  /** What the subgraphs have, all together. */
  supergraphSchema: GraphQLSchema;
  /** Tells it apart from all others, also in other processes and of other supergraphs. */
  id: string;
  /** Finds out what caches need to know of its fetches. @default nothing is kept */
  labelling?: Labelling | null;
  /** The clients' labels of the parts that are deferred in the document. @default nothing is deferred */
  labels?: readonly (string | undefined)[];
  /** What it takes to see all of it. @default nothing */
  requirements?: OperationRequirements | null;
  /** What of the document was not planned, and is null in the answer. @default everything is planned */
  denial?: Denial | null;
}

type WriteAnswer = (data: JsonObject, writing: Writing) => Buffer;

/** An operation that is planned and compiled, for one supergraph: it can be run any number of times at once. */
export class CompiledOperation {
  /** Tells it apart from all others, also in other processes and of other supergraphs. */
  readonly id: string;
  /** What it was compiled for. */
  readonly client: ClientOperation;
  readonly plan: QueryPlan;
  /** What it takes to see all of it; null when anybody may. */
  readonly requirements: OperationRequirements | null;
  /** What its last answer said of itself: the next one is looked for accordingly. */
  last: LastAnswer = { isKept: true };
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** What clients see of the supergraph. */
  readonly schema: GraphQLSchema;
  /** The operation, to be walked through. */
  readonly parts: OperationParts;
  /** What the fetches of the plan are called. */
  readonly ids: ReadonlyMap<FetchNode, string>;
  /** Milliseconds that making it took. */
  readonly cost: { readonly planning: number; readonly compiling: number };
  /** Where the events of a subscription come from; null for a query or a mutation. */
  readonly source: EventSource | null;
  /** Why variables do not fit their definitions; undefined when they do. */
  readonly errorsIn: CheckVariables;
  /** The clients' labels of the parts that are deferred, by the numbers of these. */
  readonly labels: readonly (string | undefined)[];
  readonly #compiled: CompiledPlan;
  readonly #denial: Denial | null;
  readonly #unauthorized: Unauthorized | null;
  readonly #names: FetchedNames;
  /** Whether equal entities become objects of their own, as what is around them makes a difference. */
  readonly #copies: boolean;
  /** The variables that decide about parts of the operation, with their defaults. */
  readonly #conditions: ReadonlyMap<string, boolean>;
  /** By the values of those variables. */
  readonly #writers = new Map<string, WriteAnswer>();
  readonly #joined = new Map<string, SubgraphOperation>();

  /** @throws Error when the plan cannot be run */
  constructor(source: OperationSource) {
    const { plan, names, planning, operation, document, apiSchema, supergraphSchema, labels = [] } = source;
    const { labelling = null, requirements = null, denial = null } = source;
    const { node } = plan;
    const start = performance.now();
    const ids = new Map<FetchNode, string>();
    const idOf = (fetch: FetchNode) => {
      const id = ids.get(fetch) ?? String(ids.size);
      ids.set(fetch, id);
      return id;
    };
    const context = {
      schema: supergraphSchema,
      // What is fetched for an event of a subscription changes nothing.
      kind: operation.operation === 'subscription' ? OperationTypeNode.QUERY : operation.operation,
      idOf,
      labelling,
      hasContextual: false,
    };
    this.id = source.id;
    this.client = source.client;
    this.requirements = requirements;
    this.#denial = denial;
    this.plan = plan;
    this.document = document;
    this.operation = operation;
    this.ids = ids;
    this.#names = names;
    this.source = node?.kind === 'Subscription' ? sourceOf(node) : null;
    this.errorsIn = variablesCheck(apiSchema, operation.variableDefinitions ?? []);
    this.schema = apiSchema;
    this.#compiled = compileDeferring(node?.kind === 'Subscription' ? eventPlan(node) : node, context);
    this.#copies = context.hasContextual;
    this.labels = labels;
    this.#conditions = conditionsIn(document, operation);
    this.parts = { schema: apiSchema, operation, fragments: fragmentsIn(document) };
    this.#unauthorized = denial && createUnauthorized(this.parts, denial);
    this.cost = { planning, compiling: performance.now() - start };
  }

  /** Whether policies are asked each time before it is run. */
  get dependsOnPolicies(): boolean {
    return this.requirements !== null && this.requirements.policies.length > 0;
  }

  /** Whether parts of it are deferred. */
  get isDeferring(): boolean {
    return this.labels.length > 0;
  }

  /** The errors for what was not planned of it. @param variables - the client's, which fit their definitions */
  unauthorized(variables: Readonly<Record<string, unknown>>): GraphQLError[] {
    return this.#unauthorized?.(this.conditionsFor(variables)) ?? [];
  }

  /**
   * Runs the operation, in which nothing is deferred; a subscription for one event.
   *
   * @param variables - the client's, which fit their definitions
   */
  async run(
    variables: Readonly<Record<string, unknown>>,
    send: SubgraphSender,
    { trace = null, cache = null, event, observe }: RunOptions = {},
  ): Promise<OperationResult> {
    const input = this.#inputFor(variables, event ? first(event, send) : send, { trace, cache });
    const execution = new Execution(input);
    if (this.#compiled.step) await execution.run(this.#compiled.step);
    const writing = this.#writing(variables, execution.isShared);
    const data = this.#write(input, execution.data, writing);
    observe?.({ operation: this, data: execution.data, conditions: input.conditions, variables });
    const errors = [...this.unauthorized(variables), ...execution.errors];
    return { data, errors, invalid: writing.errors };
  }

  /**
   * Runs an operation in which parts are deferred. It resolves with what comes first, while the rest goes on.
   *
   * @param variables - the client's, which fit their definitions
   * @param options - a trace follows the run up to what comes first
   */
  async runDeferring(
    variables: Readonly<Record<string, unknown>>,
    send: SubgraphSender,
    { trace = null, cache = null, observe }: RunOptions = {},
  ): Promise<DeferredResult> {
    const input = this.#inputFor(variables, send, { trace, cache });
    const isKnown = (typename: unknown) => isObjectType(this.schema.getType(String(typename)));
    const run = new DeferredRun(this.#compiled, { ...input, isObjectType: isKnown });
    await run.run();
    const { data: fetched, errors } = run.execution;
    // A list that stands at several places has its deferred parts at each.
    const writing = this.#writing(variables, false);
    const data = this.#write(input, fetched, writing);
    const writingAt = (place: Place) => this.#writing(variables, false, place);
    const parts = laterParts({ run, left: writing.left, labels: this.labels, writingAt });
    const { conditions } = input;
    const end = () => observe?.({ operation: this, data: fetched, conditions, variables });
    const later = observe ? withEnd(parts, end) : parts;
    const told = [...this.unauthorized(variables), ...errors];
    return { data, errors: told, invalid: writing.errors, hasNext: writing.left.length > 0, later };
  }

  /** The values of the variables that decide about parts of it. @param variables - the client's */
  conditionsFor(variables: Readonly<Record<string, unknown>>): Readonly<Record<string, boolean>> {
    return Object.fromEntries(
      [...this.#conditions].map(([name, value]) => [name, (variables[name] as boolean | undefined) ?? value]),
    );
  }

  /** How the answer is read from what was fetched, for the values of the variables that decide about parts of it. */
  answerSource(conditions: Readonly<Record<string, boolean>>): AnswerSource {
    const { schema, operation, fragments } = this.parts;
    const root = schema.getRootType(operation.operation);
    if (!root) throw new Error(`the schema has no ${operation.operation}`);
    return { selections: { schema, fragments, conditions }, names: this.#names, root, operation };
  }

  #inputFor(
    variables: Readonly<Record<string, unknown>>,
    send: SubgraphSender,
    { trace, cache }: { trace: Trace | null; cache: FetchCache | null },
  ): ExecutionInput {
    const conditions = this.conditionsFor(variables);
    const join = (operations: readonly SubgraphOperation[]) => this.#join(operations);
    const { clientNames } = this.#names;
    return { variables, conditions, clientNames, copies: this.#copies, send, trace, cache, join };
  }

  #write({ conditions, trace }: ExecutionInput, data: JsonObject, writing: Writing): Buffer {
    const write = () => this.#writerFor(conditions)(data, writing);
    return trace ? trace.write(write) : write();
  }

  #writing(variables: Readonly<Record<string, unknown>>, isShared: boolean, place?: Place): Writing {
    return new Writing((field) => introspect(this.parts, field, variables), isShared, place);
  }

  #writerFor(conditions: Readonly<Record<string, boolean>>): WriteAnswer {
    const key = keyOfConditions(conditions);
    let write = this.#writers.get(key);
    if (!write) {
      const { selections, names, root, operation } = this.answerSource(conditions);
      write = compileAnswer(selections, names, root, operation.selectionSet, this.#denial);
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
