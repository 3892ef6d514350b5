import { createHash } from 'node:crypto';
import { type DocumentNode, type GraphQLSchema, getOperationAST, parse, validate } from 'graphql';
import { LRUCache } from 'lru-cache';
import { deny } from '../authorization/denial.ts';
import type { FieldRequirements } from '../authorization/field-requirements.ts';
import { requirementsOf } from '../authorization/operation-requirements.ts';
import type { Labelling } from '../caching/labels/labelling.ts';
import type { GatewayContext } from '../context.ts';
import { type OverrideLabels, readOverrideLabels } from '../overrides/labels.ts';
import { labelsInOperation } from '../overrides/labels-in-operation.ts';
import type { OverrideDecision } from '../overrides/override-decision.ts';
import { type SettledDocument, settle } from './defer/document.ts';
import { fragmentsIn } from './fragments.ts';
import { andThen, type MaybePromise, orElse } from './maybe-promise.ts';
import { CompiledOperation } from './operation.ts';
import type { OperationCacheMetrics } from './operation-cache-metrics.ts';
import type { Planner } from './planner.ts';
import type { TimedPlan } from './planning/planning.ts';
import { FetchedNames } from './planning/response-names.ts';
import { unresolvedOperation } from './unresolved-operation.ts';

/** An operation as a client sends it, parsed and valid. */
export interface ClientOperation {
  /** The document's text. */
  source: string;
  document: DocumentNode;
  operationName: string | undefined;
  /**
   * The values of the variables that decide what is deferred; null to defer nothing. @default nothing in the document
   * can be deferred
   */
  deferring?: Readonly<Record<string, unknown>> | null;
  /**
   * The texts of the requirements that who asks does not meet: what takes these is left out.
   *
   * @default nothing is left out
   */
  unmet?: readonly string[];
  /** The labels of progressive `@override`s that are in effect. @default none is */
  overrides?: readonly string[];
}

interface Entry {
  client: ClientOperation;
  compiled: CompiledOperation;
  /** How often it was asked for, also of the supergraphs before, which count for less. */
  uses: number;
}

/** How many operations of the supergraph before are compiled again before a new one takes over. */
const WARMED = 200;

/** What the uses for the supergraph before count for, so that the busiest are those of late. */
const EARLIER_USES = 0.5;

/** What a compiled operation takes, by its text. On the heap it was 17 kB for 92 characters, 179 kB for 872. */
const BYTES_PER_CHARACTER = 200;

/** What operations are compiled with. */
export interface OperationCacheOptions {
  /** About how many bytes are kept; those used longest ago go first. */
  maxBytes: number;
  /** Finds out what caches need to know. @default nothing is kept */
  labelling?: Labelling | null;
  /** What it takes to see fields. @default anybody may see all of them */
  fieldRequirements?: FieldRequirements | null;
  /** Which progressive `@override`s are in effect. @default none is */
  decide?: OverrideDecision;
  /** @default nothing is measured */
  metrics?: OperationCacheMetrics | null;
}

/** The operations that are compiled for one supergraph, up to a number of bytes. */
export class OperationCache {
  readonly #planner: Planner;
  readonly #labelling: Labelling | null;
  readonly #fieldRequirements: FieldRequirements | null;
  readonly #decide: OverrideDecision;
  readonly #metrics: OperationCacheMetrics | null;
  readonly #overrideLabels: OverrideLabels;
  readonly #entries: LRUCache<string, Entry>;
  /** What is planned in another thread now. */
  readonly #underWay = new Map<string, Promise<CompiledOperation>>();
  /** The labels that the plans of operations depend on, where there are any. */
  readonly #labels = new WeakMap<CompiledOperation, readonly string[]>();

