import type { GraphQLError } from 'graphql';
import { Execution, type ExecutionInput } from '../execution.ts';
import type { CompiledPlan, DeferredPlan } from '../plan/deferred-plan.ts';

/** A part that waits for fetches. */
interface Waiting {
  plan: DeferredPlan;
  fetchIds: Set<string>;
}

/** Runs a plan with deferred parts: each begins when the fetches that it depends on are over. */
export class DeferredRun {
  /** The part of the run that the first answer is made from. */
  readonly execution: Execution;
  readonly #plan: CompiledPlan;
  readonly #input: ExecutionInput;
  readonly #fetched = new Set<string>();
  readonly #waiting = new Set<Waiting>();
  /** The errors of each part that is over. */
  readonly #over = new Map<string, readonly GraphQLError[]>();
  readonly #unfinished = new Set<string>();
  #fault: { error: unknown } | null = null;
  #changed: () => void = () => undefined;

  constructor(plan: CompiledPlan, input: ExecutionInput) {
    this.#plan = plan;
    this.#input = { ...input, onFetched: (id) => this.#onFetched([id]) };
    this.execution = new Execution(this.#input);
    for (const part of partsOf(plan)) this.#unfinished.add(part);
  }

  /** Runs to the end of what the first answer needs, and begins with the rest. It rejects for faults of our own. */
  async run(): Promise<void> {
    this.#expect(this.#plan);
    if (this.#plan.step) await this.execution.run(this.#plan.step);
    this.#onFetched(this.#plan.fetchIds);
  }

  /**
   * The errors in fetches of a part; undefined while it is not over. A part for which nothing has to be fetched is.
   *
   * @throws what was our own fault in one of the parts
   */
  errorsOf(part: string): readonly GraphQLError[] | undefined {
    if (this.#fault) throw this.#fault.error;
    return this.#unfinished.has(part) ? undefined : (this.#over.get(part) ?? []);
  }

  /** Resolves when another part is over. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }

  /** Lets the deferred parts of a plan begin, now or when they can. */
  #expect({ deferred }: CompiledPlan): void {
    for (const plan of deferred) {
      this.#waiting.add({ plan, fetchIds: new Set(plan.depends.filter((id) => !this.#fetched.has(id))) });
    }
    this.#beginReady();
  }

  #onFetched(ids: readonly string[]): void {
    for (const id of ids) {
      this.#fetched.add(id);
      for (const { fetchIds } of this.#waiting) fetchIds.delete(id);
    }
    this.#beginReady();
  }

  #beginReady(): void {
    for (const waiting of this.#waiting) {
      if (waiting.fetchIds.size > 0) continue;
      this.#waiting.delete(waiting);
      this.#begin(waiting.plan).catch((error) => {
        this.#fault ??= { error };
        this.#changed();
      });
    }
  }

  async #begin({ part, plan }: DeferredPlan): Promise<void> {
    // What is told of the run is told with the first answer.
    const execution = new Execution({ ...this.#input, trace: null }, this.execution);
    this.#expect(plan);
    if (plan.step) await execution.run(plan.step);
    this.#over.set(part, execution.errors);
    this.#unfinished.delete(part);
    // What was left out by a condition is over as well.
    this.#onFetched(plan.fetchIds);
    this.#changed();
  }
}

const partsOf = ({ deferred }: CompiledPlan): string[] =>
  deferred.flatMap(({ part, plan }) => [part, ...partsOf(plan)]);
