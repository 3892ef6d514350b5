import type { Cancellation } from '../cancellation.ts';
import { Flight } from './flight.ts';

/** Asks for an answer, for one or for several. */
export interface SharedAnswer<T> {
  answer: T;
  /** Whether it was asked for by another. */
  isShared: boolean;
}

/**
 * The fetches from one subgraph that are under way.
 *
 * Nothing is kept: a fetch is forgotten as soon as it is answered, failed or given up.
 */
export class FetchesInFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /**
   * Waits for an equal fetch that is under way, or begins one.
   *
   * @param key - the same for equal fetches, and nearly always another for others
   * @param leaving - ends the waiting; the fetch goes on as long as somebody waits for it, but not beyond the expiry of
   *   who began it
   * @param send - begins the fetch; it is cancelled when nobody waits any more
   * @throws what the fetch failed with, the same error for all, or the reason of `leaving`
   */
  async fetch(
    key: string,
    body: string,
    leaving: Cancellation,
    send: (cancelled: Cancellation) => Promise<T>,
  ): Promise<SharedAnswer<T>> {
    if (leaving.aborted) throw leaving.reason;
    const known = this.#flights.get(key);
    if (known?.body === body) return { answer: await known.wait(leaving), isShared: true };
    // One of the same key that is not equal is left alone: it keeps its place, this one has none.
    if (known) return { answer: await send(leaving), isShared: false };
    const flight = new Flight<T>(body, () => this.#flights.delete(key), leaving.expiry);
    this.#flights.set(key, flight);
    flight.follow(send(flight));
    return { answer: await flight.wait(leaving), isShared: false };
  }
}
