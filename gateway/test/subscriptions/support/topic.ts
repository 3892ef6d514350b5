/** Events of a test, for whoever listens at the time; tells how many do. */
export class Topic<Event> {
  readonly #listeners = new Set<(event: Event | null) => void>();
  readonly #waiting = new Set<() => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Sends an event to all who listen. */
  publish(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Ends it for all who listen. */
  complete(): void {
    for (const listener of this.#listeners) listener(null);
  }

  /** Resolves when so many listen; the test's own time limit ends it otherwise. */
  async reaches(count: number): Promise<void> {
    while (this.#listeners.size !== count) {
      await new Promise<void>((resolve) => void this.#waiting.add(resolve));
    }
  }

  listen(): AsyncIterableIterator<Event> {
    const events: (Event | null)[] = [];
    let wake: () => void = () => undefined;
    const listener = (event: Event | null) => {
      events.push(event);
      wake();
    };
    this.#change(() => this.#listeners.add(listener));
    const leave = () => {
      this.#change(() => this.#listeners.delete(listener));
      listener(null);
    };
    const iterator: AsyncIterableIterator<Event> = {
      [Symbol.asyncIterator]: () => iterator,
      async next() {
        while (events.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        const event = events.shift() ?? null;
        if (event !== null) return { done: false, value: event };
        leave();
        return { done: true, value: undefined };
      },
      async return() {
        leave();
        return { done: true, value: undefined };
      },
    };
    return iterator;
  }

  #change(act: () => void): void {
    act();
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
