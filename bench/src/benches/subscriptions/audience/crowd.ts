import { orderNumbered } from '../graph.ts';
import { Delivery } from './delivery.ts';
import type { EventSource } from './event-source.ts';
import { Listener } from './listener.ts';

/** How many connect at once. */
const CONNECTING = 64;
/** Waits for all to have an event, in turn, before it is taken for lost: a subscription is not acknowledged. */
const WAITS = [250, 1_000, 4_000, 16_000, 64_000]; // ms
/** Longest time for an event to reach all. */
const DELIVERY_TIMEOUT = 120_000; // ms

/** All listeners of one gateway. */
export class Crowd {
  readonly #events: EventSource;
  /** Whom events have to reach. */
  readonly #listeners = new Set<Listener>();
  /** Those that are not acknowledged yet: an event meanwhile need not reach them. */
  readonly #connecting = new Set<Listener>();
  #delivery: Delivery;
  #number = 0;
  #fail: (error: Error) => void = () => undefined;

  constructor(events: EventSource) {
    this.#events = events;
    this.#delivery = new Delivery(orderNumbered(0, 0), 0, 0);
  }

  /** Does work that is given up when a listener fails. @throws Error of the listener then */
  guard<T>(work: () => Promise<T>): Promise<T> {
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    return Promise.race([work(), failed]);
  }

  /** Connects listeners. @returns milliseconds until each was acknowledged and had asked for events */
  async connect(url: URL, count: number, authorizationOf: (index: number) => string): Promise<number[]> {
    const times: number[] = [];
    let next = 0;
    const connectNext = async () => {
      while (next < count) {
        const begin = performance.now();
        this.#listeners.add(await this.#open(url, authorizationOf(next++)));
        times.push(performance.now() - begin);
      }
    };
    await Promise.all(Array.from({ length: Math.min(CONNECTING, count) }, connectNext));
    return times;
  }

  /** Waits until all listeners really listen. @throws Error when some of them do not */
  async settle(): Promise<void> {
    for (const wait of WAITS) if (await this.#publish(0, wait)) return;
    throw this.#missing();
  }

  /** Publishes an event, and waits until all have it. @returns milliseconds for each @throws Error when some have not */
  async tell(noteBytes: number): Promise<number[]> {
    if (!(await this.#publish(noteBytes, DELIVERY_TIMEOUT))) throw this.#missing();
    return this.#delivery.latencies;
  }

  /** Opens a listener that does not read, and does not count. @returns what ends it */
  async slow(url: URL, authorization: string): Promise<() => void> {
    const listener = await this.#open(url, authorization);
    listener.stopReading();
    return () => listener.destroy();
  }

  /** Ends all listeners, and waits until the subgraph has heard of it. */
  async leave(): Promise<void> {
    for (const listener of this.#listeners) listener.destroy();
    this.#listeners.clear();
    await this.#events.empty();
  }

  #publish(noteBytes: number, timeout: number): Promise<boolean> {
    const order = orderNumbered(++this.#number, noteBytes);
    this.#delivery = new Delivery(order, this.#number, this.#listeners.size);
    this.#events.publish(order);
    return this.#delivery.reachedAll(timeout);
  }

  #open(url: URL, authorization: string): Promise<Listener> {
    return new Promise((acknowledged) => {
      const listener: Listener = new Listener(url, authorization, {
        message: (json) => {
          if (this.#delivery.take(listener, json)) return;
          const { type } = JSON.parse(json.toString()) as { type: string };
          if (type === 'connection_ack') {
            listener.subscribe();
            this.#connecting.delete(listener);
            acknowledged(listener);
          } else if (type === 'ping') {
            listener.pong();
          } else if (type !== 'next' || json.includes('"errors"')) {
            throw new Error(`a listener was told ${json.toString().slice(0, 500)}`);
          }
        },
        failed: (error) => {
          if (this.#listeners.has(listener) || this.#connecting.has(listener)) this.#fail(error);
        },
      });
      this.#connecting.add(listener);
    });
  }

  #missing(): Error {
    const { size } = this.#listeners;
    return new Error(`an event reached ${this.#delivery.latencies.length} of ${size} listeners only`);
  }
}
