/** What is under way beside the requests, so that one can wait until nothing is. */
export class Work {
  readonly #running = new Set<Promise<unknown>>();

  /** @param task - must not reject */
  track(task: Promise<unknown>): void {
    this.#running.add(task);
    void task.finally(() => this.#running.delete(task));
  }

  /** Waits until nothing is under way, what follows from it included. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
