import { setTimeout as sleep } from 'node:timers/promises';

/** A client that is connected. */
export interface OpenClient {
  /** Bytes that wait for the client to read them. */
  readonly bufferedBytes: number;
  /** Asks whether the client is still there, and ends the connection when it did not answer the last time. */
  check(): void;
  /** Tells the client that the server ends, and ends the connection. */
  goAway(): void;
}

/** Longest time over which clients are sent away, so that they do not all come back at once. */
const LONGEST_SPREAD = 5_000; // ms
/** Part of the time for a shutdown; the rest is for requests in flight. */
const SPREAD = 0.4;

/** All clients that are connected. */
export class OpenClients {
  readonly #clients = new Set<OpenClient>();
  readonly #checks: NodeJS.Timeout;
  #onEmpty: () => void = () => undefined;
  #isClosing = false;

  /** @param checkInterval - milliseconds between two checks of a client */
  constructor(checkInterval: number) {
    this.#checks = setInterval(() => {
      for (const client of this.#clients) client.check();
    }, checkInterval);
    this.#checks.unref();
  }

  /** Whether no more clients are let in. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  get bufferedBytes(): number {
    let bytes = 0;
    for (const client of this.#clients) bytes += client.bufferedBytes;
    return bytes;
  }

  /** @returns what to call when the client is gone */
  add(client: OpenClient): () => void {
    this.#clients.add(client);
    return () => {
      this.#clients.delete(client);
      if (this.#clients.size === 0) this.#onEmpty();
    };
  }

  /**
   * Lets no more clients in, and sends those that are there away, one after the other.
   *
   * @param grace - milliseconds that the whole shutdown may take
   */
  async close(grace: number): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#checks);
    const clients = [...this.#clients];
    if (clients.length === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    const pause = Math.min(LONGEST_SPREAD, grace * SPREAD) / clients.length;
    const start = performance.now();
    for (const [index, client] of clients.entries()) {
      const wait = start + index * pause - performance.now();
      if (wait > 1) await sleep(wait);
      client.goAway();
    }
    await empty;
  }
}
