import { extname } from 'node:path';
import type { PlanReply, PlanRequest, WorkerInput } from './messages.ts';
import { PlanningThread, PlanningTimeoutError, ThreadGoneError } from './planning-thread.ts';

/** What a pool is made with. */
export interface PlanningPoolOptions extends WorkerInput {
  /** How many threads there are. */
  size: number;
  /** Milliseconds that the planning of one operation may take. */
  limit: number;
  metrics: PlanningMetrics;
  /** What runs in the threads. @default the planner */
  program?: URL;
}

/** What a pool tells of itself. */
export interface PlanningMetrics {
  /** An operation waits for a thread, or no longer does. */
  waiting(change: 1 | -1): void;
  /** A thread was lost, and another takes its place. @param reason - it had to be ended, or ended by itself */
  lost(reason: 'timeout' | 'crash'): void;
}

/** As the sources are run, or the files that are built from them. */
const PROGRAM = new URL(`./worker${extname(import.meta.url)}`, import.meta.url);

const CLOSED = 'nothing is planned any more';

/** How often an operation is planned anew whose thread ended by itself: it may have been the reason. */
const MOST_RETRIES = 1;

/** An operation that waits for a thread. */
interface Turn {
  take(thread: PlanningThread): void;
  giveUp(reason: Error): void;
}

/** Threads that plan operations of one supergraph. One that is lost is replaced when the next operation comes. */
export class PlanningPool {
  readonly #options: PlanningPoolOptions;
  readonly #idle: PlanningThread[] = [];
  readonly #threads = new Set<PlanningThread>();
  readonly #queue: Turn[] = [];
  #keeps: number;
  #isClosed = false;

  /** Starts the threads. */
  constructor(options: PlanningPoolOptions) {
    this.#options = options;
    this.#keeps = options.size;
    for (let started = 0; started < options.size; started++) this.#idle.push(this.#start());
  }

  /** Resolves when all threads have loaded the supergraph. @throws ThreadGoneError when one cannot */
  async ready(): Promise<void> {
    await Promise.all([...this.#threads].map(({ ready }) => ready));
  }

  /**
   * Plans an operation, in its turn.
   *
   * @throws PlanningTimeoutError, or ThreadGoneError when that happened again and again
   */
  async plan(request: PlanRequest): Promise<PlanReply> {
    for (let retries = 0; ; retries++) {
      const thread = await this.#take();
      try {
        return await thread.plan(request, this.#options.limit);
      } catch (error) {
        if (this.#isClosed) throw error;
        this.#options.metrics.lost(error instanceof PlanningTimeoutError ? 'timeout' : 'crash');
        if (!(error instanceof ThreadGoneError) || retries >= MOST_RETRIES) throw error;
      } finally {
        this.#giveBack(thread);
      }
    }
  }

  /** Keeps no threads any more when they have nothing to do; what is still asked for is planned. */
  retire(): void {
    this.#keeps = 0;
    for (const thread of this.#idle.splice(0)) this.#drop(thread);
  }

  /** Ends all threads; what is under way fails. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#keeps = 0;
    for (const { giveUp } of this.#queue.splice(0)) giveUp(new ThreadGoneError(CLOSED));
    await Promise.all([...this.#threads].map((thread) => thread.end()));
  }

  #start(): PlanningThread {
    const { program = PROGRAM, sdl } = this.#options;
    const thread = new PlanningThread(program, { sdl });
    this.#threads.add(thread);
    return thread;
  }

  async #take(): Promise<PlanningThread> {
    if (this.#isClosed) throw new ThreadGoneError(CLOSED);
    for (let thread = this.#idle.pop(); thread; thread = this.#idle.pop()) {
      if (!thread.isOver) return thread;
      this.#threads.delete(thread);
    }
    if (this.#threads.size < this.#options.size) return this.#start();
    const { metrics } = this.#options;
    metrics.waiting(1);
    return new Promise<PlanningThread>((take, giveUp) => this.#queue.push({ take, giveUp })).finally(() =>
      metrics.waiting(-1),
    );
  }

  #giveBack(thread: PlanningThread): void {
    const next = this.#queue.shift();
    if (thread.isOver) {
      this.#threads.delete(thread);
      next?.take(this.#start());
    } else if (next) next.take(thread);
    else if (this.#keeps > 0) this.#idle.push(thread);
    else this.#drop(thread);
  }

  #drop(thread: PlanningThread): void {
    this.#threads.delete(thread);
    void thread.end();
  }
}
