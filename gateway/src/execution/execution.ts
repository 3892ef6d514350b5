import type { ResponsePath } from '@apollo/query-planner';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { gatewayError } from '../errors/gateway-error.ts';
import type { SubgraphAnswer } from '../transport/answer.ts';
import { SubgraphError } from '../transport/subgraph-error.ts';
import type { SubgraphRequest } from '../transport/subgraph-request.ts';
import type { Trace } from './explain/trace.ts';
import type { FetchAnswer, ReadyFetch } from './plan/fetch.ts';
import type { IsObjectType } from './plan/merge.ts';
import type { JsonObject } from './plan/objects.ts';
import { splitAnswer } from './plan/split-answer.ts';
import type { Step } from './plan/steps.ts';
import {
  joinedRepresentations,
  joinedVariable,
  REPRESENTATIONS,
  type SubgraphOperation,
} from './plan/subgraph-operation.ts';

/** One request to a subgraph. */
export interface FetchRequest extends SubgraphRequest {
  subgraph: string;
}

/** Asks a subgraph. It rejects when there is no answer that can be used. */
export type SubgraphSender = (request: FetchRequest) => Promise<SubgraphAnswer>;

/** Knows what some fetches ask for. */
export interface FetchCache {
  /**
   * Gives the fetches what is known.
   *
   * @returns for each what is still to be asked; null when that is nothing
   */
  complete(fetches: readonly ReadyFetch[]): (ReadyFetch | null)[] | Promise<(ReadyFetch | null)[]>;
}

/** Most fetches that go in one request; with `@fromContext` there can be one for each entity. */
const MAX_JOINED = 32;

/** What one run of an operation goes with. */
export interface ExecutionInput {
  /** The client's variables. */
  variables: Readonly<Record<string, unknown>>;
  /** The values of the variables that decide about parts of the operation. */
  conditions: Readonly<Record<string, boolean>>;
  /** What clients call the fields that are fetched under other names, by those names. */
  clientNames: ReadonlyMap<string, string>;
  /** Whether equal entities are objects of their own, so that one can be given what another is not. */
  copies: boolean;
  send: SubgraphSender;
  /** Knows what need not be fetched; null when nothing is kept. */
  cache: FetchCache | null;
  /** Follows the run; null when nobody asked for that. */
  trace: Trace | null;
  /** Joins operations; the same ones are joined once. */
  join(operations: readonly SubgraphOperation[]): SubgraphOperation;
  /** Given when parts are deferred: one can be written while another fetch has said less of the type of an object. */
  isObjectType?: IsObjectType;
  /** Told of each fetch that deferred parts depend on, when it is over. */
  onFetched?(fetchId: string): void;
}

/** What has been fetched so far. */
interface FetchedData {
  root: JsonObject;
  /** Whether something in it stands at several places, because entities were equal. */
  isShared: boolean;
}

/** One run of a compiled plan, or of a deferred part of it: what has been fetched so far, and what went wrong. */
export class Execution {
  readonly errors: GraphQLError[] = [];
  readonly #data: FetchedData;
  readonly #input: ExecutionInput;
  #ready: ReadyFetch[] = [];
  /** Requests without an answer so far. */
  #underWay = 0;
  /** Sends what is ready, when what came in at the same time has been dealt with. */
  #later: NodeJS.Immediate | undefined;
  #fail: (error: unknown) => void = () => undefined;

  /** @param whole - the run that this one is a deferred part of */
  constructor(input: ExecutionInput, whole?: Execution) {
    this.#input = input;
    this.#data = whole ? whole.#data : { root: {}, isShared: false };
  }

  get copies(): boolean {
    return this.#input.copies;
  }

  get isObjectType(): IsObjectType | undefined {
    return this.#input.isObjectType;
  }

  get data(): JsonObject {
    return this.#data.root;
  }

  /** Whether something in the data stands at several places, because entities were equal. */
  get isShared(): boolean {
    return this.#data.isShared;
  }

