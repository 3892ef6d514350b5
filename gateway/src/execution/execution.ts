import type { ResponsePath } from '@apollo/query-planner';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { SubgraphAnswer } from '../transport/answer.ts';
import { SubgraphError } from '../transport/subgraph-error.ts';
import type { SubgraphRequest } from '../transport/subgraph-request.ts';
import type { FetchAnswer, ReadyFetch } from './plan/fetch.ts';
import type { JsonObject } from './plan/objects.ts';
import type { Step } from './plan/steps.ts';
import {
  ENTITIES,
  joinedEntities,
  joinedRepresentations,
  REPRESENTATIONS,
  type SubgraphOperation,
} from './plan/subgraph-operation.ts';

/** One request to a subgraph. */
export interface FetchRequest extends SubgraphRequest {
  subgraph: string;
}

/** Asks a subgraph. It rejects when there is no answer that can be used. */
export type SubgraphSender = (request: FetchRequest) => Promise<SubgraphAnswer>;

/** What one run of an operation goes with. */
export interface ExecutionInput {
  /** The client's variables. */
  variables: Readonly<Record<string, unknown>>;
  /** The values of the variables that decide about parts of the operation. */
  conditions: Readonly<Record<string, boolean>>;
  send: SubgraphSender;
  /** Joins operations; the same ones are joined once. */
  join(operations: readonly SubgraphOperation[]): SubgraphOperation;
}

/** One run of a compiled plan: what has been fetched so far, and what went wrong. */
export class Execution {
  readonly data: JsonObject = {};
  readonly errors: GraphQLError[] = [];
  /** Whether something in the data stands at several places, because entities were equal. */
  isShared = false;
  readonly #input: ExecutionInput;
  #ready: ReadyFetch[] = [];
  #fail: (error: unknown) => void = () => undefined;

  constructor(input: ExecutionInput) {
    this.#input = input;
  }

  /** Runs a plan to its end. What subgraphs do wrong is in `errors`; it rejects for faults of our own. */
  run(plan: Step): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#fail = reject;
      plan.run(this, resolve);
      this.#sendReady();
    });
  }

  /** Has a fetch sent, when the steps that can be run have been. */
  fetch(fetch: ReadyFetch): void {
    this.#ready.push(fetch);
  }

  /** The value of a variable that decides about a part of the operation. */
  isTrue(variable: string): boolean {
    return this.#input.conditions[variable] === true;
  }

  /** Adds an error of a subgraph's to the answer. @param path - in the client's answer */
  report({ message, extensions }: GraphQLFormattedError, subgraph: string, path?: ResponsePath): void {
    this.errors.push(
      new GraphQLError(message, {
        ...(path && { path }),
        extensions: { code: 'DOWNSTREAM_SERVICE_ERROR', ...extensions, serviceName: subgraph },
      }),
    );
  }

  #sendReady(): void {
    const ready = this.#ready;
    this.#ready = [];
    const bySubgraph = new Map<string, ReadyFetch[]>();
    for (const fetch of ready) {
      const { subgraph } = fetch.operation;
      if (!fetch.representations) this.#sendAlone(fetch).catch(this.#fail);
      else bySubgraph.set(subgraph, [...(bySubgraph.get(subgraph) ?? []), fetch]);
    }
    for (const fetches of bySubgraph.values()) this.#sendTogether(fetches).catch(this.#fail);
  }

  async #sendAlone(fetch: ReadyFetch): Promise<void> {
    await this.#receiveAlone(fetch);
    this.#finish([fetch]);
  }

  async #receiveAlone(fetch: ReadyFetch): Promise<void> {
    const { operation, representations } = fetch;
    const lists = representations ? { [REPRESENTATIONS]: representations } : {};
    try {
      const answer = await this.#send(operation, lists, representations?.length);
      fetch.receive({ data: answer.data ?? null, errors: answer.errors ?? [] });
    } catch (error) {
      this.#reportFailure(error, fetch);
    }
  }

  async #sendTogether(fetches: readonly ReadyFetch[]): Promise<void> {
    const [first] = fetches;
    if (fetches.length === 1 && first) return this.#sendAlone(first);
    const answers = await this.#askTogether(fetches);
    // What one fetch does to all is not known of an answer to all; each on its own is told what is its own.
    if (answers) answers.forEach((answer, index) => void fetches[index]?.receive(answer));
    else await Promise.all(fetches.map((fetch) => this.#receiveAlone(fetch)));
    this.#finish(fetches);
  }

  /** @returns null when the answer is not good for all */
  async #askTogether(fetches: readonly ReadyFetch[]): Promise<FetchAnswer[] | null> {
    const lists = Object.fromEntries(
      fetches.map(({ representations }, n) => [joinedRepresentations(n), representations ?? []]),
    );
    try {
      const operation = this.#input.join(fetches.map((fetch) => fetch.operation));
      const { data, errors = [] } = await this.#send(operation, lists, undefined);
      return splitAnswer(fetches, data ?? null, errors);
    } catch (error) {
      for (const fetch of fetches) this.#reportFailure(error, fetch);
      return fetches.map(() => ({ data: null, errors: [] }));
    }
  }

  #send(
    operation: SubgraphOperation,
    lists: Readonly<Record<string, readonly string[]>>,
    entities: number | undefined,
  ): Promise<SubgraphAnswer> {
    const { variables, send } = this.#input;
    const values = operation.variables
      .filter((name) => Object.hasOwn(variables, name) && variables[name] !== undefined)
      .map((name) => {
        if (Object.hasOwn(lists, name)) throw new GraphQLError(`A variable cannot be called "${name}" here.`);
        return `${JSON.stringify(name)}:${JSON.stringify(variables[name])}`;
      });
    for (const [name, representations] of Object.entries(lists)) {
      values.push(`"${name}":[${representations.join(',')}]`);
    }
    return send({ ...operation, variablesJson: `{${values.join(',')}}`, entities });
  }

  #reportFailure(error: unknown, { place }: ReadyFetch): void {
    const path = place.length > 0 ? place : undefined;
    if (error instanceof SubgraphError) this.errors.push(error.at(path));
    else if (error instanceof GraphQLError) this.errors.push(error);
    else
      this.errors.push(
        new GraphQLError(messageOf(error), { originalError: error as Error, ...(path && { path }) }),
      );
  }

  #finish(fetches: readonly ReadyFetch[]): void {
    for (const fetch of fetches) fetch.done();
    this.#sendReady();
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Deals an answer out to the fetches it is for. @returns null when a list of entities is not there, or too short */
function splitAnswer(
  fetches: readonly ReadyFetch[],
  data: JsonObject | null,
  errors: readonly GraphQLFormattedError[],
): FetchAnswer[] | null {
  const names = fetches.map((_, n) => joinedEntities(n));
  const complete = fetches.every(({ representations }, n) => {
    const entities = data?.[names[n] ?? ''];
    return Array.isArray(entities) && entities.length === representations?.length;
  });
  const placed = errors.every(({ path }) => names.includes(String(path?.[0])));
  if (!complete || !placed) return null;
  return names.map((name) => ({
    data: { [ENTITIES]: data?.[name] },
    errors: errors.filter(({ path }) => path?.[0] === name),
  }));
}
