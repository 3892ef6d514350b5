import type { GatewayContext } from '../../context.ts';
import type { CompiledOperation } from '../../execution/operation.ts';
import { AnswerBody } from '../../operations/answer-body.ts';
import { NO_CODES } from '../../telemetry/operation-reports.ts';
import { type Cancellation, Canceller } from '../../transport/cancellation.ts';
import { FetchesInFlight } from '../../transport/sharing/fetches-in-flight.ts';
import { namelessMark, type Partitions } from '../partitions.ts';
import { Recording } from '../recording.ts';
import type { CachingSettings } from '../settings.ts';
import type { CacheMetrics } from '../store/cache-metrics.ts';
import type { CacheEntry, CacheStore, Reading } from '../store/cache-store.ts';
import { canonicalVariables } from './canonical-variables.ts';

/** How much of an answer was there already. */
export type CacheState = 'hit' | 'partial' | 'miss';

/** An answer that was made for a request. */
export interface MadeAnswer {
  body: AnswerBody;
  /** Its `Cache-Control`. */
  cacheControl: string;
  /** The codes of the errors in it; none when there are none. */
  codes: readonly string[];
  /** Whether nothing is missing in it. */
  isWhole: boolean;
}

/** An answer to a request. */
export interface ServedAnswer extends Omit<MadeAnswer, 'isWhole'> {
  state: CacheState;
  /** Seconds since it was made; absent when it is not kept. */
  age?: number;
  /** Where it is kept; absent where it was not only memory that was asked, or who asks is known by more than an address. */
  kept?: KeptAnswer;
}

/** An answer in memory, for who is known by nothing but an address. */
export interface KeptAnswer {
  operation: CompiledOperation;
  key: string;
  /** Who remembers it keeps nothing alive that memory has let go. */
  entry: WeakRef<CacheEntry>;
}

/** A request for the answer to a query. */
export interface AnswerRequest {
  operation: CompiledOperation;
  variables: Readonly<Record<string, unknown>>;
  context: GatewayContext;
  /**
   * Makes the answer, which may be given to others as well.
   *
   * @param context - of this request, or like it
   * @param recording - is to learn what the answer depends on
   */
  make(context: GatewayContext, recording: Recording): Promise<MadeAnswer>;
}

/** An answer that was made, for whoever waits for it. */
interface Flight extends ServedAnswer {
  /** The key of all who may have it; null when nobody else may. */
  key: string | null;
}

/** Where an answer is kept. */
interface Place {
  scope: 'PUBLIC' | 'PRIVATE';
  key: string;
}

/**
 * Keeps whole answers. Of several requests for one that is not there, one makes it for all.
 *
 * Where an answer turned out to be one that is not kept, the next one is made without a look and without a wait.
 */
export class ResponseCache {
  readonly #store: CacheStore;
  readonly #settings: CachingSettings;
  readonly #metrics: Pick<CacheMetrics, 'countAnswer'>;
  readonly #partitionsOf: (context: GatewayContext) => Partitions;
  readonly #flights = new FetchesInFlight<Flight>();
  readonly #bodies = new WeakMap<CacheEntry, AnswerBody>();
  /** Changes so far: who asks after one does not wait for what was begun before it. */
  #changes = 0;

  constructor(
    store: CacheStore,
    settings: CachingSettings,
    partitionsOf: (context: GatewayContext) => Partitions,
    metrics: Pick<CacheMetrics, 'countAnswer'>,
  ) {
    this.#metrics = metrics;
    this.#store = store;
    this.#settings = settings;
    this.#partitionsOf = partitionsOf;
  }

  /** Something has changed. */
  noteChange(): void {
    this.#changes += 1;
  }

  /**
   * The answer to a query.
   *
   * @throws what making it throws, or the reason for which the client is gone
   */
  async answer(request: AnswerRequest): Promise<ServedAnswer> {
    const served = await this.#answer(request);
    this.#metrics.countAnswer(served.state);
    return served;
  }