  set isShared(isShared: boolean) {
    this.#data.isShared = isShared;
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

  /** Tells deferred parts that a fetch is over. */
  announce(fetchId: string): void {
    this.#input.onFetched?.(fetchId);
  }

  /** The value of a variable that decides about a part of the operation. */
  isTrue(variable: string): boolean {
    return this.#input.conditions[variable] === true;
  }

  /** Adds an error of a subgraph's to the answer. @param path - in the data that is fetched */
  report({ message, extensions }: GraphQLFormattedError, subgraph: string, path?: ResponsePath): void {
    this.errors.push(
      gatewayError('DOWNSTREAM_SERVICE_ERROR', {
        message,
        ...(path && { path: this.#clientPath(path) }),
        extensions: { ...extensions, serviceName: subgraph },
      }),
    );
  }

  #sendReady(): void {
    const ready = this.#ready;
    this.#ready = [];
    clearImmediate(this.#later);
    this.#later = undefined;
    if (ready.length === 0) return;
    const { cache } = this.#input;
    if (!cache) {
      this.#sendAll(ready);
      return;
    }
    this.#underWay++;
    const rest = cache.complete(ready);
    if (Array.isArray(rest)) this.#sendRest(ready, rest);
    else rest.then((found) => this.#sendRest(ready, found)).catch(this.#fail);
  }

  /** Sends what is not known, and goes on with what is. */
  #sendRest(ready: readonly ReadyFetch[], rest: readonly (ReadyFetch | null)[]): void {
    const known = ready.filter((_, index) => rest[index] === null);
    this.#input.trace?.noteKept(known);
    this.#sendAll(rest.filter((fetch) => fetch !== null));
    this.#finish(known);
  }

  #sendAll(ready: readonly ReadyFetch[]): void {
    const bySubgraph = new Map<string, ReadyFetch[]>();
    for (const fetch of ready) {
      const { subgraph } = fetch.operation;
      if (!fetch.representations) this.#sendAlone(fetch).catch(this.#fail);
      else bySubgraph.set(subgraph, [...(bySubgraph.get(subgraph) ?? []), fetch]);
    }
    for (const fetches of bySubgraph.values()) {
      for (let start = 0; start < fetches.length; start += MAX_JOINED)
        this.#sendTogether(fetches.slice(start, start + MAX_JOINED)).catch(this.#fail);
    }
  }

  async #sendAlone(fetch: ReadyFetch): Promise<void> {
    this.#underWay++;
    await this.#receiveAlone(fetch);
    this.#finish([fetch]);
  }

  async #receiveAlone(fetch: ReadyFetch): Promise<void> {
    const { operation, representations } = fetch;
    const own = new Map(fetch.contextual);
    if (representations) own.set(REPRESENTATIONS, listOf(representations));
    try {
      const answer = await this.#send(operation, [fetch], own, representations?.length);
      fetch.receive({ data: answer.data ?? null, errors: answer.errors ?? [], from: answer });
    } catch (error) {
      this.#reportFailure(error, fetch);
    }
  }

  async #sendTogether(fetches: readonly ReadyFetch[]): Promise<void> {
    const [first] = fetches;
    if (fetches.length === 1 && first) return this.#sendAlone(first);
    this.#underWay++;
    const answers = await this.#askTogether(fetches);
    // What one fetch does to all is not known of an answer to all; each on its own is told what is its own.
    if (answers) answers.forEach((answer, index) => void fetches[index]?.receive(answer));
    else await Promise.all(fetches.map((fetch) => this.#receiveAlone(fetch)));
    this.#finish(fetches);
  }

  /** @returns null when the answer is not good for all */
  async #askTogether(fetches: readonly ReadyFetch[]): Promise<FetchAnswer[] | null> {
    const own = new Map<string, string>();
    for (const [n, { representations, contextual }] of fetches.entries()) {
      own.set(joinedRepresentations(n), listOf(representations ?? []));
      for (const [name, value] of contextual ?? []) own.set(joinedVariable(name, n), value);
    }
    try {
      const operation = this.#input.join(fetches.map((fetch) => fetch.operation));
      const answer = await this.#send(operation, fetches, own, undefined);
      return splitAnswer(fetches, answer.data ?? null, answer.errors ?? [], answer);
    } catch (error) {
      for (const fetch of fetches) this.#reportFailure(error, fetch);
      return fetches.map(() => ({ data: null, errors: [] }));
    }
  }

  /** @param own - the values of variables that are not the client's, as JSON */
  #send(
    operation: SubgraphOperation,
    fetches: readonly ReadyFetch[],
    own: ReadonlyMap<string, string>,
    entities: number | undefined,
  ): Promise<SubgraphAnswer> {
    const { variables, send, trace } = this.#input;
    const values = operation.variables
      .filter((name) => Object.hasOwn(variables, name) && variables[name] !== undefined)
      .map((name) => {
        if (own.has(name))
          throw gatewayError('BAD_USER_INPUT', { message: `A variable cannot be called "${name}" here.` });
        return `${JSON.stringify(name)}:${JSON.stringify(variables[name])}`;
      });
    for (const [name, value] of own) values.push(`"${name}":${value}`);
    const request = { ...operation, variablesJson: `{${values.join(',')}}`, entities };
    return trace ? trace.follow(request, fetches, send) : send(request);
  }

  #reportFailure(error: unknown, { place }: ReadyFetch): void {
    const path = place.length > 0 ? this.#clientPath(place) : undefined;
    if (error instanceof SubgraphError) this.errors.push(error.at(path));
    else if (error instanceof GraphQLError) this.errors.push(error);
    else
      this.errors.push(
        new GraphQLError(messageOf(error), { originalError: error as Error, ...(path && { path }) }),
      );
  }

  #clientPath(path: ResponsePath): ResponsePath {
    const { clientNames } = this.#input;
    return path.map((key) => (typeof key === 'string' ? (clientNames.get(key) ?? key) : key));
  }

  /**
   * Another answer may have come in already, and make ready what can go in the same request; where many clients ask at
   * once, that made eight requests of thirteen. When no other is on its way, there is nothing to wait for.
   */
  #finish(fetches: readonly ReadyFetch[]): void {
    this.#underWay--;
    for (const fetch of fetches) fetch.done();
    if (this.#ready.length === 0) return;
    if (this.#underWay === 0) this.#sendReady();
    else this.#later ??= setImmediate(() => this.#sendReady());
  }
}

const listOf = (texts: readonly string[]): string => `[${texts.join(',')}]`;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
