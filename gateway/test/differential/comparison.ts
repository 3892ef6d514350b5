import { composeServices } from '@apollo/composition';
import { operationFromDocument, type Schema, Supergraph } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import {
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { CompiledOperation } from '../../src/execution/operation.ts';
import { FAILED_FIELD, FakeSubgraph, withLink } from './fake-subgraph.ts';
import type { RandomOperation } from './random-operation.ts';
import type { Federation } from './supergraphs.ts';

/** What both executors answer with, as far as it is to be the same. */
export interface Outcome {
  data: unknown;
  /** Path and message of each, sorted. */
  errors: string[];
  /** Errors that are said to be where they are not. */
  misplaced: string[];
  /** How many requests were sent to subgraphs. */
  requests: number;
}

/** What Apollo's executor needs of a request. */
type RequestContext = Parameters<typeof executeQueryPlan>[2];

/** A federation that two executors are run on. */
export class Comparison {
  readonly feature: string;
  readonly apiSchema: GraphQLSchema;
  readonly #api: Schema;
  readonly #supergraphSchema: GraphQLSchema;
  readonly #planner: QueryPlanner;
  readonly #subgraphs: ReadonlyMap<string, FakeSubgraph>;

  /** @throws Error when the federation does not compose */
  constructor({ feature, subgraphs }: Federation) {
    const { errors, supergraphSdl } = composeServices(
      Object.entries(subgraphs).map(([name, sdl]) => ({ name, url: '', typeDefs: parse(withLink(sdl)) })),
    );
    if (errors) throw new Error(`${feature}: ${errors.map(({ message }) => message).join('\n')}`);
    const supergraph = Supergraph.build(supergraphSdl);
    this.feature = feature;
    this.#api = supergraph.apiSchema();
    this.apiSchema = this.#api.toGraphQLJSSchema();
    this.#supergraphSchema = supergraph.schema.toGraphQLJSSchema();
    this.#planner = new QueryPlanner(supergraph);
    this.#subgraphs = new Map(
      Object.entries(subgraphs).map(([name, sdl]) => [name, new FakeSubgraph(name, sdl)]),
    );
  }

  /** Plans an operation; null for one that is not valid. */
  prepare({ query, variables }: RandomOperation): PreparedOperation | null {
    const document = parse(query);
    if (validate(this.apiSchema, document).length > 0) return null;
    const operation = getOperationAST(document);
    if (!operation) return null;
    if (getVariableValues(this.apiSchema, operation.variableDefinitions ?? [], variables).errors) return null;
    const plan = this.#planner.buildQueryPlan(operationFromDocument(this.#api, document));
    return { document, operation, plan, variables };
  }

  /** Runs an operation with our executor. */
  async ours(prepared: PreparedOperation, seed: number): Promise<Outcome> {
    let requests = 0;
    const compiled = new CompiledOperation({
      ...prepared,
      apiSchema: this.apiSchema,
      supergraphSchema: this.#supergraphSchema,
    });
    const result = await compiled.run(prepared.variables, async ({ subgraph, query, variablesJson }) => {
      requests++;
      return { ...(await this.#ask(subgraph, query, JSON.parse(variablesJson), seed)), cacheControl: '' };
    });
    const data = JSON.parse(result.data);
    return { data, errors: describe(result.errors), misplaced: misplacedIn(data, result.errors), requests };
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

/** A valid operation with its plan. */
export interface PreparedOperation {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  plan: QueryPlan;
  variables: Record<string, unknown>;
}

/**
 * Two things about paths are wrong in Apollo's executor, and left out of what is compared: an error that names no
 * entity gets the path of the plan, with `@` for every list and `_entities`; and where some objects of a list are of another type, an
 * error about one of the others gets the index of its neighbour.
 */
const describe = (errors: readonly GraphQLError[]): string[] =>
  errors
    .map(({ path = [], message }) => {
      const end = path.findIndex((key) => key === '@' || key === '_entities');
      const place = end === -1 ? path : path.slice(0, end);
      return `${place.filter((key) => typeof key === 'string').join('.')}: ${message}`;
    })
    .toSorted();

/** The errors of resolvers whose path is not that of their field, or does not end at a null. */
const misplacedIn = (data: unknown, errors: readonly GraphQLError[]): string[] =>
  errors.flatMap(({ path = [], message }) => {
    const field = FAILED_FIELD.exec(message)?.[1];
    if (field === undefined) return [];
    let value = data;
    for (const key of path) value = (value as Record<string | number, unknown> | null | undefined)?.[key];
    const last = String(path.findLast((key) => typeof key === 'string'));
    const isRight = (value ?? null) === null && last.replace(/_\d+$/, '') === field;
    return isRight ? [] : [`${path.join('.')}: ${message}`];
  });
