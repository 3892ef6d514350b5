import type { GatewayContext } from '../context.ts';
import type { FetchCache } from '../execution/execution.ts';
import type { CompiledOperation } from '../execution/operation.ts';
import type { Planner } from '../execution/planner.ts';
import type { SubgraphAnswer } from '../transport/answer.ts';
import type { CacheHint } from '../transport/cache-hint.ts';
import { RunCache } from './entities/run-cache.ts';
import { hintOf, limited } from './hints.ts';
import { createLabelling, type Labelling } from './labels/labelling.ts';
import { type Partitions, partitionsOf } from './partitions.ts';
import { Recording } from './recording.ts';
import { ResponseCache } from './responses/response-cache.ts';
import type { CachingSettings } from './settings.ts';
import type { CacheMetrics } from './store/cache-metrics.ts';
import type { CacheStore } from './store/cache-store.ts';
import type { CacheStores } from './store/cache-stores.ts';

/** One run of an operation, as caches see it. */
export interface CachedRun {
  variables: Readonly<Record<string, unknown>>;
  context: GatewayContext;
  /** Told how long each part of the answer may be kept. */
  restrict(hint: CacheHint): void;
  /** Takes what is learned of the answer. @default nobody wants to know */
  recording?: Recording | undefined;
}

/** The caches of one gateway. */
export class Caching {
  /** Whole answers; null when they are not kept. */
  readonly responses: ResponseCache | null;
  readonly #settings: CachingSettings;
  readonly #metrics: CacheMetrics;
  readonly #entities: CacheStore | null;
  /** Where marks are set and asked for, which all stores have in common. */
  readonly #marks: CacheStore;
  readonly #partitions = new WeakMap<GatewayContext, Partitions>();

  constructor(settings: CachingSettings, stores: CacheStores, metrics: CacheMetrics) {
    this.#settings = settings;
    this.#metrics = metrics;
    const { entities, responses } = settings;
    this.#entities = entities && stores.open('entities', entities.memory);
    const store = responses && stores.open('responses', responses.memory);
    this.#marks = this.#entities ?? store ?? stores.open('marks', 1);
    const partitions = (context: GatewayContext) => this.partitionsOf(context);
    this.responses = store && new ResponseCache(store, settings, partitions, metrics);
  }

  /** Prepares the labelling of fetches for a supergraph. */
  labellingFor({ supergraph, supergraphSdl }: Planner): Labelling {
    return createLabelling(supergraph, supergraphSdl, (name) => this.#settings.of(name).isOn);
  }

  partitionsOf(context: GatewayContext): Partitions {
    let partitions = this.#partitions.get(context);
    if (!partitions) {
      partitions = partitionsOf(context);
      this.#partitions.set(context, partitions);
    }
    return partitions;
  }

  /** How long, and for whom, an answer of a subgraph may be kept. */
  hintOf(answer: SubgraphAnswer, subgraph: string): CacheHint {
    return hintOf(answer, subgraph, this.#settings);
  }

  /** The same for an answer about objects of some types, of which the settings may allow to keep less. */
  hintOfObjects(answer: SubgraphAnswer, subgraph: string, types: ReadonlySet<string>): CacheHint {
    return limited(this.hintOf(answer, subgraph), types, this.#settings.of(subgraph));
  }

  /**
   * What the fetches of a run are completed with; null when all is to be fetched, as for who changed something a
   * moment ago, and for what follows an event, which may be earlier than the eviction of what has changed.
   */
  async begin({ operation }: CompiledOperation, run: CachedRun): Promise<FetchCache | null> {
    const { context, variables, recording = new Recording(), restrict } = run;
    if (operation.operation === 'mutation') await this.#mark(context);
    if (operation.operation !== 'query' || (await this.isFresh(context))) return null;
    return new RunCache({
      store: this.#entities,
      settings: this.#settings,
      partitions: this.partitionsOf(context),
      variables,
      recording,
      metrics: this.#metrics,
      restrict,
      span: context.trace?.span,
    });
  }

  /** Called when a run is over, before its answer is sent. */
  async end({ operation }: CompiledOperation, { context }: CachedRun): Promise<void> {
    if (operation.operation === 'mutation') await this.#mark(context);
  }

  /** Whether a request is to be answered with nothing that was kept, as who asks has changed something. */
  async isFresh(context: GatewayContext): Promise<boolean> {
    if (context.isFresh !== undefined) return context.isFresh;
    const { mark, private: own } = this.partitionsOf(context);
    const known = this.#marks.isMarked(mark);
    context.isFresh =
      known || (own !== null && (await this.#marks.lookup([], [mark], context.trace?.span)).marked);
    return context.isFresh;
  }

  /** Drops what depends on one of the labels, in all gateways. @throws when they cannot be told */
  invalidate(labels: readonly string[]): Promise<void> {
    return this.#marks.invalidate(labels);
  }

  /** Something was invalidated: who asks from now on is not given what was asked for before. */
  noteChange(): void {
    this.responses?.noteChange();
  }

  #mark(context: GatewayContext): Promise<void> {
    const { readYourWrites } = this.#settings;
    if (readYourWrites === 0) return Promise.resolve();
    return this.#marks.mark([this.partitionsOf(context).mark], readYourWrites, context.trace?.span);
  }
}