  async #answer(request: AnswerRequest): Promise<ServedAnswer> {
    const { operation, context } = request;
    const { mark, private: own } = this.#partitionsOf(context);
    const places = this.#placesOf(request);
    const keys = this.#likely(operation, places).map(({ key }) => key);
    if (!operation.last.isKept) return this.#make(request, places, this.#store.begin());
    // Others than the nameless may have changed something at another gateway.
    if (own === null && !this.#store.isMarked(mark)) {
      for (const key of keys) {
        const entry = this.#store.peek(key);
        if (entry && entry.freshUntil > Date.now()) {
          return { ...this.#serve(entry), kept: { operation, key, entry: new WeakRef(entry) } };
        }
      }
    }
    const { found, reading, marked } = await this.#store.lookup(
      keys,
      own === null ? [] : [mark],
      context.trace?.span,
    );
    context.isFresh = marked || this.#store.isMarked(mark);
    if (context.isFresh) return this.#make(request, places, reading);
    const entry = found.find((one) => one !== undefined)?.entry;
    if (!entry || entry.staleUntil <= Date.now()) {
      return this.#makeForAll(request, places, reading, context.clientGone);
    }
    if (entry.freshUntil <= Date.now()) {
      // A failure is in the log; what is kept is given until its time is over.
      const nobody = new Canceller('');
      this.#makeForAll(request, places, reading, nobody).catch(() => undefined);
    }
    return this.#serve(entry);
  }

  /**
   * The age of a kept answer, which is given to an equal request of who is known by nothing but an address.
   *
   * @returns seconds; undefined when `answer` would not give it at once
   */
  ageFor({ operation, key, entry }: KeptAnswer, clientAddress: string): number | undefined {
    const { isKept, scope } = operation.last;
    if (!isKept || scope === 'PRIVATE' || this.#store.isMarked(namelessMark(clientAddress))) return undefined;
    const current = this.#store.peek(key);
    const isSame = current !== undefined && current === entry.deref() && current.freshUntil > Date.now();
    if (!isSame) return undefined;
    this.#metrics.countAnswer('hit');
    return ageOf(current);
  }

  #placesOf({ operation, variables, context }: AnswerRequest): Place[] {
    const partitions = this.#partitionsOf(context);
    const key = `${operation.id}\n${canonicalVariables(operation.operation, variables)}\n`;
    return [
      { scope: 'PUBLIC', key: key + partitions.public },
      ...(partitions.private === null
        ? []
        : [{ scope: 'PRIVATE', key: key + partitions.private } satisfies Place]),
    ];
  }

  /** Where the last answer was for all, or for one, this one is looked for there. */
  #likely({ last }: CompiledOperation, places: readonly Place[]): Place[] {
    return places.filter(({ scope }) => last.scope === undefined || last.scope === scope);
  }

  /** Makes an answer for all who ask for it meanwhile; who may not have it makes one for themselves. */
  async #makeForAll(
    request: AnswerRequest,
    places: readonly Place[],
    reading: Reading,
    leaving: Cancellation,
  ): Promise<ServedAnswer> {
    const [first] = this.#likely(request.operation, places);
    // Who has a deadline of their own is to be given what is there by then, which is nothing for the others.
    if (!first || leaving.expiry !== undefined) return this.#make(request, places, reading);
    const { answer, isShared } = await this.#flights.fetch(
      `${this.#changes} ${first.key}`,
      '',
      leaving,
      (clientGone) =>
        this.#make({ ...request, context: { ...request.context, clientGone } }, places, reading),
    );
    if (!isShared || places.some(({ key }) => key === answer.key)) return answer;
    return this.#make(request, places, reading);
  }

  /** What was made of a body on its way out is kept with it. */
  #serve(entry: CacheEntry): ServedAnswer {
    let body = this.#bodies.get(entry);
    if (!body) {
      body = new AnswerBody(entry.body);
      this.#bodies.set(entry, body);
    }
    return { body, cacheControl: cacheControlOf(entry), codes: NO_CODES, state: 'hit', age: ageOf(entry) };
  }

  async #make(request: AnswerRequest, places: readonly Place[], reading: Reading): Promise<Flight> {
    const { operation, context, make } = request;
    const recording = new Recording();
    const { isWhole, ...answer } = await make(context, recording);
    // Of what was fetched past the caches they learn nothing.
    if (context.isFresh) return { ...answer, state: 'miss', key: null };
    const { maxAge, staleWhileRevalidate, scope } = recording.hint;
    const place = places.find((one) => one.scope === scope);
    operation.last = { scope, isKept: maxAge > 0 };
    const { hits, misses, isShared } = recording;
    const state = hits === 0 ? 'miss' : misses === 0 ? 'hit' : 'partial';
    if (maxAge === 0 || !place || !isWhole) return { ...answer, state, key: null };
    // Others may have it now; but something in it may be from before a change that the reading is after.
    if (isShared) return { ...answer, state, key: place.key };
    const madeAt = Date.now();
    const freshUntil = madeAt + Math.min(maxAge * 1_000, this.#settings.maxAge);
    const staleUntil = freshUntil + staleWhileRevalidate * 1_000;
    const labels = [...recording.labels];
    const entry = { body: answer.body.bytes, madeAt, freshUntil, staleUntil, scope, labels };
    this.#bodies.set(entry, answer.body);
    this.#store.keep([{ key: place.key, entry }], reading);
    return { ...answer, state, age: 0, key: place.key };
  }
}

/** Seconds since an answer was made (RFC 9111, section 5.1). */
const ageOf = ({ madeAt }: CacheEntry): number => Math.max(0, Math.floor((Date.now() - madeAt) / 1_000));

/** As it was when the answer was made; how old it is since is told by `Age`. */
const cacheControlOf = ({ madeAt, freshUntil, scope }: CacheEntry): string =>
  `max-age=${Math.floor((freshUntil - madeAt) / 1_000)}, ${scope.toLowerCase()}`;