  constructor(planner: Planner, options: OperationCacheOptions) {
    const { maxBytes, labelling, fieldRequirements, decide, metrics } = options;
    this.#planner = planner;
    this.#labelling = labelling ?? null;
    this.#fieldRequirements = fieldRequirements ?? null;
    this.#decide = decide ?? (() => false);
    this.#metrics = metrics ?? null;
    this.#overrideLabels = readOverrideLabels(parse(planner.supergraphSdl, { noLocation: true }));
    this.#entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ client }) => client.source.length * BYTES_PER_CHARACTER,
    });
  }

  get supergraphSdl(): string {
    return this.#planner.supergraphSdl;
  }

  /** What clients see of its supergraph. */
  get apiSchema(): GraphQLSchema {
    return this.#planner.apiSchema;
  }

  /** Resolves when operations can be planned without waiting for the planner. @throws Error when they never can */
  ready(): Promise<void> {
    return this.#planner.ready();
  }

  /** Nothing new is asked of it, but by requests that began with it. */
  retire(): void {
    this.#planner.retire();
  }

  /**
   * The compiled form of an operation.
   *
   * @returns a promise only when it has to be planned first, in another thread
   * @throws GraphQLError when it cannot be planned
   */
  get(client: ClientOperation): MaybePromise<CompiledOperation> {
    const key = keyOf(client);
    const entry = this.#entries.get(key);
    if (entry) {
      entry.uses++;
      return entry.compiled;
    }
    return this.#underWay.get(key) ?? this.#add(key, client);
  }

  #add(key: string, client: ClientOperation): MaybePromise<CompiledOperation> {
    const added = andThen(this.#compile(client), (compiled) => {
      this.#entries.set(key, { client, compiled, uses: 1 });
      const labels = labelsInOperation(client.document, this.apiSchema, this.#overrideLabels);
      if (labels.length > 0) this.#labels.set(compiled, labels);
      return compiled;
    });
    if (!(added instanceof Promise)) return added;
    const settled = added.finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, settled);
    return settled;
  }

  /**
   * An operation with the progressive `@override`s that are in effect for a request. Its id stays the same: whichever
   * subgraph has a field, the answer is.
   *
   * @returns a promise only when it has to be planned first, in another thread
   * @throws GraphQLError when it cannot be planned
   */
  overridden(operation: CompiledOperation, context: GatewayContext): MaybePromise<CompiledOperation> {
    const { client } = operation;
    const labels = client.overrides ? undefined : this.#labels.get(operation);
    const overrides = labels?.filter((label) => this.#decide(label, context)) ?? [];
    return overrides.length > 0 ? this.get({ ...client, overrides }) : operation;
  }

  /** How many operations are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether an operation has been compiled. */
  has(client: ClientOperation): boolean {
    return this.#entries.has(keyOf(client));
  }

  /** The compiled form of an operation by its text, when it has been compiled, with nothing left out. */
  find(source: string, operationName: string | undefined): CompiledOperation | undefined {
    const entry = this.#entries.get(keyOf({ source, operationName }));
    if (!entry || entry.client.deferring !== undefined) return undefined;
    entry.uses++;
    return entry.compiled;
  }

  /**
   * The compiled form of an operation that was valid for another supergraph.
   *
   * @throws GraphQLError when it is not valid for this one, or cannot be planned
   */
  adopt(client: ClientOperation): MaybePromise<CompiledOperation> {
    const { unmet = [], ...whole } = client;
    return andThen(this.#adoptWhole(whole), (operation) => {
      const required = new Set(operation.requirements?.all.map(({ text }) => text));
      const stillUnmet = unmet.filter((text) => required.has(text));
      return stillUnmet.length > 0 ? this.get({ ...whole, unmet: stillUnmet }) : operation;
    });
  }

  #adoptWhole(client: ClientOperation): MaybePromise<CompiledOperation> {
    const known = this.find(client.source, client.operationName);
    if (known && !client.overrides) return known;
    const [error] = known ? [] : validate(this.#planner.apiSchema, client.document);
    if (error) throw error;
    return this.get(client);
  }

  /**
   * Compiles what another cache has, the busiest first, one at a time with time for requests between. What the new
   * supergraph has no place for is left out.
   *
   * @param isWanted - whether to go on
   */
  async warm(previous: OperationCache, isWanted: () => boolean): Promise<void> {
    const busiest = [...previous.#entries.values()].sort((a, b) => b.uses - a.uses).slice(0, WARMED);
    for (const { client, uses } of busiest) {
      await new Promise(setImmediate);
      if (!isWanted()) return;
      try {
        const adopted = await this.adopt(client);
        const entry = this.#entries.peek(keyOf(adopted.client));
        if (entry) entry.uses += uses * EARLIER_USES;
      } catch {
        // The request that wants it is told why it cannot be planned.
      }
    }
  }

  #compile(client: ClientOperation): MaybePromise<CompiledOperation> {
    const { document, operationName, deferring } = client;
    if (deferring === undefined) return this.#plan({ document, labels: [] }, client);
    const planWhole = () => this.#plan(settle(document, operationName, null), client);
    if (!deferring || !this.#planner.canDefer) return planWhole();
    // The planner fails on some operations with `@defer`. A server may leave it aside; that it cannot plan an operation
    // at all is found out then.
    return orElse(() => this.#plan(settle(document, operationName, deferring), client), planWhole);
  }

  #plan({ document, labels }: SettledDocument, client: ClientOperation): MaybePromise<CompiledOperation> {
    const { source, operationName, unmet = [] } = client;
    const operation = getOperationAST(document, operationName);
    if (!operation) throw unresolvedOperation(document, operationName);
    const { apiSchema, supergraphSchema, version } = this.#planner;
    const parts = { schema: apiSchema, operation, fragments: fragmentsIn(document) };
    const required = this.#fieldRequirements && requirementsOf(parts, this.#fieldRequirements);
    const denial = required && unmet.length > 0 ? deny(parts, required, new Set(unmet)) : null;
    const planned = this.#planLeft(denial ? denial.left : document, client, labels.length > 0);
    return andThen(planned, (plan) => {
      const compiled = new CompiledOperation({
        ...plan,
        client,
        id: digest([version, operationName, source, ...unmet]),
        document,
        operation,
        apiSchema,
        supergraphSchema,
        labels,
        labelling: this.#labelling,
        requirements: required,
        denial,
      });
      this.#metrics?.observe(compiled.cost);
      return compiled;
    });
  }

  #planLeft(
    left: DocumentNode | null,
    { operationName, overrides = [] }: ClientOperation,
    defers: boolean,
  ): MaybePromise<TimedPlan> {
    return left ? this.#planner.plan(left, { operationName, defers, overrides }) : NOTHING_TO_FETCH;
  }
}

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url');

const NOTHING_TO_FETCH: TimedPlan = { plan: { kind: 'QueryPlan' }, names: new FetchedNames(), planning: 0 };

/**
 * No two operations have one key, whatever is sent for a text or a name: a text is looked for before it is parsed. Most
 * requests have a text alone, which is its own key; all others begin with a character that no document begins with.
 */
function keyOf({ source, operationName, ...variant }: Omit<ClientOperation, 'document'>): string {
  const { deferring, unmet, overrides } = variant;
  const isWhole = deferring === undefined && unmet === undefined && overrides === undefined;
  const isText = isWhole && operationName === undefined;
  if (isText && !source.startsWith('@')) return source;
  const name = operationName === undefined ? '' : `${operationName.length}:${operationName}`;
  // JSON has no line break of its own, and the length says where the name ends.
  return `@${isWhole ? '' : JSON.stringify([deferring, unmet, overrides])}\n${name}\n${source}`;
}
