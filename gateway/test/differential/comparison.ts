import { composeServices } from '@apollo/composition';
import { operationFromDocument, type Schema, Supergraph } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { RunCache } from '../../src/caching/entities/run-cache.ts';
import { createLabelling, type Labelling } from '../../src/caching/labels/labelling.ts';
import { Recording } from '../../src/caching/recording.ts';
import { completeCaching } from '../../src/caching/settings.ts';
import type { CacheStore } from '../../src/caching/store/cache-store.ts';
import { withDefer } from '../../src/execution/defer/directive.ts';
import { deferValues, deferVariables, settle } from '../../src/execution/defer/document.ts';
import { deferRules } from '../../src/execution/defer/rules.ts';
import type { SubgraphSender } from '../../src/execution/execution.ts';
import { CompiledOperation } from '../../src/execution/operation.ts';
import type { VaryingFetch } from '../../src/execution/plan/varying-fetch.ts';
import { withoutLiteralConditions } from '../../src/execution/planning/literal-conditions.ts';
import { OperationPlanner, type PlannedOperation } from '../../src/execution/planning/operation-planner.ts';
import { DEFER_PLANNER_CONFIG } from '../../src/execution/planning/planning.ts';
import { withTypeConditions } from '../../src/execution/planning/type-conditions.ts';
import { mergeParts, type Payload } from '../support/parts.ts';
import { type ClashingOperation, unclashed, withClashingAliases } from './clashing-aliases.ts';
import { FakeSubgraph, type NO_FAULTS, withLink } from './fake-subgraph.ts';
import { valuesIn, withoutExcluded } from './included.ts';
import { describe, misplacedIn, type Outcome } from './outcome.ts';
import type { RandomOperation } from './random-operation.ts';
import type { Federation } from './supergraphs.ts';

/** Everything is kept. */
const KEPT = completeCaching({ all: { ttl: 60_000 } });

/** What Apollo's executor needs of a request. */
type RequestContext = Parameters<typeof executeQueryPlan>[2];

/** A federation that two executors are run on. */
export class Comparison {
  readonly feature: string;
  readonly apiSchema: GraphQLSchema;
  readonly #api: Schema;
  readonly #supergraphSchema: GraphQLSchema;
  readonly #ours: OperationPlanner;
  readonly #deferring: OperationPlanner;
  readonly #apollos: QueryPlanner;
  readonly #labelling: Labelling;
  readonly #subgraphs: ReadonlyMap<string, FakeSubgraph>;

  /**
   * @param rate - how often what goes wrong in the subgraphs
   * @throws Error when the federation does not compose
   */
  constructor(federation: Federation, rate?: typeof NO_FAULTS) {
    const { feature, subgraphs } = federation;
    const sdl = federation.supergraph ?? compose(federation);
    const supergraph = Supergraph.build(sdl);
    this.#labelling = createLabelling(supergraph, sdl, () => true);
    this.feature = feature;
    this.#api = supergraph.apiSchema();
    this.apiSchema = withDefer(this.#api.toGraphQLJSSchema());
    this.#supergraphSchema = supergraph.schema.toGraphQLJSSchema();
    this.#ours = new OperationPlanner(new QueryPlanner(supergraph), this.#api);
    this.#deferring = new OperationPlanner(new QueryPlanner(supergraph, DEFER_PLANNER_CONFIG), this.#api);
    this.#apollos = new QueryPlanner(supergraph);
    this.#subgraphs = new Map(
      Object.entries(subgraphs).map(([name, sdl]) => [name, new FakeSubgraph(name, sdl, rate)]),
    );
  }

  /**
   * Plans an operation; null for one that is not valid, or that Apollo's planner fails on without our doing where its
   * own plan is needed.
   *
   * @param isClashing - whether our executor is given names of fields for aliases
   */
  prepare({ query, variables }: RandomOperation, isClashing: boolean): PreparedOperation | null {
    const document = this.#valid(query, variables);
    if (!document) return null;
    const clashing = isClashing ? withClashingAliases(document, this.apiSchema) : null;
    const ours = this.#plannedByUs(clashing?.document ?? document, variables);
    if (!ours) return null;
    const isVarying = planHas(ours, [VARYING]);
    // Where nothing is called otherwise, both run one plan: planning takes most of the time.
    if (!clashing && !isVarying && !planHas(ours, ours.names.clientNames.keys()))
      return { document, clashing, isReduced: false, ours, plan: ours.plan, variables };
    // Apollo's executor does not fetch what stands beside fields with @requires that are left out.
    const asked = isVarying
      ? withoutExcluded(document, valuesIn(document, ours.operation, variables))
      : withoutLiteralConditions(document);
    const plan = this.#plannedByApollo(withTypeConditions(asked, this.apiSchema));
    if (!plan) return null;
    return { document, clashing, isReduced: isVarying, ours, plan, variables };
  }

  #plannedByUs(document: DocumentNode, variables: Record<string, unknown>): PlannedRun | null {
    try {
      return planned(this.#ours, document, variables);
    } catch (error) {
      if (!this.#plannedByApollo(document)) return null;
      throw error;
    }
  }

  /** @returns null when the planner fails, as it does on some fragments on types that an object cannot be of */
  #plannedByApollo(document: DocumentNode): QueryPlan | null {
    const operation = operationFromDocument(this.#api, document);
    try {
      return this.#apollos.buildQueryPlan(operation);
    } catch {
      return null;
    }
  }

  /**
   * Plans an operation as it is with its `@defer`, and as it is without.
   *
   * @param isClashing - whether both get names of fields for aliases
   */
  prepareDeferring(
    { query, variables }: RandomOperation,
    isClashing: boolean,
  ): { whole: PlannedRun; parted: PlannedRun } | null {
    const given = this.#valid(query, variables);
    const document = given && isClashing ? withClashingAliases(given, this.apiSchema).document : given;
    const operation = document && getOperationAST(document);
    const names = document && deferVariables(document);
    if (!operation || !names) return null;
    const whole = settle(document, undefined, null);
    const values = deferValues(names, operation, variables);
    const { document: deferring, labels } = settle(document, undefined, values);
    try {
      return {
        whole: planned(this.#ours, whole.document, variables),
        parted: { ...planned(this.#deferring, deferring, variables), labels },
      };
    } catch {
      // The planner fails on some of them; they are answered as a whole then.
      return null;
    }
  }

  #valid(query: string, variables: Record<string, unknown>): DocumentNode | null {
    const document = parse(query);
    if (validate(this.apiSchema, document, [...specifiedRules, ...deferRules]).length > 0) return null;
    const operation = getOperationAST(document);
    if (!operation) return null;
    const { errors } = getVariableValues(this.apiSchema, operation.variableDefinitions ?? [], variables);
    return errors ? null : document;
  }

  /** Runs an operation with our executor, in parts. */
  async oursInParts(prepared: PlannedRun, seed: number): Promise<PartedOutcome> {
    const result = await this.#compile(prepared).runDeferring(
      prepared.variables,
      async ({ subgraph, query, variablesJson }) => ({
        ...(await this.#ask(subgraph, query, JSON.parse(variablesJson), seed)),
        cacheControl: '',
      }),
    );
    const payloads: Payload[] = [{ data: JSON.parse(String(result.data)), hasNext: result.hasNext }];
    const errors = [...result.errors, ...result.invalid];
    for await (const { parts, hasNext } of result.later) {
      const incremental = parts.map(({ place, data }) => ({ path: [...place], data: JSON.parse(data) }));
      payloads.push({ incremental, hasNext });
      errors.push(...parts.flatMap((part) => [...part.errors, ...part.invalid]));
    }
    return { data: mergeParts(payloads), payloads, errors: errors.map(String) };
  }

  #compile(prepared: PlannedRun, labelling: Labelling | null = null): CompiledOperation {
    const schemas = { apiSchema: this.apiSchema, supergraphSchema: this.#supergraphSchema };
    const client = { source: '', document: prepared.document, operationName: undefined };
    return new CompiledOperation({ ...prepared, ...schemas, client, id: '', planning: 0, labelling });
  }

  /**
   * Runs an operation with our executor and a cache, which other runs on the same data may have filled.
   *
   * @throws Error when a subgraph is asked for what its schema does not have
   */
  async oursKept(prepared: PlannedRun, seed: number, store: CacheStore): Promise<Outcome & { kept: number }> {
    const { variables } = prepared;
    const recording = new Recording();
    const cache = new RunCache({
      store,
      settings: KEPT,
      partitions: { public: '', private: null, mark: '', isOpaque: false },
      variables,
      recording,
      metrics: { countParts: () => undefined },
      restrict: () => undefined,
    });
    let requests = 0;
    const send: SubgraphSender = async ({ subgraph, query, variablesJson }) => {
      requests++;
      this.#subgraphs.get(subgraph)?.check(query);
      return { ...(await this.#ask(subgraph, query, JSON.parse(variablesJson), seed)), cacheControl: '' };
    };
    const result = await this.#compile(prepared, this.#labelling).run(variables, send, { cache });
    const data = JSON.parse(String(result.data));
    const errors = describe(result.errors);
    return { data, errors, misplaced: misplacedIn(data, result.errors), requests, kept: recording.hits };
  }

  /** Runs an operation with our executor. */
  async ours(
    prepared: PlannedRun,
    seed: number,
    clashing: ClashingOperation | null = null,
  ): Promise<Outcome> {
    let requests = 0;
    const compiled = this.#compile(prepared);
    const result = await compiled.run(prepared.variables, async ({ subgraph, query, variablesJson }) => {
      requests++;
      return { ...(await this.#ask(subgraph, query, JSON.parse(variablesJson), seed)), cacheControl: '' };
    });
    const data = JSON.parse(String(result.data));
    const errors = describe(result.errors);
    if (clashing) return unclashed({ data, errors, misplaced: [], requests }, clashing);
    return { data, errors, misplaced: misplacedIn(data, result.errors), requests };
  }

  /** Runs an operation with Apollo's executor. */
  async apollos({ document, plan, variables }: PreparedOperation, seed: number): Promise<Outcome> {
    let requests = 0;
    const services: ServiceMap = Object.fromEntries(
      [...this.#subgraphs.keys()].map((name) => [
        name,
        {
          process: ({ request }) => {
            requests++;
            const sent = JSON.parse(JSON.stringify(request.variables ?? {}));
            return this.#ask(name, request.query ?? '', sent, seed);
          },
        },
      ]),
    );
    const { data, errors = [] } = await executeQueryPlan(
      plan,
      services,
      { request: { variables }, metrics: {}, logger: console } as unknown as RequestContext,
      buildOperationContext({ schema: this.apiSchema, operationDocument: document }),
      this.#supergraphSchema,
      this.#api,
    );
    return {
      data: JSON.parse(JSON.stringify(data ?? null)),
      errors: describe(errors),
      misplaced: [],
      requests,
    };
  }

  #ask(subgraph: string, query: string, variables: Record<string, unknown>, seed: number) {
    const fake = this.#subgraphs.get(subgraph);
    if (!fake) throw new Error(`there is no subgraph ${subgraph}`);
    return fake.answer(query, variables, seed);
  }
}

/** @throws Error when the federation does not compose */
/** The supergraph of a federation. @throws Error when it does not compose */
export function compose({ feature, subgraphs }: Federation): string {
  const { errors, supergraphSdl } = composeServices(
    Object.entries(subgraphs).map(([name, sdl]) => ({ name, url: '', typeDefs: parse(withLink(sdl)) })),
  );
  if (errors) throw new Error(`${feature}: ${errors.map(({ message }) => message).join('\n')}`);
  return supergraphSdl;
}

/** A valid operation with its plans. */
export interface PreparedOperation {
  document: DocumentNode;
  /** What our executor is given in place of the document; null when it is given the document itself. */
  clashing: ClashingOperation | null;
  /**
   * Whether Apollo's executor is given the document without what is left out of it. The subgraphs then get other operations, and
   * of several errors that make null of the same object can tell another one.
   */
  isReduced: boolean;
  ours: PlannedRun;
  /** What Apollo's executor runs. */
  plan: QueryPlan;
  variables: Record<string, unknown>;
}

/** What our executor runs. */
export interface PlannedRun extends PlannedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Record<string, unknown>;
  labels?: readonly (string | undefined)[];
}

/** Stands in fetches that send more or less of an entity, by what is left out. */
const VARYING = 'decidedBy' satisfies keyof VaryingFetch;

/** Whether any of some names stands in a plan. */
function planHas({ plan }: PlannedRun, names: Iterable<string>): boolean {
  const text = JSON.stringify(plan);
  return [...names].some((name) => text.includes(name));
}

function planned(
  planner: OperationPlanner,
  document: DocumentNode,
  variables: Record<string, unknown>,
): PlannedRun {
  const operation = getOperationAST(document);
  if (!operation) throw new Error('the document has no operation');
  return { ...planner.plan(document, undefined), document, operation, variables };
}

/** What comes of an operation in parts. */
export interface PartedOutcome {
  /** Of all parts together. */
  data: unknown;
  payloads: Payload[];
  errors: string[];
}
